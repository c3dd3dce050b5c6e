"""Can each condition be worked with? What hangs on what hangs on what …, and what crosses too many answers, cannot."""

from functools import partial

from guidance.reasoning.diagrams import Diagrams, TooComplex

# Levels of all, any and not, those of the facts and of the questions asked before included; the engine goes down all.
MOST_DEEP = 100
MESSAGE = "条件太复杂：一环扣一环太多层，或者交叉的选项太多，没法推算"
MEND = "拆成几个问题，或者少写几层、少交叉几个选项"


def check(book, catalogue):
    """Only on a catalogue that is otherwise in order."""
    depth = _Depth(catalogue)
    for name, code, key, expressions, diagram in _conditions(catalogue):
        try:
            for expression in expressions:
                depth.of(expression, MOST_DEEP)
            diagram(catalogue.diagrams)
        except TooComplex:
            book.report(name, code, key, MESSAGE, MEND)
            # Each of the others that leans on it would take as long only to say the same.
            return


def _conditions(catalogue):
    """Yield (list, entry, key, expressions, what makes their diagram), what others lean on first."""
    for name, entries, key in (
        ("questions", catalogue.questions.values(), "ask_when"),
        ("derived", catalogue.derived.values(), "expr"),
        ("rules", catalogue.rules, "when"),
        ("notices", catalogue.notices.values(), "when"),
    ):
        for entry in entries:
            expression = getattr(entry, key)
            if expression is not None:
                yield name, entry.code, key, [expression], partial(Diagrams.of, expression=expression)
    for code, outcome in catalogue.reach.items.items():
        yield "items", code, "", outcome.whens, outcome.diagram
        for part in outcome.parts:
            yield "items", code, "", [part], partial(outcome.part_diagram, part=part)


class _Depth:
    def __init__(self, catalogue):
        self._questions, self._derived, self._known = catalogue.questions, catalogue.expressions, {}

    def of(self, expression, room):
        """Return how deep it is. Raises TooComplex where that is more than there is room for."""
        if room < 0:
            raise TooComplex
        [(operator, operand)] = expression.items()
        if operator in ("all", "any"):
            return 1 + max(self.of(part, room - 1) for part in operand)
        return 1 + (self.of(operand, room - 1) if operator == "not" else self._behind(operand[0], room - 1))

    def _behind(self, code, room):
        if code not in self._known:
            behind = self._derived[code] if code in self._derived else self._questions[code].ask_when
            self._known[code] = 0 if behind is None else 1 + self.of(behind, room - 1)
        if self._known[code] > room:
            raise TooComplex
        return self._known[code]
