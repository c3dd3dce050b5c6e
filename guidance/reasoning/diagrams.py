"""Conditions as decision diagrams over hypothetical answers: exact where three-valued logic only guesses. Pure.

A diagram says what a condition is for each way of answering all questions, "what they would answer if asked": derived
facts are put in, and a comparison holds only if its question is asked. Diagrams are ordered as the questionnaire is,
reduced and shared, so two conditions that mean the same are one object, a condition that cannot fail is True, and a
question that a diagram names is one whose answer can change it. (Bryant 1986, with more than two answers to a node.)
"""

import functools
from operator import is_

from guidance.reasoning import cells

# Far beyond what a questionnaire needs (46 items: 800 nodes). The diagram of a condition of a few lines can fill a
# machine, and what walks down a diagram calls itself at each step.
MOST_NODES, MOST_NODES_A_QUESTION, MOST_HIGH = 100_000, 500, 150


class TooComplex(ValueError):
    """A condition's diagram would be too large, or too high, to be worked with."""


class Node:
    """Asks one question, or one option of a multi. `variable`: (place of the question, place of the option)."""

    __slots__ = ("children", "cuts", "height", "variable")

    def __init__(self, variable, cuts, children):
        self.variable, self.cuts, self.children = variable, cuts, children
        self.height = 1 + max(0 if isinstance(child, bool) else child.height for child in children)


class Diagrams:
    """The diagrams of one catalogue: made when first asked for, each only once. A diagram is a Node, True or False."""

    def __init__(self, questions, derived, most=None):
        """questions: {code: Question} in the order of asking; derived: {code: expression}; most: so many Nodes."""
        self.questions, self.derived = tuple(questions.values()), derived
        self.place = {code: place for place, code in enumerate(questions)}
        self._most = most or MOST_NODES + MOST_NODES_A_QUESTION * len(questions)
        self._nodes, self._joined, self._of, self._asked = {}, {}, {}, {}

    def of(self, expression):
        """Return the diagram of an expression of the catalogue. Raises TooComplex; a linted catalogue's never is."""
        # By identity: the catalogue's own expressions live as long as it does, and hashing them would cost more.
        kept = self._of.get(id(expression))
        if kept is None or kept[0] is not expression:
            kept = self._of[id(expression)] = expression, self._make(expression)
        return kept[1]

    def asked(self, code):
        """Return when that question is asked."""
        if code not in self._asked:
            when = self.questions[self.place[code]].ask_when
            self._asked[code] = True if when is None else self.of(when)
        return self._asked[code]

    def all(self, diagrams):
        return functools.reduce(functools.partial(self._join, False), diagrams, True)

    def any(self, diagrams):
        return functools.reduce(functools.partial(self._join, True), diagrams, False)

    def negated(self, diagram):
        if isinstance(diagram, bool):
            return not diagram
        key = id(diagram)
        if key not in self._joined:
            children = tuple(map(self.negated, diagram.children))
            self._joined[key] = self.node(diagram.variable, diagram.cuts, children)
        return self._joined[key]

    def node(self, variable, cuts, children, table=None):
        """Return the one Node of that kind, or the child where all are the same. table: {} for passing ones."""
        if len(cuts) > 0 and len(set(map(id, children))) > 1:
            cuts, children = cells.trimmed(self.questions[variable[0]], cuts, children)
        if all(child is children[0] for child in children):
            return children[0]
        key = (variable, cuts, *map(id, children))
        known = self._nodes.get(key)
        if known is None:
            known = (self._nodes if table is None else table).setdefault(key, Node(variable, cuts, tuple(children)))
            if known.height > MOST_HIGH or len(self._nodes) > self._most:
                raise TooComplex
        return known

    def _make(self, expression):
        [(operator, operand)] = expression.items()
        if operator in ("all", "any"):
            return (self.all if operator == "all" else self.any)(map(self.of, operand))
        if operator == "not":
            return self.negated(self.of(operand))
        fact, wanted = operand
        if fact in self.derived:
            inner = self.of(self.derived[fact])
            return inner if wanted else self.negated(inner)
        place = self.place[fact]
        option, cuts, children = cells.comparison(self.questions[place], operator, wanted)
        return self.all([self.asked(fact), self.node((place, option), cuts, children)])

    def _join(self, decisive, one, other):
        """Both together: with `decisive` False what holds where both do, with True where any does."""
        if one is decisive or other is decisive:
            return decisive
        if isinstance(one, bool) or one is other:
            return other
        if isinstance(other, bool):
            return one
        key = (decisive, id(one), id(other)) if id(one) < id(other) else (decisive, id(other), id(one))
        if key not in self._joined:
            variable = min(one.variable, other.variable)
            cuts, pairs = _side_by_side(variable, one, other)
            self._joined[key] = self.node(variable, cuts, tuple(self._join(decisive, *pair) for pair in pairs))
        return self._joined[key]


