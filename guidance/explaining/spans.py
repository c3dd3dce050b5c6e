"""Stretches of numbers between two cuts of guidance.reasoning.cells. Pure."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Numbers between two bounds; None is no bound but the question's own. `…_included`: whether the bound is in it."""

    low: float | None = None
    low_included: bool = True
    high: float | None = None
    high_included: bool = False

    def holds(self, number):
        return self._start <= (number, 0) and (number, 1) <= self._end

    def nearest(self, question, number):
        """Return the number of the span next to that one, a round one where the bound itself is out of it."""
        limits = question.validation
        if self.high is None or ((number is None or number < self.high) and self.low is not None):
            if self.low_included:
                return self.low
            top = self.high if self.high is not None else limits.get("max", math.inf)
            return self.low + 1 if self.low + 1 < top else (self.low + top) / 2
        if self.high_included:
            return self.high
        bottom = self.low if self.low is not None else limits.get("min", -math.inf)
        return self.high - 1 if self.high - 1 >= bottom else (self.high + bottom) / 2

    def only(self, question):
        """Return the one number that the question allows in the span, or None."""
        if self.low is not None and self.low == self.high:
            return self.low
        limits = question.validation
        if not limits.get("integer") or self.high is None:
            return None
        low = limits.get("min") if self.low is None else self.low + (not self.low_included)
        return low if low == self.high - (not self.high_included) else None

    def joined(self, others):
        """Return this span with those of the others that it touches."""
        grown = self
        while more := [one for one in others if grown._touches(one) and grown._with(one) != grown]:
            grown = grown._with(more[0])
        return grown

    def _touches(self, other):
        return self._start <= other._end and other._start <= self._end

    def _with(self, other):
        (low, low_side), (high, high_side) = min(self._start, other._start), max(self._end, other._end)
        return Span(_bound(low), low_side == 0, _bound(high), high_side == 1)

    @property
    def _start(self):
        return (-math.inf if self.low is None else self.low, 0 if self.low_included else 1)

    @property
    def _end(self):
        return (math.inf if self.high is None else self.high, 1 if self.high_included else 0)


def span_of(cuts, cell):
    """Return the Span of one cell: the cut (v, 0) lies just before v, (v, 1) just after it."""
    low, low_side = cuts[cell - 1] if cell else (None, 0)
    high, high_side = cuts[cell] if cell < len(cuts) else (None, 0)
    return Span(low, low_side == 0, high, high_side == 1)


def _bound(value):
    return None if math.isinf(value) else value
