"""Which question to ask next: the first whose answer can still change an outcome. Pure.

It is enough to find one such outcome, so the search follows what the answers given have woken; a catalogue may hold any
number of items that they do not reach. That an outcome can change is then read from its diagram, exactly.
"""

import functools
import math
from itertools import chain, islice

from guidance.reasoning.guards import all_tokens_of, tokens_of

# So many places to look for an outcome are tried one by one, before all that is still open is gathered.
_MANY = 256


class Relevance:
    """What may still be asked under these Facts."""

    def __init__(self, facts):
        self._facts, self._catalogue, self._reach = facts, facts.catalogue, facts.catalogue.reach

    def next_question(self):
        """Return the code of the question to ask next, or None where no answer changes anything any more."""
        return next(self.questions(), None)

    def questions(self):
        """Yield the codes of the questions that may be asked now, and whose answers matter, in their order."""
        askable = self.askable()
        yield from filter(self.is_relevant, askable)
        # Every answer to an open question may lead to this one; then no answer that was given has woken it.
        yield from filter(self.is_relevant, self._to_be_asked(self.open_questions().difference(askable)))

    def askable(self):
        """Return the codes of the open questions that the answers given ask for certain, in their order."""
        return self._to_be_asked(chain.from_iterable(self._reach.questions.get(key, ()) for key in self.carried))

    def _to_be_asked(self, codes):
        """Those of the questions that are certainly asked and not answered, in their order."""
        place, given = self._catalogue.diagrams.place, self._facts.given
        return [code for code in sorted(set(codes), key=place.__getitem__) if code not in given and self._asked(code)]

    def is_relevant(self, code):
        """Can the answer to this open question still change an outcome?"""
        return any(self._changes(outcome, code) for outcome in self._reached_by(code, set()))

    @functools.cached_property
    def carried(self):
        """The keys of what may hold for certain: by the answers that count, or unguarded."""
        given = self._facts.given
        tokens = (tokens_of(self._question(code), given[code]) for code in given if self._asked(code))
        return [None, *chain.from_iterable(tokens)]

    @functools.cached_property
    def open_keys(self):
        """The tokens of all questions that may still be asked and are not answered."""
        return [token for code in self.open_questions() for token in all_tokens_of(self._question(code))]

    def open_questions(self, most=math.inf):
        """Return the set of codes of the questions that are not answered and may still be asked; about `most` of them.

        All of them may be the whole catalogue, while the first answers are still to come.
        """
        codes = set(self.askable())
        waiting = list(codes) + [code for code in self._facts.given if self._asked(code) is None]
        while waiting and len(codes) < most:
            for gated in self._reach.gated.get(waiting.pop(), ()):
                if gated not in codes and self._is_open(gated):
                    codes.add(gated)
                    waiting.append(gated)
        return codes

    def _asked(self, code):
        return self._facts.asked(code)

    def _question(self, code):
        return self._catalogue.questions[code]

    def _changes(self, outcome, code):
        diagrams, under = self._catalogue.diagrams, self._facts.under
        whole = outcome.diagram(diagrams)
        if under.matters(code, whole):
            return True
        if under.value(whole) is False:
            return False
        return any(under.matters(code, outcome.part_diagram(diagrams, part)) for part in outcome.parts)

    def _reached_by(self, code, seen):
        """Yield the outcomes that may hold and that compare the question, or one whose asking hangs on it."""
        yield from self._woken(self._reach.direct.get(code, {}))
        for gated in self._reach.gated.get(code, ()):
            if gated not in seen and self._asked(gated) is not False:
                seen.add(gated)
                yield from self._reached_by(gated, seen)

    def _woken(self, outcomes):
        """The outcomes of {key: [Outcome]} whose key is carried, or may be once more is answered."""
        for key in self.carried:
            yield from outcomes.get(key, ())
        for key in islice(outcomes, _MANY):
            if key is not None and self._is_open(key[0]):
                yield from outcomes[key]
        if len(outcomes) > _MANY:
            for key in self.open_keys:
                yield from outcomes.get(key, ())

    def _is_open(self, code):
        asked = self._asked(code)
        return asked is None or (asked and code not in self._facts.given)
