"""A second opinion on small catalogues: every combination of answers is played, nothing is reasoned about.

Only for catalogues whose numbers are whole and few. It shares with the proof the two-valued evaluation of expressions,
and nothing else: no cells, no diagrams, no outcomes.
"""

import itertools

from guidance.expressions import evaluate


def violations(catalogue):
    """Return {(check, entry)} of all that is wrong, as the proof names it."""
    dead = {code for code, question in catalogue.questions.items() if not answers_of(question)}
    if dead:
        raise ValueError("a question without an answer has no combinations")
    worlds = list(_worlds(catalogue))
    return {
        *_never(("unreachable_question", code, lambda w, c=code: c in w.facts) for code in catalogue.questions)(worlds),
        *_never(("idle_rule", rule.code, lambda w, r=rule: evaluate(r.when, w.facts)) for rule in catalogue.rules)(
            worlds
        ),
        *_never(("idle_notice", code, lambda w, c=code: c in w.notices) for code in catalogue.notices)(worlds),
        *_never(("unreachable_item", code, lambda w, c=code: c in w.items) for code in catalogue.items)(worlds),
        *_always_blocked(catalogue, worlds),
        *_idle_questions(catalogue, worlds),
        *_themes(catalogue, worlds),
    }


class World:
    """What every question would be answered with, and all that follows."""

    def __init__(self, catalogue, answers):
        self.answers, self.facts = answers, {}
        for step in catalogue.steps:
            if step.code in catalogue.derived:
                self.facts[step.code] = evaluate(step.expr, self.facts)
            elif step.ask_when is None or evaluate(step.ask_when, self.facts):
                self.facts[step.code] = answers[step.code]
        self.items = {rule.item for rule in catalogue.rules if self.holds(rule.when)}
        self.notices = {code for code, notice in catalogue.notices.items() if self.holds(notice.when)}
        blocks = [one for code, one in catalogue.notices.items() if code in self.notices and one.level == "block"]
        self.blocked = {item for block in blocks for item in block.items or catalogue.items}

    def holds(self, when):
        return when is None or evaluate(when, self.facts)

    def outcome(self, catalogue):
        """All that a person is told, to be compared."""
        return frozenset(self.items), frozenset(self.notices), tuple(map(self._asked_for, self._needed(catalogue)))

    def _needed(self, catalogue):
        return [item for code, item in catalogue.items.items() if code in self.items]

    def _asked_for(self, item):
        return (
            *(self.holds(condition.when) for condition in item.conditions),
            *(self.holds(material.required_when) for material in item.materials),
            *(
                # A paper that is not asked for is not promised either.
                self.holds(material.required_when) and self.holds(material.commitment_when)
                for material in item.materials
            ),
            *(self.holds(when) for when in item.field_when.values()),
            item.commitment_allowed and self.holds(item.commitment_when),
        )


def _worlds(catalogue):
    choices = [answers_of(question) for question in catalogue.questions.values()]
    for values in itertools.product(*choices):
        yield World(catalogue, dict(zip(catalogue.questions, values, strict=True)))


def answers_of(question):
    if question.type == "boolean":
        return [True, False]
    if question.type == "single":
        return list(question.values)
    if question.type == "multi":
        sizes = range(len(question.values) + 1)
        return [list(some) for size in sizes for some in itertools.combinations(question.values, size)]
    return list(range(question.validation["min"], question.validation["max"] + 1))


def _never(statements):
    def check(worlds):
        for name, code, holds in statements:
            if not any(holds(world) for world in worlds):
                yield name, code

    return check


def _always_blocked(catalogue, worlds):
    for code in catalogue.items:
        needing = [world for world in worlds if code in world.items]
        if needing and all(code in world.blocked for world in needing):
            yield "blocked_item", code


def _idle_questions(catalogue, worlds):
    for code in catalogue.questions:
        told = {}
        for world in worlds:
            others = tuple((key, str(value)) for key, value in world.answers.items() if key != code)
            told.setdefault(others, set()).add(world.outcome(catalogue))
        asked = any(code in world.facts for world in worlds)
        if asked and all(len(outcomes) == 1 for outcomes in told.values()):
            yield "idle_question", code


def _themes(catalogue, worlds):
    for code, theme in catalogue.themes.items():
        seeded = [world for world in worlds if theme.seed_answers.items() <= world.answers.items()]
        if not any(theme.seed_answers.keys() <= world.facts.keys() for world in seeded) or any(
            not set(theme.core) <= world.items for world in seeded
        ):
            yield "theme", code
