"""A catalogue that asks only what one item depends on: for whoever files that item alone (plan art. 21). Pure."""

import functools
from dataclasses import replace

from guidance.expressions import mentioned
from guidance.reasoning.outcomes import parts_of


@functools.lru_cache(maxsize=256)
def narrowed(catalogue, code):
    """Return the Catalogue with the questions, facts and notices that the item depends on; all else stays.

    Whether it is needed, forbidden, may be filed by promise, and what it then asks for comes out as with all questions.
    """
    item = catalogue.items[code]
    # Whether a prerequisite counts may hang on whether that item is needed; what it asks for does not matter here.
    others = {one.item for one in item.prerequisites if one.if_required}
    needed = {code} | others
    rules = tuple(rule for rule in catalogue.rules if rule.item in needed)
    blocks = [notice for notice in catalogue.notices.values() if _forbids(notice, needed)]
    whens = [*(rule.when for rule in rules), *(notice.when for notice in blocks)]
    wanted = _closure(catalogue, whens + parts_of(item))
    return replace(
        catalogue,
        items=catalogue.items | {other: _bare(catalogue.items[other]) for other in others},
        questions={key: question for key, question in catalogue.questions.items() if key in wanted},
        derived={key: fact for key, fact in catalogue.derived.items() if key in wanted},
        rules=rules,
        notices={
            key: notice
            for key, notice in catalogue.notices.items()
            if mentioned(notice.when) <= wanted and (not notice.items or not needed.isdisjoint(notice.items))
        },
    )


def _bare(item):
    materials = tuple(replace(one, required_when=None, commitment_when=None) for one in item.materials)
    return replace(item, commitment_when=None, field_when={}, conditions=(), materials=materials)


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
