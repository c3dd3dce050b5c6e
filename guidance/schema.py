"""The catalogue as values: one frozen dataclass per kind of entry, keys as guidance/catalogue/README.md explains them.

An attribute is the YAML key of the same name; a key the entry leaves out takes the default. Lists become tuples.
"""

import functools
import typing
from dataclasses import dataclass, field, is_dataclass

from guidance.expressions import mentioned

FILES = ("items", "fields", "questions", "themes")


# An entry is compared and hashed by identity, since it holds dicts; across releases entries match by code.
entry = dataclass(frozen=True, eq=False)


@entry
class Department:
    code: str
    name: str
    note: str = ""


@entry
class ExternalCertificate:
    code: str
    name: str
    issuer: str
    type_code: str = ""
    from_items: tuple = ()


@entry
class LegalBasis:
    title: str
    doc_no: str
    article: str
    checked: bool


@entry
class Commitment:
    """What differs when the applicant chooses 告知承诺; `verify_within` is {value, unit} counted from the grant."""

    committed_days: int
    survey_timing: str
    verify_within: dict = field(default_factory=dict)


@entry
class Prerequisite:
    item: str
    relation: str  # before / together
    if_required: bool = False
    note: str = ""


@entry
class Restriction:
    text: str
    basis: str


@entry
class Condition:
    dimension: str
    text: str
    basis: str  # law / rule / policy
    when: dict | None = None
    check: dict | None = None  # {field, op, value} over form values


@entry
class Material:
    code: str
    name: str
    source: str  # applicant / shared / commitment / generated
    reusable_certificate: str | None = None
    deferrable: bool = False
    defer_days: int | None = None
    defer_method: str | None = None
    required_when: dict | None = None
    required_if: dict | None = None  # {field, op, value} over form values
    commitment_when: dict | None = None
    waits_for_item: bool = False
    only_when_committed: bool = False


@entry
class Item:
    code: str
    name: str
    plain: str
    batch: int
    department: str  # by name
    level: str  # 市级 / 县级
    kind: str  # 行政许可 / 备案 / 公共服务
    committed_days: int
    legal_basis: tuple[LegalBasis, ...] = ()
    statutory_days: int | None = None
    statutory_unit: str = "working_days"
    statutory_from: str = "acceptance"
    statutory_note: str = ""
    extension_days: int | None = None
    committed_days_policy: bool = True
    validity_years: int | None = None
    validity_note: str = ""
    certificate_name: str | None = None
    certificate_type_code: str | None = None
    reform_mode: str | None = None
    commitment_allowed: bool = False
    commitment_exclusion: str | None = None
    commitment_reason: str = ""
    commitment_when: dict | None = None
    commitment: Commitment | None = None
    deferrable: bool = False
    deferrable_reason: str | None = None
    pre_registration: bool = False
    prerequisites: tuple[Prerequisite, ...] = ()
    site_survey: bool = False
    survey_timing: str | None = None
    restrictions: tuple[Restriction, ...] = ()
    conditions: tuple[Condition, ...] = ()
    materials: tuple[Material, ...] = ()
    form_fields: tuple = ()
    optional_fields: tuple = ()
    field_when: dict = field(default_factory=dict)
    to_verify: tuple = ()
    # Not in the YAML: the form fields that are neither optional here nor filled by the system.
    required_fields: frozenset = frozenset()


@entry
class Option:
    value: str
    label: str


@entry
class Column:
    code: str
    label: str
    type: str
    required: bool
    unit: str = ""
    choices: tuple[Option, ...] = ()
    validation: dict = field(default_factory=dict)


@entry
class Element:
    code: str
    label: str
    type: str
    group: str
    source: str  # profile / licence / history / ask
    unit: str = ""
    hint: str = ""
    choices: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    validation: dict = field(default_factory=dict)
    system_filled: bool = False
    computed: dict | None = None  # {op, rows, column}


@entry
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


@entry
class Theme:
    code: str
    name: str
    summary: str
    core: tuple = ()
    items: tuple = ()
    seed_answers: dict = field(default_factory=dict)


@entry
class Catalogue:
    """Everything one release says; dicts are by code, in the catalogue's order."""

    items: dict
    elements: dict
    questions: dict
    derived: dict
    rules: tuple
    notices: dict
    themes: dict
    common_items: tuple
    departments: dict
    external_certificates: dict

    @classmethod
    def from_data(cls, data):
        """Build from the parsed documents {"items": …, "fields": …, "questions": …, "themes": …}, already linted."""
        elements = _by_code(Element, data["fields"]["fields"])
        filled = {code for code, element in elements.items() if element.system_filled}
        questions = data["questions"]
        return cls(
            items=_by_code(Item, [_with_required(entry, filled) for entry in data["items"]["items"]]),
            elements=elements,
            questions=_by_code(Question, questions["questions"]),
            derived=_by_code(Fact, questions["derived"]),
            rules=tuple(build(Rule, entry) for entry in with_rule_codes(questions["rules"])),
            notices=_by_code(Notice, questions["notices"]),
            themes=_by_code(Theme, data["themes"]["themes"]),
            common_items=tuple(data["themes"]["common_items"]),
            departments=_by_code(Department, data["items"]["departments"]),
            external_certificates=_by_code(ExternalCertificate, data["items"]["external_certificates"]),
        )

    @functools.cached_property
    def expressions(self):
        """Derived facts' expressions by code."""
        return {code: fact.expr for code, fact in self.derived.items()}

    @functools.cached_property
    def steps(self):
        """Questions in order, each derived fact as soon as all that it depends on is settled: one pass replays all."""
        waiting = dict(self.derived)
        steps, settled = list(_ripe(waiting, set())), set(self.derived) - set(waiting)
        for code, question in self.questions.items():
            steps.append(question)
            settled.add(code)
            for fact in _ripe(waiting, settled):
                steps.append(fact)
        return tuple(steps)


def build(kind, entry):
    """Make a dataclass of that kind from its YAML entry, entries within it included."""
    values = {}
    for name, inner in _attributes(kind).items():
        if name not in entry:
            continue
        value = entry[name]
        if isinstance(value, list):
            value = tuple(build(inner, one) for one in value) if inner else tuple(value)
        elif inner and value is not None:
            value = build(inner, value)
        values[name] = value
    return kind(**values)


@functools.cache
def _attributes(kind):
    """Each attribute's name, and the kind of entry it holds or holds a tuple of, or None."""
    hints = typing.get_type_hints(kind)
    return {name: next(filter(is_dataclass, (hint, *typing.get_args(hint))), None) for name, hint in hints.items()}


def with_rule_codes(rules):
    """Return the rules' entries, each with its code `<item>-<n>`."""
    seen, coded = {}, []
    for entry in rules:
        seen[entry["item"]] = number = seen.get(entry["item"], 0) + 1
        coded.append({"code": f"{entry['item']}-{number}", **entry})
    return coded


def _with_required(entry, filled):
    return {**entry, "required_fields": frozenset(entry["form_fields"]) - set(entry["optional_fields"]) - filled}


def _by_code(kind, entries):
    return {entry["code"]: build(kind, entry) for entry in entries}


def _ripe(waiting, settled):
    """Take out of `waiting`, and yield, the facts whose mentions are settled; each settles others in its turn."""
    progress = True
    while progress:
        ripe = [code for code, fact in waiting.items() if mentioned(fact.expr) <= settled]
        progress = bool(ripe)
        for code in ripe:
            settled.add(code)
            yield waiting.pop(code)
