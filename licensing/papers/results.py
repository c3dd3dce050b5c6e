"""Results that must be there first, where no paper of an item's own list stands for them: the applicant brings them."""

from dataclasses import replace

from guidance.prerequisites import result_name, results_due
from guidance.requirements import results_of
from licensing.models import How
from licensing.papers import answers
from licensing.papers.paper import Paper

_RESULT_OF = "result-of-"


def prerequisites(plan, records):
    """Return a Paper for each. records: {code: SharedRecord} of what sources know of this holder and place."""
    return [_as_answered(paper, records.get(paper.code)) for paper in _wanted(plan)]


def askable_prerequisites(plan):
    """{code of such a paper: codes under which a source may know it}."""
    return {paper.code: (paper.code.removeprefix(_RESULT_OF),) for paper in _wanted(plan)}


def _as_answered(paper, record):
    if record and record.counts:
        paper = replace(paper, how=How.SHARED, note=answers.found(record))
    return replace(paper, **answers.told(paper.how, paper.note, record))


def _wanted(plan):
    covered = {code for wanted in plan.materials for code in results_of(plan.catalogue, wanted.material)}
    due = results_due(plan.catalogue, plan.chosen, plan.required, {*plan.licences, *covered})
    items = plan.catalogue.items
    return [
        Paper(
            f"{_RESULT_OF}{code}",
            result_name(items[code]),
            How.UPLOAD,
            f"这次没有办理“{items[code].name}”，已经办好的请上传",
            tuple(waiting),
        )
        for code, waiting in due.items()
    ]
