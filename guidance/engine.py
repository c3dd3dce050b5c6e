"""Replaying answers from the start: what to ask next, which items are needed and why. Pure: no ORM, no HTTP."""

import functools
import math
from dataclasses import dataclass, field

from guidance.expressions import evaluate, grounds
from guidance.reasoning.facts import Facts
from guidance.reasoning.relevance import Relevance


class InvalidAnswer(ValueError):
    """An answer to no question of this catalogue, or one the question does not allow. `message` is for the person."""

    def __init__(self, question, message):
        super().__init__(f"{_shown(question)}：{message}")
        self.question = question
        self.message = message


@dataclass(frozen=True)
class Reason:
    because: str
    basis: str
    causes: tuple  # codes of the questions whose answers make the rule true, in the catalogue's order


@dataclass(frozen=True)
class Situation:
    """What follows from the answers so far (情形). `facts` feeds further expressions: absent codes are not in it."""

    answers: dict  # those that count, or may count once an earlier question is answered
    dropped: tuple  # codes of answered questions that are not asked, sorted
    path: tuple  # codes of the questions asked and answered, and the next one, in the catalogue's order
    next: str | None
    facts: Facts = field(compare=False)
    items: tuple  # certainly needed, sorted
    blocks: tuple  # codes of the block notices that hold, sorted
    notices: tuple  # codes of the warn and info notices that hold, sorted

    @functools.cached_property
    def reasons(self):
        """{item code: (Reason, …)} of the items: each rule that holds for certain gives its own."""
        return {item: tuple(_reason(rule, self.sure) for rule in self._holding(item)) for item in self.items}

    @functools.cached_property
    def sure(self):
        """The facts with nothing assumed: what is only assumed of an open question is no reason to tell a person."""
        return Facts(self.facts.catalogue, self.facts.given)

    def _holding(self, item):
        rules = self.facts.catalogue.rules_of[item]
        # Where one of two rules holds, whatever would be answered, neither may hold for certain.
        return [rule for rule in rules if self.sure.holds(rule.when)] or [
            rule for rule in rules if evaluate(rule.when, self.facts)
        ]

    @functools.cached_property
    def possible(self):
        """Codes of the items that are needed or not depending on questions still open, sorted."""
        if self.next is None:
            return ()
        diagrams, under = self.facts.catalogue.diagrams, self.facts.under
        items = self.facts.catalogue.reach.items
        open_ones = (code for code, item in items.items() if under.value(item.diagram(diagrams)) is not False)
        return tuple(sorted(set(open_ones).difference(self.items)))

    @functools.cached_property
    def blocked_items(self):
        """Codes of the items that may not be chosen. A block that names no item blocks every item."""
        catalogue = self.facts.catalogue
        blocks = (catalogue.notices[code] for code in self.blocks)
        return frozenset(item for block in blocks for item in block.items or catalogue.items)


def replay(catalogue, answers):
    """Return the Situation after these answers {question code: value}, in whatever order they were given.

    Only questions are asked whose answers can still change an outcome (guidance.reasoning.outcomes). When none is left,
    the facts stand as if the open ones had been given some answer. Raises InvalidAnswer, for an answer that is dropped
    too.
    """
    given = clean_answers(catalogue, answers)
    facts = Facts(catalogue, given)
    relevance = Relevance(facts)
    upcoming = relevance.next_question()
    dropped = [code for code in given if facts.asked(code) is False]
    path = [code for code in given if facts.asked(code)] + [upcoming] * (upcoming is not None)
    keys = relevance.carried
    if upcoming is None:
        # What holds either way an open question is answered is not found by the answers given.
        keys = keys + relevance.open_keys
        facts = facts.assuming()
    woken = {id(one): one for key in keys for one in catalogue.reach.outcomes.get(key, ())}.values()
    holding = [one for one in woken if any(evaluate(when, facts) for when in one.whens)]
    notices = [catalogue.notices[one.code] for one in holding if not one.is_item]
    return Situation(
        answers={code: value for code, value in given.items() if code not in dropped},
        dropped=tuple(sorted(dropped)),
        path=tuple(sorted(path, key=catalogue.diagrams.place.__getitem__)),
        next=upcoming,
        facts=facts,
        items=tuple(sorted(one.code for one in holding if one.is_item)),
        blocks=tuple(sorted(notice.code for notice in notices if notice.level == "block")),
        notices=tuple(sorted(notice.code for notice in notices if notice.level != "block")),
    )


def _reason(rule, facts):
    catalogue = facts.catalogue
    causes = grounds(rule.when, facts, catalogue.expressions)
    return Reason(rule.because, rule.basis, tuple(sorted(causes, key=catalogue.diagrams.place.__getitem__)))


def clean_answers(catalogue, answers):
    """Return the answers checked and normalised, in the catalogue's order. Raises InvalidAnswer."""
    for code in answers:
        if code not in catalogue.questions:
            raise InvalidAnswer(code, "没有这个问题")
    codes = sorted(answers, key=catalogue.diagrams.place.__getitem__)
    return {code: clean_answer(catalogue.questions[code], answers[code]) for code in codes}


def clean_answer(question, value):
    """Return the value as the question keeps it: multi in the options' order, 3.0 as 3 where a whole number is asked.

    Raises InvalidAnswer.
    """
    return CLEANERS[question.type](question, value)


def _clean_single(question, value):
    if not isinstance(value, str) or value not in question.values:
        raise InvalidAnswer(question.code, f"没有“{_shown(value)}”这个选项")
    return value


def _clean_multi(question, value):
    if not isinstance(value, list | tuple):
        raise InvalidAnswer(question.code, f"要用列表给出选中的各项，不能是“{_shown(value)}”")
    for one in value:
        _clean_single(question, one)
    if len(set(value)) < len(value):
        raise InvalidAnswer(question.code, "同一个选项选了两次")
    return [option for option in question.values if option in value]


def _clean_boolean(question, value):
    if not isinstance(value, bool):
        raise InvalidAnswer(question.code, f"只能回答是或者否，不能是“{_shown(value)}”")
    return value


def _clean_number(question, value):
    # In Python a bool is an int; here it is a wrong answer.
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_as_float(value)):
        raise InvalidAnswer(question.code, f"请填写数字，不能是“{_shown(value)}”")
    limits = question.validation
    if limits.get("integer"):
        if value != int(value):
            raise InvalidAnswer(question.code, f"请填写整数，不能是“{_shown(value)}”")
        value = int(value)
    if "min" in limits and value < limits["min"]:
        raise InvalidAnswer(question.code, f"不能小于{limits['min']}")
    if "max" in limits and value > limits["max"]:
        raise InvalidAnswer(question.code, f"不能大于{limits['max']}")
    return value


def _as_float(value):
    try:
        return float(value)
    except OverflowError:  # an int beyond any float
        return math.inf


def _shown(value):
    """The value as the person gave it, cut short; str() of a very long int would itself fail."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**20:
        return "超长的数"
    # A lone surrogate, which JSON can carry, could not be printed.
    text = str(value).encode(errors="backslashreplace").decode()
    return text if len(text) <= 40 else text[:40] + "…"


CLEANERS = {
    "single": _clean_single,
    "multi": _clean_multi,
    "number": _clean_number,
    "boolean": _clean_boolean,
}
