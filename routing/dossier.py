"""What an officer sees of a task: the fields and papers its item asks for, and no more."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from guidance import releases
from guidance.wording import committed_limit, statutory_limit
from licensing import log
from licensing.masking import is_masked
from licensing.models import FileState, StoredFile
from licensing.prefilling import NUMBER_ELEMENTS
from licensing.wording import day_text, rows_text, table_of, value_text
from routing.conditions import open_prerequisites
from routing.explaining import why
from routing.forms import FaceForm
from routing.lamps import lamp_of
from routing.models import OPEN, About, ClockStop, StopKind, TaskStatus
from routing.values import current_values
from routing.wording import EVENTS, HOW


@dataclass(frozen=True)
class Dispute:
    """What the source says, in words, and why the applicant says something else."""

    was: str
    reason: str
    source: str


@dataclass(frozen=True)
class Line:
    """signed: what was signed, where a correction has changed it since. code: of an element that stands masked."""

    label: str
    text: str
    signed: str = ""
    dispute: Dispute | None = None
    code: str = ""


@dataclass(frozen=True)
class Table:
    label: str
    columns: tuple  # labels
    rows: tuple  # each a tuple of (label, text)
    signed: tuple = ()  # the rows that were signed, one line each, where a correction has changed them
    code: str = ""  # of an element that stands masked


@dataclass(frozen=True)
class Group:
    name: str
    lines: tuple
    tables: tuple
    empty: tuple  # labels of what was not filled in

    @property
    def is_filled(self):
        return bool(self.lines or self.tables)


@dataclass(frozen=True)
class PaperFile:
    """kind: image or pdf, how a page shows it; is_later: handed in after signing; only a clean file opens."""

    public_id: str
    name: str
    size: int
    kind: str
    is_later: bool
    clean: bool
    scanned: bool  # for viruses, where the city has a scanner


@dataclass(frozen=True)
class Paper:
    code: str
    name: str
    how: str
    note: str
    files: tuple  # PaperFiles
    due_on: date | None = None  # until when a paper left for later is still to come


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
        "deferral_promise": _deferral_promise(task),
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


def groups_of(task, values, siblings=(), full=()):
    """Return the Groups of elements that were asked for this item, in the form's order. values: as they stand.

    Numbers that name a person are masked, but for the elements whose codes are in `full`.
    """
    application = task.application
    elements = releases.load(application.release_id).elements
    asked = set(asked_of(task))
    values = _registered(application.enterprise, siblings) | values
    wanted = [element for code, element in elements.items() if code in asked]
    shown = _Shown(values, application.snapshot["values"], application.snapshot.get("disputes", {}), frozenset(full))
    # The dictionary keeps the elements of a group together, and its groups in the form's order.
    return [_group(name, list(members), shown) for name, members in groupby(wanted, key=lambda e: e.group)]


def asked_of(task):
    """Codes of the elements that the task's item asked for."""
    return task.application.snapshot["items"][task.item_code]["elements"]


def masked_of(task):
    """Codes of the item's own elements that hold masked numbers: what its officers may see in full."""
    elements = releases.load(task.application.release_id).elements
    return [code for code in asked_of(task) if is_masked(elements[code])]


def disputed_of(task):
    """Labels of this item's elements for which the applicant put something else than what is registered."""
    elements = releases.load(task.application.release_id).elements
    disputes = task.application.snapshot.get("disputes", {})
    return [elements[code].label for code in asked_of(task) if code in disputes]


@dataclass(frozen=True)
class _Shown:
    """What the lines of a page are made from, all by element code."""

    values: dict
    signed: dict
    disputes: dict
    full: frozenset

    def before(self, code):
        """What was signed, where it is another value by now; else None."""
        signed = self.signed.get(code)
        return signed if signed != self.values[code] else None

    def hides(self, element):
        return is_masked(element) and element.code not in self.full


def _group(name, elements, shown):
    filled = [element for element in elements if value_text(element, shown.values.get(element.code))]
    return Group(
        name,
        lines=tuple(_line(each, shown) for each in filled if each.type != "rows"),
        tables=tuple(_table(each, shown) for each in filled if each.type == "rows"),
        empty=tuple(each.label for each in elements if each not in filled),
    )


def _line(element, shown):
    code, hide = element.code, shown.hides(element)
    said = shown.disputes.get(code)
    return Line(
        element.label,
        value_text(element, shown.values[code], hide=hide),
        value_text(element, shown.before(code), hide=hide),
        said and Dispute(value_text(element, said["was"], hide=hide), said["reason"], said["source"]),
        code if hide else "",
    )


def _table(element, shown):
    code, hide = element.code, shown.hides(element)
    labels = [f"{column.label}（{column.unit}）" if column.unit else column.label for column in element.columns]
    rows = (tuple(zip(labels, texts, strict=True)) for texts in table_of(element, shown.values[code], hide=hide))
    signed = rows_text(element, shown.before(code), hide=hide)
    return Table(element.label, tuple(labels), tuple(rows), tuple(signed), code if hide else "")


def _registered(enterprise, siblings):
    """What the system fills in after signing: a founder has no USCC while filling the form."""
    known = {
        "uscc": enterprise.uscc,
        "entity_name": enterprise.uscc and enterprise.name,
        "establish_date": enterprise.register.get("establish_date"),
    }
    for other in siblings:
        if other.item_code in NUMBER_ELEMENTS and other.status == TaskStatus.GRANTED:
            known[NUMBER_ELEMENTS[other.item_code]] = other.face["number"]
    return {code: value for code, value in known.items() if value}


def papers_of(task):
    """Return the Papers of this item: what was signed, and what was handed in later, by correction or deferral."""
    snapshot = task.application.snapshot
    codes = snapshot["items"][task.item_code]["materials"]
    kept = task.application.materials.filter(code__in=codes).prefetch_related("files")
    now = {material.code: list(material.files.all()) for material in kept}
    missing = {code for code in codes if code not in now}
    signed = {file for code in missing for file in snapshot["materials"][code]["files"]}
    others = {str(file.public_id): file for file in StoredFile.objects.filter(public_id__in=signed)} if signed else {}
    due = {one.material.code: one.due_on for one in task.deferrals.select_related("material") if not one.supplied_at}
    return [_paper(code, snapshot["materials"][code], now.get(code), others, due.get(code)) for code in codes]


def _paper(code, met, files, others, due_on):
    if files is None:
        files = [others[one] for one in met["files"] if one in others]
    shown = sorted(
        (_file(file, str(file.public_id) not in met["files"]) for file in files), key=lambda f: not f.is_later
    )
    return Paper(code, met["name"], HOW[met["how"]], met["note"], tuple(shown), due_on)


def _file(file, is_later=True):
    kind = "pdf" if file.content_type == "application/pdf" else "image"
    return PaperFile(
        str(file.public_id), file.name, file.size, kind, is_later, file.state == FileState.CLEAN, bool(file.scanned_at)
    )


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
    files = [_file(file) for file in point.files.all()] if correction.answered_at else []
    return {"point": point, "value": value, "files": files}


def _deferral_promise(task):
    """What the applicant promised about the papers left for later, where this item has one of them."""
    snapshot = task.application.snapshot
    deferred = [
        code
        for code in snapshot["items"][task.item_code]["materials"]
        if snapshot["materials"][code]["how"] == "deferred"
    ]
    return snapshot.get("deferral_promise", "") if deferred else ""


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
