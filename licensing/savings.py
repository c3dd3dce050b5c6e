"""What one form and one set of papers saved this applicant, counted from the case itself. Pure.

A field is one entry of a form: a table counts once however many rows it has, and what the system fills by itself
(numbers it gives, sums of a table) is no field at all. It counts for an item when that item's form shows it here,
optional ones included. A paper is one named document; what the system prints from the form (`generated`) is none.

- separate: item by item, each with its own form and its own full set of papers, the ordinary way.
- merged: the same field and the same paper once for all items.
- left: without what is already there. Fields: a register, a held licence, the premises or an earlier filing knows
  them. Papers: a held licence, a result of another item here, a connected source or the department has them.
- asked: fields without those that an answer of the questionnaire already is. handed_in: papers without those for
  which a promise stands (告知承诺, plan art. 9); one left for later (容缺, art. 7) is handed in all the same, later.
"""

from dataclasses import dataclass

from guidance.requirements import elements_of
from licensing.merging import merge_materials
from licensing.models import How

_TO_HAND_IN = (How.UPLOAD, How.DEFERRED)


@dataclass(frozen=True)
class Fields:
    separate: int
    merged: int
    left: int
    asked: int


@dataclass(frozen=True)
class Papers:
    separate: int
    merged: int
    left: int
    handed_in: int


@dataclass(frozen=True)
class Savings:
    fields: Fields
    papers: Papers
    items: int
    promised: int  # papers for which a promise stands
    deferred: int  # of the papers handed in, those that come after acceptance


def savings(plan, papers, offered=None):
    """Return the Savings of a Plan: separate ≥ merged ≥ left ≥ the last.

    papers: what papers.ways() says of it. offered: {element code: Prefilled} of the enterprise's earlier filing;
    what the applicant left as it was counts as known.
    """
    kept = {code for code, one in (offered or {}).items() if plan.values.get(code) == one.value}
    items = [plan.catalogue.items[code] for code in plan.chosen]
    return Savings(
        fields=_fields(plan, items, kept),
        papers=_papers(plan, items, papers),
        items=len(items),
        promised=sum(paper.how == How.PROMISE for paper in papers),
        deferred=sum(paper.deferred for paper in papers),
    )


def _fields(plan, items, kept):
    facts, to_fill = plan.situation.facts, [wanted for wanted in plan.elements if wanted.code not in kept]
    forms = [element for item in items for element in elements_of(plan.catalogue, item, facts)]
    return Fields(
        separate=sum(not element.system_filled for element in forms),
        merged=sum(not wanted.element.system_filled for wanted in plan.elements),
        left=sum(map(plan.is_asked, to_fill)),
        asked=sum(map(plan.is_typed, to_fill)),
    )


def _papers(plan, items, papers):
    # Asked again without any promise: a promise is a saving, so it must not make the sets it is measured by smaller.
    sets = merge_materials(plan.catalogue, items, plan.situation.facts, plan.values)
    asking = {one.code: len(one.items) for one in sets if one.material.source != "generated"}
    # A result that must be there first stands in no item's own list.
    asking |= {one.code: len(one.items) for one in papers if one.how != How.GENERATED and one.code not in asking}
    ours = [paper for paper in papers if paper.code in asking]
    handed_in = sum(paper.how in _TO_HAND_IN for paper in ours)
    return Papers(
        separate=sum(asking.values()),
        merged=len(asking),
        left=handed_in + sum(paper.how == How.PROMISE for paper in ours),
        handed_in=handed_in,
    )
