"""All that an answer can change, and where an answer reaches it. Pure.

An item is needed or not, a notice holds or not; and where an item is needed, its conditions, papers, promises and form
elements apply or not. Questions matter for these alone.
"""

from dataclasses import dataclass, field
from itertools import chain

from guidance.expressions import mentioned
from guidance.reasoning.guards import Guards


@dataclass(frozen=True, eq=False)
class Outcome:
    """An item with what hangs on its being needed, or a notice. Compared by identity."""

    code: str
    is_item: bool
    whens: tuple  # expressions; it holds where any does
    parts: tuple = ()  # expressions that matter only where it holds

    def diagram(self, diagrams):
        return diagrams.any(map(diagrams.of, self.whens))

    def part_diagram(self, diagrams, part):
        return diagrams.all([self.diagram(diagrams), diagrams.of(part)])


@dataclass(frozen=True, eq=False)
class Reach:
    """What an answer wakes. A key is a token of guidance.reasoning.guards, or None for what no token guards."""

    outcomes: dict = field(default_factory=dict)  # {key: [Outcome]} that may hold
    questions: dict = field(default_factory=dict)  # {key: [codes of questions]} that may be asked
    direct: dict = field(default_factory=dict)  # {question: {key: [Outcome]}} whose expressions compare it
    gated: dict = field(default_factory=dict)  # {question: [codes of questions]} whose asking hangs on it
    items: dict = field(default_factory=dict)  # {item code: Outcome}, in the catalogue's order


def reach_of(catalogue):
    """Return the Reach of a catalogue; once for each, it costs a look at every expression."""
    reach = Reach()
    for code, rules in catalogue.rules_of.items():
        whens = tuple(rule.when for rule in rules)
        reach.items[code] = Outcome(code, True, whens, tuple(parts_of(catalogue.items[code])))
    notices = [Outcome(notice.code, False, (notice.when,)) for notice in catalogue.notices.values()]
    outcomes = [*reach.items.values(), *notices]
    conditional = [question for question in catalogue.questions.values() if question.ask_when is not None]
    expressions = [*chain.from_iterable(one.whens for one in outcomes), *(one.ask_when for one in conditional)]
    guards = Guards(expressions, catalogue.expressions)
    compared = _Compared(catalogue.expressions)
    for outcome in outcomes:
        _enter(reach, outcome, guards, compared)
    for question in catalogue.questions.values():
        for key in [None] if question.ask_when is None else _keys([guards.of(question.ask_when)]):
            reach.questions.setdefault(key, []).append(question.code)
    for question in conditional:
        for code in compared.by(question.ask_when):
            reach.gated.setdefault(code, []).append(question.code)
    return reach


def _enter(reach, outcome, guards, compared):
    keys = _keys(map(guards.of, outcome.whens))
    codes = frozenset().union(*map(compared.by, (*outcome.whens, *outcome.parts)))
    for key in keys:
        reach.outcomes.setdefault(key, []).append(outcome)
        for code in codes:
            reach.direct.setdefault(code, {}).setdefault(key, []).append(outcome)


def _keys(guards):
    guards = list(guards)
    return [None] if None in guards else frozenset().union(*guards)


def parts_of(item):
    """The item's expressions that decide what it asks for, each once."""
    parts = [item.commitment_when, *item.field_when.values(), *(condition.when for condition in item.conditions)]
    for material in item.materials:
        parts += [material.required_when, material.commitment_when]
    return list({id(part): part for part in parts if part is not None}.values())


class _Compared:
    """Which questions an expression compares, derived facts looked through."""

    def __init__(self, derived):
        self._derived, self._known = derived, {}

    def by(self, expression):
        return frozenset().union(*map(self._question, mentioned(expression)))

    def _question(self, code):
        if code not in self._derived:
            return {code}
        if code not in self._known:
            self._known[code] = self.by(self._derived[code])
        return self._known[code]
