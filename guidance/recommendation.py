"""What a person is shown at the end: which items, why, what they ask for, what stands in the way. Pure."""

from dataclasses import dataclass

from guidance import wording
from guidance.expressions import grounds
from guidance.prerequisites import result_name, results_due
from guidance.requirements import conditions_of, materials_of, results_of

EFFECTS = {"block": "不能申请", "warn": "可以申请，但有可能办不下来", "info": "不影响这次申请"}


@dataclass(frozen=True)
class Answered:
    """A question with its answer in words."""

    question: object
    text: str


@dataclass(frozen=True)
class Ground:
    because: str
    basis: str
    answers: tuple  # of Answered


@dataclass(frozen=True)
class Remark:
    """A notice that holds, with its effect and the answers that cause it."""

    level: str
    text: str
    effect: str
    answers: tuple
    items: tuple  # codes; empty: all items for a block, none for the rest


@dataclass(frozen=True)
class Paper:
    material: object
    provider: str
    items: tuple  # names of the chosen items that ask for it

    @property
    def handed_in(self):
        return self.provider == wording.BY_APPLICANT


@dataclass(frozen=True)
class Result:
    """What an item filed elsewhere leads to, where it must be there first and no paper stands for it."""

    item: object
    waiting: tuple  # the chosen Items that wait for it

    @property
    def name(self):
        return result_name(self.item)

    @property
    def items(self):
        return tuple(item.name for item in self.waiting)


@dataclass(frozen=True)
class Requirement:
    item: object
    grounds: tuple
    blocks: tuple  # of Remark
    remarks: tuple
    conditions: tuple
    papers: tuple
    chosen: bool


@dataclass(frozen=True)
class Recommendation:
    requirements: tuple  # in the catalogue's order
    remarks: tuple  # those that belong to no required item
    papers: tuple  # of the chosen items, each once
    results: tuple  # of Result: to be handed in beside the papers
    declined: tuple  # Items needed, possible, and not chosen

    @property
    def chosen(self):
        return [requirement for requirement in self.requirements if requirement.chosen]

    @property
    def choosable(self):
        return [requirement for requirement in self.requirements if not requirement.blocks]

    @property
    def handed_in(self):
        return [paper for paper in self.papers if paper.handed_in]

    @property
    def handed_in_count(self):
        return len(self.handed_in) + len(self.results)


def recommend(catalogue, situation, declined=()):
    """Return the Recommendation of a Situation without open questions; `declined`: item codes left out."""
    needed = [code for code in catalogue.items if code in situation.items]
    chosen = [code for code in needed if code not in situation.blocked_items and code not in declined]
    remarks = remarks_of(catalogue, situation)
    requirements = tuple(_requirement(catalogue, situation, code, chosen, remarks) for code in needed)
    shown = {id(remark) for one in requirements for remark in (*one.blocks, *one.remarks)}
    papers = _merged(requirements)
    return Recommendation(
        requirements=requirements,
        remarks=tuple(remark for remark in remarks if id(remark) not in shown),
        papers=papers,
        results=tuple(_results(catalogue, situation, chosen, papers)),
        declined=tuple(one.item for one in requirements if not one.blocks and not one.chosen),
    )


def remarks_of(catalogue, situation):
    """The notices that hold, blocks first, else in the catalogue's order."""
    holding = [catalogue.notices[code] for code in catalogue.notices if code in situation.blocks]
    holding += [catalogue.notices[code] for code in catalogue.notices if code in situation.notices]
    return [_remark(catalogue, situation, notice) for notice in holding]


def answered(catalogue, situation, codes):
    questions = (catalogue.questions[code] for code in catalogue.questions if code in codes)
    return tuple(Answered(one, wording.answer_text(one, situation.answers[one.code])) for one in questions)


def grounds_of(catalogue, situation, code):
    """Why that needed item is needed: a Ground for each rule that holds."""
    return tuple(
        Ground(reason.because, reason.basis, answered(catalogue, situation, reason.causes))
        for reason in situation.reasons[code]
    )


def _remark(catalogue, situation, notice):
    about = wording.names(notice.items, catalogue)
    if notice.level == "block":
        effect = f"{about or '所有事项'}这次{EFFECTS['block']}。"
    else:
        effect = f"{EFFECTS[notice.level]}{f'{about}' if about else ''}。"
    causes = grounds(notice.when, situation.sure, catalogue.expressions)
    return Remark(notice.level, notice.text, effect, answered(catalogue, situation, causes), notice.items)


def _requirement(catalogue, situation, code, chosen, remarks):
    item = catalogue.items[code]
    about = [remark for remark in remarks if code in remark.items or (remark.level == "block" and not remark.items)]
    materials = materials_of(item, situation.facts, {})
    return Requirement(
        item=item,
        grounds=grounds_of(catalogue, situation, code),
        blocks=tuple(remark for remark in about if remark.level == "block"),
        remarks=tuple(remark for remark in about if remark.level != "block"),
        conditions=tuple(conditions_of(item, situation)),
        papers=tuple(
            Paper(material, provider(catalogue, material, situation.items, chosen), (item.name,))
            for material in materials
        ),
        chosen=code in chosen,
    )


def provider(catalogue, material, needed, chosen):
    """Who brings a paper: an item's result comes by itself if the item is chosen too, and is brought if it is not."""
    if material.source == "generated":
        return wording.GENERATED
    results = results_of(catalogue, material)
    if any(code in chosen for code in results):
        return wording.BY_RESULT
    if any(code in needed for code in results):
        return wording.BY_APPLICANT
    return wording.SHARED if material.source == "shared" else wording.BY_APPLICANT


def _merged(requirements):
    """The papers of the chosen items, the same code once, with all the items that ask for it."""
    papers = {}
    for requirement in requirements:
        for paper in requirement.papers if requirement.chosen else ():
            first = papers.setdefault(paper.material.code, paper)
            if first is not paper:
                papers[first.material.code] = Paper(first.material, first.provider, first.items + paper.items)
    return tuple(papers.values())


def _results(catalogue, situation, chosen, papers):
    covered = {code for paper in papers for code in results_of(catalogue, paper.material)}
    for code, waiting in results_due(catalogue, chosen, situation.items, covered).items():
        yield Result(catalogue.items[code], tuple(catalogue.items[one] for one in waiting))
