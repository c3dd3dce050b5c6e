"""Answers in finitely many cells, within which no comparison of the catalogue can tell two answers apart. Pure.

A choice has a cell per option; each option of a multiple choice is a yes or no of its own. A number line is cut: the
cut (v, 0) lies just before v and (v, 1) just after it, so n cuts part the answers into n + 1 cells.
"""

import math
from bisect import bisect_right

_YES_NO = (False, True)


def options_of(question):
    """The answers of a question that is one choice, cell by cell."""
    return _YES_NO if question.type == "boolean" else question.values


def comparison(question, operator, wanted):
    """Return (option, cuts, outcome cell by cell) of one comparison; option is the place of a multi's, else 0."""
    if question.type == "multi":
        return question.values.index(wanted), (), _YES_NO
    if question.type == "number":
        return 0, *_on_the_line(question, operator, wanted)
    allowed = wanted if operator == "in" else (wanted,)
    return 0, (), tuple(one in allowed for one in options_of(question))


def _on_the_line(question, operator, wanted):
    if operator == "gte":
        return trimmed(question, [(wanted, 0)], [False, True])
    points = sorted(set(wanted if operator == "in" else [wanted]))
    cuts = [cut for point in points for cut in ((point, 0), (point, 1))]
    return trimmed(question, cuts, [False, *[True, False] * len(points)])


def trimmed(question, cuts, children):
    """Return (cuts, children) without the cells that no allowed answer falls into and without cuts between equals."""
    limits = question.validation
    if limits.get("integer"):
        cuts = [_before_a_whole_number(cut) for cut in cuts]
    kept, cells = [], [children[0]]
    for cut, child in zip(cuts, children[1:], strict=True):
        if (kept and kept[-1] == cut) or ("min" in limits and cut <= (_least(limits), 0)):
            cells[-1] = child  # nothing lies between the two cuts, or before this one
        elif "max" not in limits or cut <= (limits["max"], 0):
            kept.append(cut)
            cells.append(child)
    return _without_idle_cuts(kept, cells)


def _before_a_whole_number(cut):
    value, side = cut
    return (math.floor(value) + 1 if side else math.ceil(value), 0)


def _without_idle_cuts(cuts, cells):
    kept, children = [], [cells[0]]
    for cut, child in zip(cuts, cells[1:], strict=True):
        if child is not children[-1]:
            kept.append(cut)
            children.append(child)
    return tuple(kept), tuple(children)


def cell_of(question, option, cuts, answer):
    """Return the place of the cell into which the answer falls."""
    if question.type == "multi":
        return int(question.values[option] in answer)
    if question.type == "number":
        # A tuple sorts by its value first, so this counts the cuts at or before the answer.
        return bisect_right(cuts, (answer, 0))
    return options_of(question).index(answer)


def sample(question, cuts, cell):
    """Return an answer of that cell; of a number's, a round one where there is."""
    if question.type != "number":
        return options_of(question)[cell]
    low = cuts[cell - 1] if cell else _lowest(question, cuts)
    high = cuts[cell] if cell < len(cuts) else None
    value, side = low
    if side == 0:
        return value
    step = value + 1
    if high is None:
        return step if step <= question.validation.get("max", math.inf) else (value + question.validation["max"]) / 2
    return step if (step, 0) < high else (value + high[0]) / 2


def _lowest(question, cuts):
    limits = question.validation
    if "min" in limits:
        return _least(limits), 0
    return min([0, *(cut[0] - 1 for cut in cuts[:1])]), 0


def _least(limits):
    """The smallest number that a question allows whose limits have a min."""
    return math.ceil(limits["min"]) if limits.get("integer") else limits["min"]


def any_answer(question):
    """Return some allowed answer: for whom it cannot matter which."""
    if question.type == "multi":
        return []
    if question.type == "number":
        return _lowest(question, ())[0]
    return options_of(question)[0]
