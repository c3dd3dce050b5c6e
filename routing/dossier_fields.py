"""The fields of a task's item for its officer: in words, masked, with what is disputed and what was corrected since."""

from dataclasses import dataclass
from itertools import groupby

from guidance import releases
from licensing.masking import is_masked
from licensing.prefilling import NUMBER_ELEMENTS
from licensing.wording import heading_of, rows_text, table_of, value_text
from routing.models import TaskStatus


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
    labels = [heading_of(column) for column in element.columns]
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
