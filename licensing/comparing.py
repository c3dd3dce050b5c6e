"""What one person owes under two catalogues, told apart: items, papers, fields, time, and questions. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from guidance.roadmap import days_of, roadmap
from licensing.models import How

_TO_HAND_IN = (How.UPLOAD, How.DEFERRED)


class Effect(StrEnum):
    """What other rules would mean for an application that is open."""

    UNAFFECTED = "unaffected"
    BETTER = "better"
    NEED_ACTION = "need_action"


@dataclass(frozen=True, eq=False)
class Owed:
    """What one set of answers leads to under one catalogue."""

    plan: object
    papers: dict  # {code: Paper} of those to hand in
    fields: dict  # {code: WantedElement} of those to fill in
    days: int  # expected working days: the longest chain of the chosen items
    refused: dict  # {question: why its answer does not count here}

    @classmethod
    def of(cls, plan, papers, refused):
        """papers: what papers.ways_ahead() says of the plan."""
        items = {code: plan.catalogue.items[code] for code in plan.chosen}
        return cls(
            plan=plan,
            papers={paper.code: paper for paper in papers if paper.how in _TO_HAND_IN},
            fields={wanted.code: wanted for wanted in plan.elements if plan.is_typed(wanted)},
            days=roadmap(items, plan.committed).total,
            refused=refused,
        )

    @property
    def items(self):
        """Codes of the items to file, here or elsewhere: neither held nor forbidden."""
        return {*self.plan.chosen, *self.plan.declined}

    @property
    def open_question(self):
        return self.plan.situation.next


@dataclass(frozen=True)
class Difference:
    """A value: cases that differ alike have equal ones. Pairs are (codes that come, codes that go), sorted."""

    items: tuple = ((), ())
    papers: tuple = ((), ())
    fields: tuple = ((), ())
    days: int = 0  # working days more for the whole
    item_days: tuple = ()  # (code, working days more) of the items to file in both whose own time differs
    asked: tuple = ()  # questions of the new catalogue that are open
    refused: tuple = ()  # questions whose answers the new catalogue does not allow
    lines: tuple = ()  # each difference with its reason, for people

    def __bool__(self):
        return bool(self.lines)

    @property
    def asks_more(self):
        """Has the person something more to do?"""
        return bool(self.asked or self.refused or any(pair[0] for pair in (self.items, self.papers, self.fields)))

    @property
    def asks_less(self):
        faster = any(days < 0 for days in self._times)
        return faster or any(pair[1] for pair in (self.items, self.papers, self.fields))

    @property
    def is_slower(self):
        return any(days > 0 for days in self._times)

    @property
    def _times(self):
        return self.days, *(days for _, days in self.item_days)

    @property
    def weight(self):
        """Larger differences sort later: by items, then papers, fields, days, questions."""
        counts = (sum(map(len, pair)) for pair in (self.items, self.papers, self.fields))
        times = abs(self.days), sum(abs(days) for _, days in self.item_days)
        return (*counts, *times, len(self.asked) + len(self.refused))


def compare(before, after):
    """Return the Difference of two Oweds of the same person."""
    items, papers, fields = (
        _pair(getattr(before, kind), getattr(after, kind)) for kind in ("items", "papers", "fields")
    )
    refused = tuple(sorted(set(after.refused) - set(before.refused)))
    asked = (after.open_question,) if after.open_question and not before.open_question else ()
    return Difference(
        items=items,
        papers=papers,
        fields=fields,
        days=after.days - before.days,
        item_days=tuple(sorted((code, now - was) for code, was, now in _retimed(before, after))),
        asked=asked,
        refused=refused,
        lines=(
            *_refused_lines(before, after, refused),
            *(f"多问“{after.plan.catalogue.questions[code].text}”" for code in asked),
            *_item_lines(before, after, items),
            *_paper_lines(before, after, papers),
            *_field_lines(before, after, fields),
            *_day_lines(before, after),
        ),
    )


def compare_answers(before, after):
    """As compare(), of somebody who has not answered everything yet: only whether the answers still count."""
    refused = tuple(sorted(set(after.refused) - set(before.refused)))
    return Difference(refused=refused, lines=tuple(_refused_lines(before, after, refused)))


def effect(difference, *, is_draft):
    """Return the Effect on an open application. One submitted keeps its release, so it never owes more."""
    if is_draft and difference.asks_more:
        return Effect.NEED_ACTION
    better = difference.asks_less and not difference.asks_more and not difference.is_slower
    return Effect.BETTER if better else Effect.UNAFFECTED


def _pair(before, after):
    return tuple(sorted(set(after) - set(before))), tuple(sorted(set(before) - set(after)))


def _refused_lines(before, after, codes):
    for code in codes:
        question = before.plan.catalogue.questions.get(code)
        yield f"“{question.text if question else code}”的回答不能用了：{after.refused[code]}"


def _item_lines(before, after, pair):
    came, went = pair
    for code in came:
        forbidden = _forbidding(before, code)
        why = f"不再禁止：{forbidden}" if forbidden else _because(after, code)
        yield f"多办“{after.plan.catalogue.items[code].name}”（{why}）"
    for code in went:
        forbidden = _forbidding(after, code)
        why = f"现在不能办：{forbidden}" if forbidden else f"以前的规则：{_because(before, code)}"
        yield f"少办“{before.plan.catalogue.items[code].name}”（{why}）"


def _because(owed, code):
    return "；".join(f"{reason.because} {reason.basis}".strip() for reason in owed.plan.situation.reasons.get(code, ()))


def _forbidding(owed, code):
    """What forbids an item that is needed; "" where nothing does."""
    if code not in owed.plan.blocked:
        return ""
    notices = (owed.plan.catalogue.notices[one] for one in owed.plan.situation.blocks)
    return "；".join(notice.text for notice in notices if code in notice.items or not notice.items)


def _paper_lines(before, after, pair):
    for sign, owed, codes in (("多", after, pair[0]), ("少", before, pair[1])):
        for code in codes:
            paper = owed.papers[code]
            yield f"{sign}交材料“{paper.name}”（“{'、'.join(owed.plan.names(paper.items))}”要）"


def _field_lines(before, after, pair):
    for sign, owed, codes in (("多", after, pair[0]), ("少", before, pair[1])):
        for code in codes:
            wanted = owed.fields[code]
            yield f"{sign}填“{wanted.element.label}”（“{'、'.join(owed.plan.names(wanted.items))}”要）"


def _day_lines(before, after):
    items = after.plan.catalogue.items
    changed = "；".join(f"“{items[code].name}” {was}→{now}" for code, was, now in _retimed(before, after))
    if before.days != after.days:
        yield f"预计 {before.days}→{after.days} 个工作日（{changed or '事项或者先后不同了'}）"
    elif changed:
        # Without the total: whoever meets the same change differs alike, however long the whole takes.
        yield f"{changed} 个工作日，全部办好的日子不变"


def _retimed(before, after):
    """[(code, days it took, days it takes)] of the items to file in both whose own time differs."""
    was, now = _days(before), _days(after)
    return [(code, was[code], now[code]) for code in now if code in was and was[code] != now[code]]


def _days(owed):
    plan = owed.plan
    return {code: days_of(plan.catalogue.items[code], by_promise=code in plan.committed) for code in plan.chosen}
