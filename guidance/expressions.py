"""The catalogue's expressions: data, evaluated in Kleene's three-valued logic.

{all: [..]}, {any: [..]}, {not: e}, {eq: [fact, v]}, {in: [fact, [v..]]}, {gte: [fact, n]} and {contains: [fact, v]}
over `facts`: a dict from fact code to its value. A code that is missing is *absent* (the question is not asked): every
comparison with it is false. A code whose value is UNKNOWN may still be answered: every comparison with it is unknown.
"""

import enum


class Unknown(enum.Enum):
    # An enum member stays the same object through copies and pickles, so `is` keeps working.
    UNKNOWN = "unknown"

    def __repr__(self):
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN
_ABSENT = object()

COMPARISONS = {
    "eq": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "gte": lambda value, wanted: value >= wanted,
    "contains": lambda value, wanted: wanted in value,
}


def evaluate(expression, facts):
    """Return True, False, or None while it depends on a fact that is still UNKNOWN."""
    [(operator, operand)] = expression.items()
    if operator == "all":
        return _first(False, operand, facts)
    if operator == "any":
        return _first(True, operand, facts)
    if operator == "not":
        inner = evaluate(operand, facts)
        return None if inner is None else not inner
    fact, wanted = operand
    value = facts.get(fact, _ABSENT)
    if value is _ABSENT:
        return False
    return None if value is UNKNOWN else COMPARISONS[operator](value, wanted)


def _first(decisive, parts, facts):
    """`decisive` if any part is so, else None if any is unknown, else the opposite: `any` for True, `all` for False."""
    outcome = not decisive
    for part in parts:
        result = evaluate(part, facts)
        if result is decisive:
            return decisive
        if result is None:
            outcome = None
    return outcome


def mentioned(expression):
    """Return the set of fact codes that the expression compares."""
    [(operator, operand)] = expression.items()
    if operator in ("all", "any"):
        return set().union(*map(mentioned, operand))
    if operator == "not":
        return mentioned(operand)
    return {operand[0]}


def grounds(expression, facts, derived):
    """Return the codes of the answered questions that make the expression what it is: true or false.

    Of an `any` that holds only the parts that hold count, of an `all` that fails only those that fail. A derived fact
    (`derived`: code to expression) stands for its own grounds. An absent question has no answer and is no ground.
    """
    [(operator, operand)] = expression.items()
    if operator in ("all", "any"):
        outcome = evaluate(expression, facts)
        parts = (part for part in operand if evaluate(part, facts) is outcome)
        return set().union(*(grounds(part, facts, derived) for part in parts))
    if operator == "not":
        return grounds(operand, facts, derived)
    fact = operand[0]
    if fact in derived:
        return grounds(derived[fact], facts, derived)
    return {fact} if facts.get(fact, UNKNOWN) is not UNKNOWN else set()