def _side_by_side(variable, one, other):
    """Return (cuts, [(child of one, child of other) cell by cell]); who does not ask the variable is its own child."""
    if one.variable != variable:
        return other.cuts, [(one, child) for child in other.children]
    if other.variable != variable:
        return one.cuts, [(child, other) for child in one.children]
    if one.cuts == other.cuts:
        return one.cuts, list(zip(one.children, other.children, strict=True))
    cuts = tuple(sorted({*one.cuts, *other.cuts}))
    starts = (None, *cuts)
    return cuts, [(_at(one, start), _at(other, start)) for start in starts]


def _at(node, start):
    """The child of the cell in which the line is just after the cut `start`; None: at its very beginning."""
    return node.children[0 if start is None else sum(cut <= start for cut in node.cuts)]


class Under:
    """The diagrams under given answers {question: clean answer}: which of them are settled, and what still matters.

    An answer given ahead counts as what the person would say if asked. What is made on the way is forgotten with it.
    """

    def __init__(self, diagrams, given):
        self._diagrams, self._given = diagrams, {diagrams.place[code]: answer for code, answer in given.items()}
        self._nodes, self._left, self._named = {}, {}, {}

    def left(self, diagram):
        """Return what is left of a diagram once the answers are put in: True, False or a Node of open questions."""
        if isinstance(diagram, bool):
            return diagram
        key = id(diagram)
        if key not in self._left:
            self._left[key] = self._put_in(diagram)
        return self._left[key]

    def value(self, diagram):
        """Return True, False, or None while an open question can still change it."""
        left = self.left(diagram)
        return left if isinstance(left, bool) else None

    def matters(self, code, diagram):
        """Can the answer to this open question still change the diagram?"""
        return self._diagrams.place[code] in self._names(self.left(diagram))

    def open_questions(self, diagram):
        """Return the codes of the questions whose answers can still change the diagram, in their order."""
        return [self._diagrams.questions[place].code for place in sorted(self._names(self.left(diagram)))]

    def _put_in(self, diagram):
        place, option = diagram.variable
        if place in self._given:
            question = self._diagrams.questions[place]
            return self.left(diagram.children[cells.cell_of(question, option, diagram.cuts, self._given[place])])
        children = tuple(map(self.left, diagram.children))
        if all(map(is_, children, diagram.children)):
            return diagram
        return self._diagrams.node(diagram.variable, diagram.cuts, children, self._nodes)

    def _names(self, left):
        if isinstance(left, bool):
            return frozenset()
        key = id(left)
        if key not in self._named:
            self._named[key] = frozenset({left.variable[0]}).union(*map(self._names, left.children))
        return self._named[key]


def path_to(diagrams, diagram, wanted):
    """Return {question code: answer} that make the diagram True or False, or None where none does.

    Only the answers that it needs, in the order of asking; of a multi, the options that are to be chosen.
    """
    answers = {}
    while not isinstance(diagram, bool):
        question = diagrams.questions[diagram.variable[0]]
        # A reduced node can become either, so any child but the opposite leads on.
        cell = next(place for place, child in enumerate(diagram.children) if child is not (not wanted))
        if question.type == "multi":
            chosen = answers.setdefault(question.code, [])
            if cell:
                chosen.append(question.values[diagram.variable[1]])
        else:
            answers[question.code] = cells.sample(question, diagram.cuts, cell)
        diagram = diagram.children[cell]
    return answers if diagram is wanted else None
