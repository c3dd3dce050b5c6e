"""A catalogue that asks only what one item depends on: for whoever files that item alone (plan art. 21). Pure."""

import functools
from dataclasses import replace

from guidance.expressions import mentioned


@functools.lru_cache(maxsize=256)
def narrowed(catalogue, code):
    """Return the Catalogue with the questions, facts and notices that the item depends on; all else stays.

    Whether it is needed, forbidden, may be filed by promise, and what it then asks for comes out as with all questions.
    """
    wanted = _closure(catalogue, _expressions(catalogue, code))
    return replace(
        catalogue,
        questions={key: question for key, question in catalogue.questions.items() if key in wanted},
        derived={key: fact for key, fact in catalogue.derived.items() if key in wanted},
        rules=tuple(rule for rule in catalogue.rules if mentioned(rule.when) <= wanted),
        notices={key: notice for key, notice in catalogue.notices.items() if mentioned(notice.when) <= wanted},
    )


def _expressions(catalogue, code):
    item = catalogue.items[code]
    # Whether a prerequisite counts may hang on whether that item is needed.
    needed = {code, *(one.item for one in item.prerequisites if one.if_required)}
    yield from (rule.when for rule in catalogue.rules if rule.item in needed)
    yield from (notice.when for notice in catalogue.notices.values() if _forbids(notice, needed))
    yield item.commitment_when
    yield from item.field_when.values()
    yield from (condition.when for condition in item.conditions)
    for material in item.materials:
        yield from (material.required_when, material.commitment_when)


def _forbids(notice, items):
    return notice.level == "block" and (not notice.items or not items.isdisjoint(notice.items))


def _closure(catalogue, expressions):
    """Codes of the questions and derived facts that the expressions depend on, also through what is asked when."""
    reached, waiting = set(), set().union(*(mentioned(one) for one in expressions if one))
    while waiting:
        code = waiting.pop()
        reached.add(code)
        fact, question = catalogue.derived.get(code), catalogue.questions.get(code)
        further = fact.expr if fact else question.ask_when
        waiting |= (mentioned(further) if further else set()) - reached
    return reached
