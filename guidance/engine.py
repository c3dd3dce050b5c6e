"""Replaying answers from the start: what to ask next, which items are needed and why. Pure: no ORM, no HTTP."""

import math
from dataclasses import dataclass

from guidance.expressions import UNKNOWN, evaluate, grounds
from guidance.schema import Question


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
    facts: dict
    items: tuple  # certainly needed, sorted
    possible: tuple  # needed or not depending on questions still open, sorted
    reasons: dict  # {item code: (Reason, …)} of the items
    blocks: tuple  # codes of the block notices that hold, sorted
    notices: tuple  # codes of the warn and info notices that hold, sorted
    blocked_items: frozenset  # items that may not be chosen


def replay(catalogue, answers):
    """Return the Situation after these answers {question code: value}, in whatever order they were given.

    Raises InvalidAnswer, also for an answer that would be dropped.
    """
    given = clean_answers(catalogue, answers)
    facts, dropped, path, upcoming = _settle(catalogue, given)
    reasons, possible = _needs(catalogue, facts)
    holding = [notice for notice in catalogue.notices.values() if evaluate(notice.when, facts)]
    blocks = [notice for notice in holding if notice.level == "block"]
    return Situation(
        answers={code: value for code, value in given.items() if code not in dropped},
        dropped=tuple(sorted(dropped)),
        path=tuple(path),
        next=upcoming,
        facts=facts,
        items=tuple(sorted(reasons)),
        possible=tuple(sorted(possible)),
        reasons=reasons,
        blocks=tuple(sorted(notice.code for notice in blocks)),
        notices=tuple(sorted(notice.code for notice in holding if notice.level != "block")),
        # A block that names no item blocks every item.
        blocked_items=frozenset(item for block in blocks for item in block.items or catalogue.items),
    )


def _settle(catalogue, given):
    """Walk the questions once and return (facts, dropped, path, next).

    An answer given ahead of its time (a theme's) counts as soon as its question is certainly asked; while that is not
    known the answer is neither used nor dropped. So a fact is unknown only while some question is open to be asked
    next, and when none is, nothing is unknown.
    """
    facts, dropped, path, upcoming = {}, set(), [], None
    for step in catalogue.steps:
        code = step.code
        if not isinstance(step, Question):
            outcome = evaluate(step.expr, facts)
            facts[code] = UNKNOWN if outcome is None else outcome
            continue
        asked = step.ask_when is None or evaluate(step.ask_when, facts)
        if asked is False:
            if code in given:
                dropped.add(code)
        elif asked and code in given:
            facts[code] = given[code]
            path.append(code)
        else:
            facts[code] = UNKNOWN
            if asked and upcoming is None:
                upcoming = code
                path.append(code)
    return facts, dropped, path, upcoming


def _needs(catalogue, facts):
    """Return ({needed item: its reasons}, the items some rule may still need)."""
    order = {code: place for place, code in enumerate(catalogue.questions)}
    reasons, possible = {}, set()
    for rule in catalogue.rules:
        outcome = evaluate(rule.when, facts)
        if outcome:
            causes = sorted(grounds(rule.when, facts, catalogue.expressions), key=order.__getitem__)
            reasons.setdefault(rule.item, []).append(Reason(rule.because, rule.basis, tuple(causes)))
        elif outcome is None:
            possible.add(rule.item)
    return {item: tuple(why) for item, why in reasons.items()}, possible - reasons.keys()


def clean_answers(catalogue, answers):
    """Return the answers checked and normalised, in the catalogue's order. Raises InvalidAnswer."""
    for code in answers:
        if code not in catalogue.questions:
            raise InvalidAnswer(code, "没有这个问题")
    return {
        code: clean_answer(question, answers[code]) for code, question in catalogue.questions.items() if code in answers
    }


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
