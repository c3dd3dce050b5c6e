"""What is known of a business under its answers, worked out as it is looked up. Pure."""

from collections.abc import Mapping

from guidance.expressions import UNKNOWN, evaluate
from guidance.reasoning import cells
from guidance.reasoning.diagrams import Under

_ABSENT = object()


class Facts(Mapping):
    """{question or derived fact: value}; a question that is not asked is not in it, an open one is UNKNOWN.

    An answer given ahead of its time (a theme's) counts as soon as its question is certainly asked; while that is not
    known the answer is neither used nor dropped. Where nothing open can change any outcome, `assumed` facts stand as if
    each open question had been given some answer: every expression is then True or False, and rightly so.
    """

    def __init__(self, catalogue, given, *, assumed=False):
        self.catalogue, self.given, self.assumed = catalogue, given, assumed
        self.under = Under(catalogue.diagrams, given)
        self._values, self._asked = {}, {}

    def assuming(self):
        return Facts(self.catalogue, self.given, assumed=True)

    def asked(self, code):
        """Is the question asked? None while that depends on one that is open."""
        if code not in self._asked:
            when = self.catalogue.questions[code].ask_when
            asked = True if when is None else evaluate(when, self)
            # Both ways may lead to the question, which only the diagram sees.
            self._asked[code] = self.under.value(self.catalogue.diagrams.asked(code)) if asked is None else asked
        return self._asked[code]

    def holds(self, expression):
        """Return True, False, or None while an open question can still change it."""
        outcome = evaluate(expression, self)
        return self.under.value(self.catalogue.diagrams.of(expression)) if outcome is None else outcome

    def get(self, code, default=None):
        # Every comparison comes here: Mapping's own way through KeyError takes twice as long.
        value = self._value(code)
        return default if value is _ABSENT else value

    def __contains__(self, code):
        return self._value(code) is not _ABSENT

    def __getitem__(self, code):
        value = self._value(code)
        if value is _ABSENT:
            raise KeyError(code)
        return value

    def __iter__(self):
        codes = (*self.catalogue.questions, *self.catalogue.derived)
        return (code for code in codes if code in self)

    def __len__(self):
        return sum(1 for _ in self)

    def _value(self, code):
        if code not in self._values:
            fact = self.catalogue.derived.get(code)
            self._values[code] = self._derived(fact) if fact else self._answered(code)
        return self._values[code]

    def _derived(self, fact):
        outcome = evaluate(fact.expr, self)
        return UNKNOWN if outcome is None else outcome

    def _answered(self, code):
        question = self.catalogue.questions.get(code)
        asked = question and self.asked(code)
        if question is None or asked is False:
            return _ABSENT
        if asked and code in self.given:
            return self.given[code]
        return cells.any_answer(question) if self.assumed else UNKNOWN
