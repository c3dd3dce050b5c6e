"""How many questions people are asked: counted on made-up businesses. Pure."""

import math
import random
from dataclasses import dataclass

from guidance.engine import replay
from guidance.reasoning.facts import Facts

# How many options of a question with several a business takes: mostly one, now and then none or three.
_TAKEN, _WEIGHTS = (0, 1, 2, 3), (1, 4, 2, 1)


@dataclass(frozen=True)
class Count:
    """Over so many businesses, the questions asked of one."""

    businesses: int
    mean: float
    most: int
    mean_of_all: float  # if every question were asked whose `ask_when` holds
    most_of_all: int


def count(catalogue, businesses, known=None):
    """Return the Count over these businesses. known: answers that are there already, as a theme's, and not counted."""
    few, all_ = [], []
    for business in businesses:
        few.append(len(asked(catalogue, business, known)))
        all_.append(len(asked_of_all(catalogue, business, known)))
    return Count(len(few), sum(few) / len(few), max(few), sum(all_) / len(all_), max(all_))


def drawn(catalogue, number, seed=1):
    """Yield so many random businesses: {question code: what they would answer if asked}, one answer to every question.

    The same for the same seed, in whatever order the catalogue asks.
    """
    chance = random.Random(seed)  # noqa: S311
    questions = sorted(catalogue.questions.values(), key=lambda question: question.code)
    for _ in range(number):
        yield {question.code: draw(question, chance) for question in questions}


def draw(question, chance):
    """Return some answer that the question allows."""
    if question.type == "boolean":
        return chance.random() < 0.5
    if question.type == "single":
        return chance.choice(question.values)
    if question.type == "multi":
        taken = min(chance.choices(_TAKEN, _WEIGHTS)[0], len(question.values))
        return [question.values[place] for place in sorted(chance.sample(range(len(question.values)), taken))]
    return _draw_number(question.validation, chance)


def _draw_number(limits, chance):
    # As many between 10 and 100 as between 100 and 1000: the thresholds of a catalogue lie everywhere.
    low, high = limits.get("min", 0), limits.get("max", 1000)
    return min(high, low + int(math.expm1(chance.uniform(0, math.log1p(high - low)))))


def asked(catalogue, business, known=None):
    """Codes of the questions the person is asked, in turn, when each is answered as the business would."""
    answers, codes = dict(known or {}), []
    while (code := replay(catalogue, answers).next) is not None:
        answers[code] = business[code]
        codes.append(code)
    return codes


def asked_of_all(catalogue, business, known=None):
    """Codes of the questions asked when every question is whose `ask_when` holds, whether or not it matters."""
    known = known or {}
    facts = Facts(catalogue, {**business, **known})
    return [code for code in catalogue.questions if code not in known and facts.asked(code)]
