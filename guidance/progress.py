"""How far along the questions a person is. Pure."""

from dataclasses import dataclass

from guidance.reasoning.relevance import Relevance

# Measured over all themes answered at random, right by one question on average: what may be asked now is asked nearly
# always; of the few questions that hang on others every second, of many not even every third.
FEW, LIKELY_OF_FEW, LIKELY_OF_MANY = 8, 1 / 2, 3 / 10
# A person is asked a few dozen questions at most, however many the catalogue holds.
MOST = 50


@dataclass(frozen=True)
class Progress:
    place: int  # of this question among those the person answers, from 1
    remaining: int  # about how many come after it

    @property
    def total(self):
        return self.place + self.remaining


def progress(situation, code, seeded):
    """Where question `code` stands; questions that a theme answered are not counted."""
    own = [one for one in situation.path if one == code or one not in seeded]
    place = own.index(code) + 1
    return Progress(place, len(own) - place + _still_open(situation))


def _still_open(situation):
    """About how many questions beyond the path will be asked."""
    if situation.next is None:
        return 0
    relevance = Relevance(situation.facts)
    askable = relevance.askable()
    sure = sum(code != situation.next and relevance.is_relevant(code) for code in askable)
    likely = len(relevance.open_questions(MOST).difference(askable))
    return sure + round(likely * (LIKELY_OF_FEW if likely <= FEW else LIKELY_OF_MANY))
