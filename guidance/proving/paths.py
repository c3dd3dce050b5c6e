"""From what a diagram needs to the answers a person gives, question after question as they are asked. Pure."""

from guidance.engine import replay
from guidance.reasoning import cells
from guidance.reasoning.diagrams import path_to


def walked(catalogue, wishes, *, until=None, to_the_end=False):
    """Return {question: answer} in the order of asking, answered as `wishes` {question: answer} says, else anyhow.

    It stops at the question `until`; else at the end, or already when all wishes have had their turn.
    """
    place = catalogue.diagrams.place
    last = max((place[code] for code in wishes), default=-1)
    stop = place[until] if until else len(place) if to_the_end else last + 1
    answers, situation = {}, replay(catalogue, {})
    while (code := _next(catalogue, wishes, situation)) is not None and place[code] < stop:
        answers[code] = wishes[code] if code in wishes else cells.any_answer(catalogue.questions[code])
        situation = replay(catalogue, answers)
    return {code: answers[code] for code in situation.path if code in answers}


def _next(catalogue, wishes, situation):
    """The question that is asked next; a wish is answered in its turn even if by now its answer changes nothing."""
    asked = [code for code in wishes if code not in situation.answers and situation.facts.asked(code)]
    coming = asked if situation.next is None else [*asked, situation.next]
    return min(coming, key=catalogue.diagrams.place.__getitem__, default=None)


def path_where(catalogue, diagram, **stops):
    """The answers of a person for whom the diagram, which is not False, becomes True."""
    return walked(catalogue, path_to(catalogue.diagrams, diagram, True), **stops)


def together(catalogue, expressions):
    """The diagram of all these expressions holding at once."""
    return catalogue.diagrams.all(map(catalogue.diagrams.of, expressions))


def nearest(catalogue, expression):
    """Return (answers wished, the part that fails under them) of an expression that never holds.

    Of its parts as many hold as were found to hold together; near enough to see what is wrong, not always the most.
    """
    [(operator, operand)] = expression.items()
    if operator == "any":
        return max((nearest(catalogue, part) for part in operand), key=lambda found: len(found[0]))
    if operator == "all":
        return _all_but_some(catalogue, operand)
    return _towards(catalogue, expression), expression


def _all_but_some(catalogue, parts):
    turns = (_held_together(catalogue, parts[turn:] + parts[:turn]) for turn in range(len(parts)))
    held, failing = max(turns, key=lambda found: len(found[0]))
    if not held:
        return nearest(catalogue, failing)
    return path_to(catalogue.diagrams, together(catalogue, held), True), failing


def _held_together(catalogue, parts):
    """The parts, taken in turn, that hold together with those before, and the first that does not."""
    held, failing = [], []
    for part in parts:
        possible = together(catalogue, [*held, part]) is not False
        (held if possible else failing).append(part)
    return held, failing[0]


def _towards(catalogue, comparison):
    """Answers under which what a comparison that never holds compares is at least asked, as far as that can be."""
    [(operator, operand)] = comparison.items()
    if operator == "not":
        return {}
    code, wanted = operand
    if code in catalogue.derived:
        return nearest(catalogue, catalogue.expressions[code])[0] if wanted is True else {}
    asked = catalogue.diagrams.asked(code)
    if asked is False:
        return nearest(catalogue, catalogue.questions[code].ask_when)[0]
    return path_to(catalogue.diagrams, asked, True)
