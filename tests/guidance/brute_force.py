"""The proof's second opinion on small catalogues: everybody is played, nothing is reasoned about."""

from functools import cached_property

from tests.guidance.small import businesses, holds, what_follows


def violations(catalogue):
    """Return {(check, entry's code)} of all that is wrong, called as the proof calls it."""
    everybody = [Played(catalogue, business) for business in businesses(catalogue)]
    return {*_never(catalogue, everybody), *_idle_questions(catalogue, everybody), *_themes(catalogue, everybody)}


class Played:
    """A business with what it is asked and told."""

    def __init__(self, catalogue, business):
        self.catalogue, self.business = catalogue, business

    @cached_property
    def facts(self):
        facts = {}
        for code, question in self.catalogue.questions.items():
            if question.ask_when is None or holds(self.catalogue, question.ask_when, facts):
                facts[code] = self.business[code]
        return facts

    @cached_property
    def told(self):
        return what_follows(self.catalogue, self.business)

    @property
    def items(self):
        return {code for code, _ in self.told[0]}

    @property
    def free_items(self):
        blocks = [self.catalogue.notices[code] for code in self.told[1]]
        blocks = [notice for notice in blocks if notice.level == "block"]
        return {code for code in self.items if not any(not one.items or code in one.items for one in blocks)}

    def holds(self, when):
        return holds(self.catalogue, when, self.facts)


def _never(catalogue, everybody):
    asked = set().union(*(one.facts for one in everybody))
    needed = set().union(*(one.items for one in everybody))
    free = set().union(*(one.free_items for one in everybody))
    yield from (("unreachable_question", code) for code in catalogue.questions.keys() - asked)
    yield from (("unreachable_item", code) for code in catalogue.items.keys() - needed)
    yield from (("blocked_item", code) for code in needed - free)
    for rule in catalogue.rules:
        if not any(one.holds(rule.when) for one in everybody):
            yield "idle_rule", rule.code
    for notice in catalogue.notices.values():
        if not any(one.holds(notice.when) for one in everybody):
            yield "idle_notice", notice.code


def _idle_questions(catalogue, everybody):
    for code in set().union(*(one.facts for one in everybody)):
        told = {}
        for one in everybody:
            rest = tuple((other, str(answer)) for other, answer in one.business.items() if other != code)
            told.setdefault(rest, set()).add(str(one.told))
        if all(len(stories) == 1 for stories in told.values()):
            yield "idle_question", code


def _themes(catalogue, everybody):
    for theme in catalogue.themes.values():
        seeded = [one for one in everybody if theme.seed_answers.items() <= one.business.items()]
        if not any(theme.seed_answers.keys() <= one.facts.keys() for one in seeded):
            yield "theme", theme.code
        if not all(set(theme.core) <= one.items for one in seeded):
            yield "theme", theme.code
