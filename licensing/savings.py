"""What one form and one set of papers saved this applicant, counted from the case itself. Pure."""

from dataclasses import dataclass

from guidance.requirements import elements_of
from licensing.models import How


@dataclass(frozen=True)
class Saving:
    separate: int  # item by item: each application form, each set of papers
    merged: int  # each once
    asked: int  # what was really left to the applicant

    @property
    def saved(self):
        return self.separate - self.asked


@dataclass(frozen=True)
class Savings:
    fields: Saving
    papers: Saving
    items: int
    promised: int  # papers for which a promise stands
    deferred: int  # of the papers asked, those handed in after acceptance


def savings(plan, papers):
    """papers: what papers.ways() says; what the system prints itself nobody would hand in, so it is not counted."""
    items = [plan.catalogue.items[code] for code in plan.chosen]
    facts = plan.situation.facts
    counted = [paper for paper in papers if paper.how != How.GENERATED]
    return Savings(
        fields=Saving(
            separate=sum(len(elements_of(plan.catalogue, item, facts)) for item in items),
            merged=len(plan.elements),
            asked=sum(map(plan.is_typed, plan.elements)),
        ),
        papers=Saving(
            separate=sum(len(paper.items) for paper in counted),
            merged=len(counted),
            asked=sum(paper.uploaded or paper.deferred for paper in counted),
        ),
        items=len(items),
        promised=sum(paper.how == How.PROMISE for paper in papers),
        deferred=sum(paper.deferred for paper in papers),
    )
