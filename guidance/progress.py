"""How far along the questions a person is. Pure."""

from dataclasses import dataclass

from guidance.expressions import UNKNOWN, evaluate

# Measured over all themes answered at random: of the last few questions that may still be asked two in three are,
# of the thirty that hang on the choice of trades one in five.
FEW, LIKELY_OF_FEW, LIKELY_OF_MANY = 5, 2 / 3, 1 / 5


@dataclass(frozen=True)
class Progress:
    place: int  # of this question among those the person answers, from 1
    remaining: int  # about how many come after it

    @property
    def total(self):
        return self.place + self.remaining


def progress(catalogue, situation, code, seeded):
    """Where question `code` stands; questions that a theme answered are not counted."""
    own = [one for one in situation.path if one == code or one not in seeded]
    place = own.index(code) + 1
    return Progress(place, len(own) - place + _still_open(catalogue, situation))


def _still_open(catalogue, situation):
    """About how many questions beyond the path will be asked."""
    sure = likely = 0
    for code, question in catalogue.questions.items():
        if code in situation.path or code in situation.answers or situation.facts.get(code) is not UNKNOWN:
            continue
        asked = question.ask_when is None or evaluate(question.ask_when, situation.facts)
        sure += asked is True
        likely += asked is None
    return sure + round(likely * (LIKELY_OF_FEW if likely <= FEW else LIKELY_OF_MANY))
