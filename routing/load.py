"""What a head sees of an office: who has how much, and what is overdue or due soon."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.utils import timezone

from guidance.models import Office, Role
from routing.clock import Lamp
from routing.lamps import AT_WORK, STOPPED, next_limit, shown_lamp
from routing.models import OPEN, ApprovalTask
from routing.queue import LONG

# The page shows so many of what presses; the queue has them all.
SHOWN = 50
PRESSING = [Lamp.RED, Lamp.YELLOW, Lamp.WARNING]


@dataclass(frozen=True)
class Load:
    """One officer's open tasks; officer None: nobody is in charge."""

    officer: object
    open: int = 0
    red: int = 0
    yellow: int = 0
    warning: int = 0
    stopped: int = 0


def headed_by(user):
    """The offices whose head the user is."""
    return Office.objects.filter(posts__user=user, posts__role=Role.HEAD)


def loads_of(office):
    """Return the Loads of the office's officers, those without any too, and of whoever else still has some."""
    counted = {row["assignee"]: row for row in _counted(office)}
    people = get_user_model().objects.filter(Q(posts__office=office) | Q(pk__in=[pk for pk in counted if pk]))
    rows = [_load(person, counted.get(person.pk)) for person in people.distinct().order_by("name", "pk")]
    return [_load(None, counted.get(None)), *rows] if None in counted else rows


def _counted(office):
    tasks = ApprovalTask.objects.filter(office=office, status__in=OPEN).annotate(lamp=shown_lamp(timezone.localdate()))
    lamps = {"red": Lamp.RED, "yellow": Lamp.YELLOW, "warning": Lamp.WARNING, "stopped": STOPPED}
    counts = {name: Count("pk", filter=Q(lamp=lamp)) for name, lamp in lamps.items()}
    return tasks.values("assignee").annotate(open=Count("pk"), **counts).order_by()


def _load(officer, row):
    return Load(officer, **{name: number for name, number in (row or {}).items() if name != "assignee"})


def pressing(office):
    """The office's tasks that are overdue or due soon, the most urgent first, each with its `lamp`."""
    tasks = ApprovalTask.objects.filter(office=office, status__in=AT_WORK)
    tasks = tasks.annotate(lamp=shown_lamp(timezone.localdate())).filter(lamp__in=PRESSING)
    related = ("application__enterprise", "item", "office", "assignee")
    return tasks.select_related(*related).defer(*LONG).order_by(next_limit().asc(nulls_last=True), "pk")
