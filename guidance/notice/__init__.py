"""The one-time notice (一次性告知书): all that the items take, told once (Licensing Law arts. 30, 32(4)). Pure."""

from dataclasses import dataclass

from guidance.notice.paper_list import paper_list
from guidance.notice.self_check import Verdict, self_check, told_values
from guidance.prerequisites import barriers, gates
from guidance.recommendation import answered, recommend, remarks_of
from guidance.requirements import may_commit
from guidance.wording import SURVEYS, committed_limit, verified, why_no_promise


@dataclass(frozen=True)
class Promise:
    """What filing by promise (告知承诺) changes, in words."""

    limit: str
    condition: str
    check: str


@dataclass(frozen=True)
class ItemNotice:
    item: object
    grounds: tuple  # of recommendation.Ground
    survey: str
    promise: Promise | None
    no_promise: str  # why not, "" where it may be promised
    later: tuple  # names of its papers that may come later (容缺)


@dataclass(frozen=True)
class Turn:
    """An item's place in the order; the names are those of other chosen items."""

    item: object
    received_after: tuple  # granted before it is received at all
    granted_after: tuple  # the work runs side by side, only its grant waits
    elsewhere: tuple  # needed, not chosen, and still to be granted first


@dataclass(frozen=True)
class Notice:
    items: tuple  # of ItemNotice, in the catalogue's order
    checks: tuple  # ((dimension, self_check.Lines), …)
    papers: tuple  # of PaperLine
    rounds: tuple  # tuples of Turns: those of one round run side by side
    remarks: tuple  # all notices that hold
    declined: tuple  # Items needed and left out (另行办理)
    blocked: tuple  # Items needed that may not be applied for now
    answers: tuple  # of recommendation.Answered

    @property
    def lines(self):
        """All Lines to check oneself against, whatever they are about."""
        return [line for _, lines in self.checks for line in lines]

    @property
    def unmet(self):
        return [line for line in self.lines if line.verdict == Verdict.UNMET]

    @property
    def handed_in(self):
        return [paper for paper in self.papers if paper.handed_in]

    @property
    def asked_for(self):
        """What is handed in whatever the form will say, as many as the result counts."""
        return [paper for paper in self.handed_in if not paper.only_if]

    @property
    def depending(self):
        return [paper for paper in self.handed_in if paper.only_if]


def notice_of(catalogue, situation, declined=()):
    """Return the Notice of a Situation without open questions; declined: item codes left out."""
    recommendation = recommend(catalogue, situation, declined)
    chosen = {one.item.code: one.item for one in recommendation.chosen}
    told = told_values(catalogue, situation)
    papers = paper_list(catalogue, situation, list(chosen), told, recommendation.results)
    return Notice(
        items=tuple(_item(one, situation.facts, papers) for one in recommendation.chosen),
        checks=self_check(catalogue, situation, chosen),
        papers=papers,
        rounds=_rounds(catalogue, situation, chosen),
        remarks=tuple(remarks_of(catalogue, situation)),
        declined=recommendation.declined,
        blocked=tuple(one.item for one in recommendation.requirements if one.blocks),
        answers=answered(catalogue, situation, set(situation.path) & situation.answers.keys()),
    )


def _item(requirement, facts, papers):
    item = requirement.item
    promise = _promise(item) if may_commit(item, facts) else None
    return ItemNotice(
        item=item,
        grounds=requirement.grounds,
        survey=SURVEYS.get(item.survey_timing, ""),
        promise=promise,
        no_promise="" if promise else why_no_promise(item),
        later=tuple(paper.name for paper in papers if paper.later and item.name in paper.items),
    )


def _promise(item):
    terms = item.commitment
    check = verified(terms) or SURVEYS.get(terms.survey_timing, "")
    return Promise(committed_limit(item, by_promise=True), item.commitment_reason, check)


def _rounds(catalogue, situation, chosen):
    """The chosen items in rounds: each item after all that must be granted before it is received. Acyclic by lint."""
    rounds, placed = [], set()
    while len(placed) < len(chosen):
        ripe = [code for code in chosen if code not in placed and placed.issuperset(barriers(chosen[code], chosen))]
        if not ripe:  # only a catalogue that no lint has seen goes in a circle
            ripe = [code for code in chosen if code not in placed]
        placed.update(ripe)
        rounds.append(tuple(_turn(catalogue, situation, chosen[code], chosen) for code in ripe))
    return tuple(rounds)


def _turn(catalogue, situation, item, chosen):
    def named(codes):
        return tuple(catalogue.items[code].name for code in codes)

    missing = [one.item for one in item.prerequisites if one.item in situation.items and one.item not in chosen]
    return Turn(item, named(barriers(item, chosen)), named(gates(item, chosen)), named(missing))
