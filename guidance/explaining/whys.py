"""Why an item is needed, why another is not, and what would drop it. Pure.

Nothing here is advice on how to get round a rule: it says what follows from which facts, and answers must be true.
"""

from dataclasses import dataclass

from guidance import wording
from guidance.engine import replay
from guidance.explaining import sentences
from guidance.explaining.changes import smallest
from guidance.reasoning.diagrams import TooComplex
from guidance.reasoning.guards import tokens_of

# Of what drops an item: more would be another business.
MOST_CHANGES = 2
# Of what makes one necessary: the trade, what of it, how, how large, and what hangs on each. Beyond it nobody reads on.
MOST_CONDITIONS = 6
# A few square metres less are a smaller change than another kind of shop.
_WEIGHT = {"number": 0, "boolean": 1, "multi": 2, "single": 3}
TOO_COMPLEX = "这里的条件交叉得太多，算不出改哪些回答就{then}。拿不准的，请到窗口问一问。"


@dataclass(frozen=True)
class Step:
    """One question to be answered otherwise."""

    question: object
    was: object  # the present answer; None where there is none
    answer: object
    text: str  # all that would do instead, as half a sentence

    @property
    def was_text(self):
        return "" if self.was is None else wording.answer_text(self.question, self.was)

    @property
    def answer_text(self):
        return wording.answer_text(self.question, self.answer)


@dataclass(frozen=True)
class Effect:
    """What else another answer does."""

    lost: tuple = ()  # codes of the items no longer needed, the one in question left out
    gained: tuple = ()  # codes of the items then certainly needed
    possible: tuple = ()  # codes of those that further questions would decide
    dropped: tuple = ()  # codes of the questions that are then not asked any more
    asks_more: bool = False  # whether questions are to be answered then that were not


@dataclass(frozen=True)
class Drop:
    """The smallest change after which an item is certainly not needed; without steps it could not be worked out."""

    steps: tuple
    effect: Effect
    text: str  # "如果经营面积不到 300 平方米，就不用办。"

    @property
    def answers(self):
        """{question code: answer}, or None."""
        return _answers_of(self.steps) or None


@dataclass(frozen=True)
class Need:
    """What would make an item necessary by one of its rules; without steps it is too far off, or so already."""

    rule: object
    steps: tuple
    text: str
    is_known: bool = True  # whether it could be worked out

    @property
    def answers(self):
        """{question code: answer}, or None where it is not known."""
        return _answers_of(self.steps) if self.is_known else None

    @property
    def further(self):
        """The questions among them that the person was not asked."""
        return [step.question for step in self.steps if step.was is None]


class Explainer:
    """Explains one Situation. Different items often hang on the same answers, so what these do is kept."""

    def __init__(self, catalogue, situation):
        self._catalogue, self._situation = catalogue, situation
        self._replayed = {}

    def drop_by(self, code):
        """Return the best Drop of a needed item, or None where no change of two answers would do."""
        return next(iter(self.drops(code)), None)

    def drops(self, code):
        """Return all the Drops equally small, each by other questions, the best first.

        That is the one that makes the fewest other items necessary, then leaves the most answers as they are, then
        loses the fewest items; then sooner a number or a detail than what the business is.
        """
        diagram = self._catalogue.reach.items[code].diagram(self._catalogue.diagrams)
        try:
            ways = smallest(self._catalogue, diagram, self._situation.answers, False, MOST_CHANGES)
        except TooComplex:
            return (Drop((), Effect(), TOO_COMPLEX.format(then="不用办")),)
        return tuple(self._drop(code, way) for way in sorted(ways, key=lambda way: self._disturbance(code, way)))

    def why_not(self, code):
        """Return a Need for each rule of an item not needed, those with the fewest answers to change first."""
        needs = [self._need(rule) for rule in self._catalogue.rules_of.get(code, ())]
        return tuple(sorted(needs, key=lambda need: len(need.steps) or MOST_CONDITIONS + 1))

    def near(self):
        """Return {item code: its Needs} of the items that one other answer would make necessary."""
        found = {code: self.why_not(code) for code in self._touched() if code not in self._situation.items}
        return {code: needs for code, needs in found.items() if len(needs[0].steps) == 1}

    def _touched(self):
        """Codes of the items that another answer to one question may reach, each once, by the order of the questions.

        Of the others no rule is looked at: those that compare the question wait for an answer to some other as well.
        """
        answers, questions = self._situation.answers, self._catalogue.questions
        carried = {token for code, answer in answers.items() for token in tokens_of(questions[code], answer)}
        touched = {}
        for code in self._situation.path:
            for key, outcomes in self._catalogue.reach.direct.get(code, {}).items():
                if key is None or key[0] == code or key in carried:
                    touched.update((one.code, None) for one in outcomes if one.is_item)
        return touched

    def _drop(self, code, way):
        steps = self._steps(way)
        return Drop(steps, self._effect(code, way.answers), f"如果{_joined(steps)}，就不用办。")

    def _need(self, rule):
        diagram = self._catalogue.diagrams.of(rule.when)
        try:
            ways = smallest(self._catalogue, diagram, self._situation.answers, True, MOST_CONDITIONS)
        except TooComplex:
            return Need(rule, (), TOO_COMPLEX.format(then="要办"), is_known=False)
        if not ways:
            return Need(rule, (), "离您现在的回答很远。")
        steps = self._steps(min(ways, key=self._weight))
        return Need(rule, steps, f"如果{_joined(steps)}，就要办。" if steps else "后面的问题不管怎样回答，都要办。")

    def _steps(self, way):
        questions, given = self._catalogue.questions, self._situation.answers
        return tuple(
            Step(questions[code], given.get(code), answer, sentences.answered(questions[code], way.instead[code]))
            for code, answer in way.answers.items()
        )

    def _disturbance(self, code, way):
        effect = self._effect(code, way.answers)
        gained = len(effect.gained) + len(effect.possible)
        return gained, len(effect.dropped) + effect.asks_more, len(effect.lost), self._weight(way)

    def _weight(self, way):
        questions, place = self._catalogue.questions, self._catalogue.diagrams.place
        return [(_WEIGHT[questions[code].type], -place[code]) for code in reversed(way.answers)]

    def _effect(self, code, answers):
        now, then = self._situation, self._after(answers)
        return Effect(
            lost=tuple(one for one in now.items if one not in then.items and one not in (code, *then.possible)),
            gained=tuple(one for one in then.items if one not in now.items),
            possible=tuple(one for one in then.possible if one not in now.possible),
            dropped=then.dropped,
            asks_more=then.next is not None and then.next != now.next,
        )

    def _after(self, answers):
        # What an answer is compared by: lists cannot be keys.
        key = tuple((code, str(answer)) for code, answer in answers.items())
        if key not in self._replayed:
            self._replayed[key] = replay(self._catalogue, {**self._situation.answers, **answers})
        return self._replayed[key]


def _answers_of(steps):
    return {step.question.code: step.answer for step in steps}


def _joined(steps):
    return "，并且".join(step.text for step in steps)
