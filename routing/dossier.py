"""What an officer sees of a task: the fields and papers its item asks for, and no more (DESIGN §6.7)."""

from dataclasses import dataclass
from itertools import groupby

from guidance import releases
from guidance.wording import committed_limit, statutory_limit
from licensing.models import How, StoredFile
from licensing.wording import table_of, value_text
from routing.decisions import open_prerequisites
from routing.forms import FaceForm
from routing.models import OPEN, TaskStatus
from routing.wording import DECISIONS, EVENTS


@dataclass(frozen=True)
class Field:
    label: str
    text: str
    columns: tuple = ()  # of a table: labels, and rows of texts
    rows: tuple = ()


@dataclass(frozen=True)
class Paper:
    name: str
    how: str
    note: str
    files: tuple  # StoredFiles


def dossier_of(task):
    """Return what the task's page shows, in a constant number of queries."""
    item = releases.load(task.application.release_id).items[task.item_code]
    siblings = list(task.application.tasks.exclude(pk=task.pk).select_related("item", "office").order_by("pk"))
    return {
        "task": task,
        "kind": item,
        "groups": groups_of(task, siblings),
        "papers": papers_of(task),
        "siblings": siblings,
        "history": history_of(task),
        "waits_for": open_prerequisites(task) if task.status in OPEN else [],
        "granted_word": DECISIONS["granted"][item.kind],
        "refused_word": DECISIONS["refused"][item.kind],
        "face": face_of(task, item),
        "committed_limit": committed_limit(item),
        "statutory_limit": statutory_limit(item),
    }


def groups_of(task, siblings=()):
    """Return [(group, [Field, …])] of the elements that were asked for this item, in the form's order."""
    application = task.application
    elements = releases.load(application.release_id).elements
    asked = set(application.snapshot["items"][task.item_code]["elements"])
    values = _registered(application.enterprise, siblings) | application.snapshot["values"]
    wanted = [element for code, element in elements.items() if code in asked]
    # The dictionary keeps the elements of a group together, and its groups in the form's order.
    return [
        (group, [_field(element, values.get(element.code)) for element in members])
        for group, members in groupby(wanted, key=lambda element: element.group)
    ]


def _registered(enterprise, siblings):
    """What the system fills in after signing: a founder has no USCC while filling the form."""
    known = {
        "uscc": enterprise.uscc,
        "entity_name": enterprise.uscc and enterprise.name,
        "establish_date": enterprise.register.get("establish_date"),
    }
    for other in siblings:
        if other.item_code == "entertainment-venue" and other.status == TaskStatus.GRANTED:
            known["entertainment_permit_no"] = other.face["number"]
    return {code: value for code, value in known.items() if value}


def _field(element, value):
    if element.type == "rows" and value:
        columns = tuple(
            f"{column.label}（{column.unit}）" if column.unit else column.label for column in element.columns
        )
        return Field(element.label, "", columns, tuple(map(tuple, table_of(element, value))))
    return Field(element.label, value_text(element, value))


def papers_of(task):
    """Return the Papers of this item, with the files handed in."""
    snapshot = task.application.snapshot
    met = [snapshot["materials"][code] for code in snapshot["items"][task.item_code]["materials"]]
    wanted = {file for paper in met for file in paper["files"]}
    files = {str(file.public_id): file for file in StoredFile.objects.filter(public_id__in=wanted)} if wanted else {}
    return [
        Paper(paper["name"], How(paper["how"]).label, paper["note"], tuple(files[one] for one in paper["files"]))
        for paper in met
    ]


def face_of(task, item):
    """What was granted, as [(label, text)]; a licence without an end says so."""
    face = task.face or {}
    labels = {name: field.label for name, field in FaceForm(item).fields.items()}
    shown = [(labels[name], face[name] or ("长期" if name == "valid_until" else "")) for name in labels if name in face]
    return [(label, text) for label, text in shown if text]


def history_of(task):
    """Return this item's log rows, oldest first, each with `words`."""
    rows = list(task.application.log.filter(item_code=task.item_code).select_related("actor").order_by("sequence"))
    for row in rows:
        row.words = EVENTS.get(row.event, row.event)
    return rows
