"""What an officer sees of a task: the fields and papers its item asks for, and no more."""

from datetime import date

from guidance import releases
from guidance.wording import committed_limit, statutory_limit
from licensing import log
from licensing.wording import day_text, value_text
from routing.conditions import open_prerequisites
from routing.dossier_fields import Line, disputed_of, groups_of
from routing.dossier_papers import deferral_promise_of, file_of, papers_of
from routing.explaining import why
from routing.forms import FaceForm
from routing.lamps import lamp_of
from routing.models import OPEN, About, ClockStop, StopKind
from routing.values import current_values
from routing.wording import EVENTS, HOW


def dossier_of(task, full=()):
    """Return what the task's page shows, in a constant number of queries. full: codes of elements not masked."""
    item, siblings = task.as_catalogued, siblings_of(task)
    values, papers = current_values(task.application), papers_of(task)
    return {
        "task": task,
        "kind": item,
        "lamp": lamp_of(task),
        "why": why(task) if task.complete_at else None,
        "stops": [stop for stop in task.stops.all() if stop.ended_on is None],
        "past_stops": [stop for stop in task.stops.all() if stop.ended_on],
        "groups": groups_of(task, values, siblings, full),
        "disputed": disputed_of(task),
        "papers": papers,
        "deferred": [paper for paper in papers if paper.how == HOW["deferred"] and not paper.files],
        "commitment": task.application.snapshot.get("commitments", {}).get(task.item_code),
        "deferral_promise": deferral_promise_of(task),
        "corrections": corrections_of(task),
        "siblings": siblings,
        "history": history_of(task),
        "documents": list(task.documents.order_by("-issued_at", "-pk")),
        "waits_for": open_prerequisites(task) if task.status in OPEN else [],
        "face": face_of(item, task.face),
        "committed_limit": committed_limit(item, by_promise=task.by_commitment),
        "statutory_limit": statutory_limit(item),
    }


def siblings_of(task):
    """The application's other tasks, each with its `surveys`: the surveys are for all who decide on the place."""
    siblings = list(task.application.tasks.exclude(pk=task.pk).select_related("item", "office").order_by("pk"))
    surveys = ClockStop.objects.filter(task__in=siblings, kind=StopKind.SURVEY) if siblings else []
    for other in siblings:
        other.surveys = []
    of = {other.pk: other for other in siblings}
    for survey in surveys:
        of[survey.task_id].surveys.append(survey)
    return siblings


def corrections_of(task):
    """The Corrections, latest first, each with its `shown` points: {"point", "value" in words, "files"}."""
    elements = releases.load(task.application.release_id).elements
    rounds = list(task.corrections.select_related("answered_by").prefetch_related("points__files").order_by("-round"))
    for one in rounds:
        one.shown = [_answered(point, elements, one) for point in one.points.all()]
    return rounds


def _answered(point, elements, correction):
    element = elements.get(point.code) if point.about == About.ELEMENT else None
    value = value_text(element, point.value, hide=True) if element else ""
    # What is kept with an open notice is still the applicant's own.
    files = [file_of(file) for file in point.files.all()] if correction.answered_at else []
    return {"point": point, "value": value, "files": files}


def face_of(item, face):
    """A face as Lines; a licence without an end says so."""
    if not face:
        return []
    return [Line(field.label, _face_text(name, face.get(name))) for name, field in FaceForm(item).fields.items()]


def _face_text(name, value):
    if name == "valid_until" and not value:
        return "长期"
    if name in ("issued_on", "valid_until"):
        return day_text(date.fromisoformat(value))
    return value or "无"


def history_of(task):
    """Return this item's log rows, latest first, each with `words`."""
    rows = task.application.log.filter(item_code=task.item_code)
    return log.in_words(rows.select_related("actor").order_by("-sequence"), EVENTS)
