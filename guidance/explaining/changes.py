"""The smallest change of answers that makes a condition certainly so, or certainly not so. Exact and pure.

Smallest: the fewest questions answered otherwise, then the fewest steps: an option taken away or added is a step, and
so is any other answer in place of the old one. The search walks the condition's decision diagram from its root. At
each question it keeps the answer, or spends one change on another; a question without an answer stays open, so that
what is left must be settled whatever is answered there, or gets an answer, which is a change too.
"""

import functools
import math
from dataclasses import dataclass

from guidance.explaining.spans import span_of
from guidance.reasoning import cells
from guidance.reasoning.diagrams import Diagrams, TooComplex

# Of one search: far beyond what a questionnaire needs (46 items: 430 and 11), and done in some 50 ms. One of each of
# twenty pairs of options is a small diagram, but there are a million ways to it.
MOST_WORK, MOST_JOINED = 20_000, 2_000
_NOWHERE = math.inf, ()


@dataclass(frozen=True)
class Way:
    """Answers that settle the condition; `instead`: per question all that would do as well, the other answers alike.

    instead: {question: the values of a single or boolean / the (added, removed) options of a multi / a number's Span}.
    """

    answers: dict
    instead: dict
    steps: int


def smallest(catalogue, diagram, given, wanted, most):
    """Return the smallest Ways to make the diagram `wanted`, one per set of questions; () where `most` do not suffice.

    One that changes nothing says that it is so already. Raises TooComplex where finding them would take too long.

    given: {question: clean answer}. most: how many questions may be answered otherwise.
    """
    search = _Search(catalogue, given, wanted)
    for budget in range(most + 1):
        steps, found = search.find(diagram, budget)
        if found:
            return tuple(_grouped(catalogue, given, steps, found))
    return ()


class _Search:
    def __init__(self, catalogue, given, wanted):
        self._catalogue, self._questions = catalogue, catalogue.diagrams.questions
        self._given = {catalogue.diagrams.place[code]: answer for code, answer in given.items()}
        self._wanted = wanted
        self._known, self._work = {}, 0

    @functools.cached_property
    def _joining(self):
        # What is joined on the way is thrown away with the search; the catalogue's own diagrams stay as they are.
        diagrams = Diagrams(self._catalogue.questions, self._catalogue.expressions, MOST_JOINED)
        return diagrams.all if self._wanted else diagrams.any

    def find(self, diagram, budget, changing=None):
        """Return (steps, ways): the fewest steps, and each way to do it in so many, a tuple of moves.

        changing: the place of the multi whose answer is being changed; its further options cost only steps. A move is
        (place of the question, place of the option or None, cell, its cuts).
        """
        if isinstance(diagram, bool):
            return (0, ((),)) if diagram is self._wanted else _NOWHERE
        place = diagram.variable[0]
        changing = place if changing == place else None
        key = id(diagram), budget, changing
        if key not in self._known:
            found = list(self._moved(diagram, budget, changing))
            if changing is None:
                found.append(self.find(self._kept(diagram), budget))
            self._work += sum(1 + len(ways) for _, ways in found)
            if self._work > MOST_WORK:
                raise TooComplex
            steps = min(steps for steps, _ in found)
            self._known[key] = steps, tuple({way: None for cost, ways in found if cost == steps for way in ways})
        return self._known[key]

    def _kept(self, diagram):
        """What is left when the answer stays; where there is none, what holds whatever it will be."""
        if diagram.variable[0] in self._given:
            return diagram.children[self._cell(diagram)]
        return self._joining(diagram.children)

    def _cell(self, diagram):
        place, option = diagram.variable
        if place not in self._given:
            return None
        return cells.cell_of(self._questions[place], option, diagram.cuts, self._given[place])

    def _moved(self, diagram, budget, changing):
        """(steps, ways) for each cell that a change can lead to."""
        if changing is None and not budget:
            return [_NOWHERE]
        place, option = diagram.variable
        now, multi = self._cell(diagram), self._questions[place].type == "multi"
        left = budget if changing is not None else budget - 1
        # A multi that had no answer gets one by the first of its options, were it only that it is not chosen.
        begun = ((place, None, 0, ()),) if multi and now is None and changing is None else ()
        found = []
        for cell, child in enumerate(diagram.children):
            moves = cell != (now or 0) if multi else cell != now
            if moves or begun or changing is not None:
                steps, ways = self.find(child, left, place)
                own = begun + (((place, option, cell, diagram.cuts),) if moves else ())
                found.append((steps + moves, tuple(own + way for way in ways)))
        return found or [_NOWHERE]


def _grouped(catalogue, given, steps, found):
    """The ways by the questions they change: of each group the nearest, and what would do in place of each answer."""
    questions = catalogue.diagrams.questions
    groups = {}
    for way in found:
        changed = {}
        for place, *move in way:
            changed.setdefault(place, []).append(tuple(move))
        groups.setdefault(tuple(changed), []).append({place: tuple(moves) for place, moves in changed.items()})
    for ways in groups.values():
        first = min(ways, key=lambda way: [_distance(questions[place], given, way[place]) for place in way])
        answers, instead = {}, {}
        for place in first:
            alike = [way[place] for way in ways if all(way[one] == first[one] for one in way if one != place)]
            question = questions[place]
            answers[question.code], instead[question.code] = _answers(question, given, first[place], alike)
        yield Way(answers, instead, steps)


def _answers(question, given, moves, alike):
    """Return the answer after these moves, and all that the moves `alike` lead to."""
    if question.type == "number":
        spans = [span_of(cuts, cell) for ((_, cell, cuts),) in alike]
        [(_, cell, cuts)] = moves
        own = span_of(cuts, cell)
        return own.nearest(question, given.get(question.code)), own.joined(spans)
    if question.type == "multi":
        kept = given.get(question.code, [])
        ways = sorted(alike, key=lambda each: [option for option, _, _ in each if option is not None])
        return _toggled(question, kept, moves), tuple(_difference(question, kept, each) for each in ways)
    options = cells.options_of(question)
    return options[moves[0][1]], tuple(sorted((options[each[0][1]] for each in alike), key=options.index))


def _toggled(question, kept, moves):
    added, removed = _difference(question, kept, moves)
    return [value for value in question.values if value in added or (value in kept and value not in removed)]


def _difference(question, kept, moves):
    touched = [question.values[option] for option, _, _ in moves if option is not None]
    return tuple(one for one in touched if one not in kept), tuple(one for one in touched if one in kept)


def _distance(question, given, moves):
    """How far the moves lead from the present answer: of numbers the difference, else the order of the options."""
    if question.type == "number":
        [(_, cell, cuts)] = moves
        now = given.get(question.code)
        return (0 if now is None else abs(span_of(cuts, cell).nearest(question, now) - now), cell)
    return (0, *(option if question.type == "multi" else cell for option, cell, _ in moves if option is not None))
