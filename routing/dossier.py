"""What an officer sees of a task: the fields and papers its item asks for, and no more."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from guidance import releases
from guidance.wording import committed_limit, statutory_limit
from licensing.models import StoredFile
from licensing.prefilling import NUMBER_ELEMENTS
from licensing.wording import day_text, table_of, value_text
from routing.conditions import open_prerequisites
from routing.forms import FaceForm
from routing.models import OPEN, TaskStatus
from routing.wording import EVENTS, HOW, STATUS_WORDS


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True)
class Table:
    label: str
    columns: tuple  # labels
    rows: tuple  # each a tuple of (label, text)


@dataclass(frozen=True)
class Group:
    name: str
    lines: tuple
    tables: tuple
    empty: tuple  # labels of what was not filled in


@dataclass(frozen=True)
class Paper:
    name: str
    how: str
    note: str
    files: tuple  # StoredFiles


def dossier_of(task):
    """Return what the task's page shows, in a constant number of queries."""
    item = task.as_catalogued
    siblings = list(task.application.tasks.exclude(pk=task.pk).select_related("item", "office").order_by("pk"))
    return {
        "task": task,
        "kind": item,
        "groups": groups_of(task, siblings),
        "papers": papers_of(task),
        "siblings": siblings,
        "history": history_of(task),
        "waits_for": open_prerequisites(task) if task.status in OPEN else [],
        "granted_word": STATUS_WORDS["granted"][item.kind],
        "refused_word": STATUS_WORDS["refused"][item.kind],
        "face": face_of(task, item),
        "committed_limit": committed_limit(item),
        "statutory_limit": statutory_limit(item),
    }


def groups_of(task, siblings=()):
    """Return the Groups of elements that were asked for this item, in the form's order."""
    application = task.application
    elements = releases.load(application.release_id).elements
    asked = set(application.snapshot["items"][task.item_code]["elements"])
    values = _registered(application.enterprise, siblings) | application.snapshot["values"]
    wanted = [element for code, element in elements.items() if code in asked]
    # The dictionary keeps the elements of a group together, and its groups in the form's order.
    return [_group(name, list(members), values) for name, members in groupby(wanted, key=lambda each: each.group)]


def _group(name, elements, values):
    filled = [element for element in elements if value_text(element, values.get(element.code))]
    return Group(
        name,
        lines=tuple(Line(each.label, value_text(each, values[each.code])) for each in filled if each.type != "rows"),
        tables=tuple(_table(each, values[each.code]) for each in filled if each.type == "rows"),
        empty=tuple(each.label for each in elements if each not in filled),
    )


def _table(element, value):
    labels = [f"{column.label}（{column.unit}）" if column.unit else column.label for column in element.columns]
    rows = (tuple(zip(labels, texts, strict=True)) for texts in table_of(element, value))
    return Table(element.label, tuple(labels), tuple(rows))


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
    """Return the Papers of this item, with the files handed in."""
    snapshot = task.application.snapshot
    met = [snapshot["materials"][code] for code in snapshot["items"][task.item_code]["materials"]]
    wanted = {file for paper in met for file in paper["files"]}
    files = {str(file.public_id): file for file in StoredFile.objects.filter(public_id__in=wanted)} if wanted else {}
    return [
        Paper(paper["name"], HOW[paper["how"]], paper["note"], tuple(files[one] for one in paper["files"]))
        for paper in met
    ]


def face_of(task, item):
    """What was granted, as Lines; a licence without an end says so."""
    if not task.face:
        return []
    fields = FaceForm(item).fields
    return [Line(field.label, _face_text(name, task.face.get(name))) for name, field in fields.items()]


def _face_text(name, value):
    if name == "valid_until" and not value:
        return "长期"
    if name in ("issued_on", "valid_until"):
        return day_text(date.fromisoformat(value))
    return value or "无"


def history_of(task):
    """Return this item's log rows, oldest first, each with `words`."""
    rows = list(task.application.log.filter(item_code=task.item_code).select_related("actor").order_by("sequence"))
    for row in rows:
        row.words = EVENTS.get(row.event, row.event)
    return rows
