"""What the questionnaire asks, what follows from the answers, and the themes it starts from."""

import functools
from dataclasses import field

from guidance.schema.entry import entry, roomy_entry
from guidance.schema.form import Option


@roomy_entry
class Question:
    code: str
    group: str
    text: str
    type: str  # single / multi / number / boolean
    help: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    validation: dict = field(default_factory=dict)
    ask_when: dict | None = None
    facts: tuple = ()
    fills: tuple = ()

    @functools.cached_property
    def values(self):
        return tuple(option.value for option in self.options)


@entry
class Fact:
    """A derived fact: a named expression over answers and other derived facts."""

    code: str
    expr: dict
    note: str = ""


@entry
class Rule:
    """`code` is not in the YAML: the item's code and the rule's place among that item's rules, `food-operation-2`."""

    code: str
    item: str
    because: str
    basis: str
    when: dict


@entry
class Notice:
    code: str
    level: str  # block / warn / info
    text: str
    when: dict
    items: tuple = ()
    basis: str = ""


@entry
class Theme:
    code: str
    name: str
    summary: str
    also_called: tuple = ()
    core: tuple = ()
    items: tuple = ()
    seed_answers: dict = field(default_factory=dict)


def with_rule_codes(rules):
    """Return the rules' entries, each with its code `<item>-<n>`."""
    seen, coded = {}, []
    for rule in rules:
        seen[rule["item"]] = number = seen.get(rule["item"], 0) + 1
        coded.append({"code": f"{rule['item']}-{number}", **rule})
    return coded
