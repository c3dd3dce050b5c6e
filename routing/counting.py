"""A task's clocks, counted anew from what has happened to it. Sets fields only; the caller saves and logs.

Both clocks run by working days from the catalogue's limits: the promised one from the receipt of complete papers, the
statutory one from acceptance or from that receipt, as its law says.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from routing import calendar, terms
from routing.calendar import WorkCalendar
from routing.clock import WORKING_DAYS, Pause, due_on, warns_on
from routing.models import STATUTORY_STOPS, ClockStop, Extension, TaskStatus

CLOCK_FIELDS = [
    "committed_due_on",
    "statutory_due_on",
    "warns_on",
    "due_is_provisional",
    "clock_stopped",
    "statutory_stopped",
]


# Whatever the applicant is given time for, the officer has these working days left before the statutory limit.
LEFT_FOR_THE_OFFICER = 3


@dataclass(frozen=True)
class Rules:
    """What all clocks are counted by today: the work calendar and the city's terms."""

    calendar: WorkCalendar
    terms: dict


@dataclass(frozen=True)
class Clock:
    """One clock of a task as it is counted: due_on's and count's arguments."""

    start: date
    days: int
    unit: str
    pauses: tuple
    extension: int

    def due(self, work_calendar):
        return due_on(self.start, self.days, self.unit, work_calendar, self.pauses, self.extension)


def rules():
    """Return today's Rules, in two queries."""
    return Rules(calendar.load(), terms.load())


def committed_clock(task, stops=(), extension=0):
    """Return the Clock of the promised limit, or None before receipt. stops: the task's ClockStops."""
    if task.complete_at is None:
        return None
    pauses = tuple(Pause(stop.started_on, stop.ended_on) for stop in stops if stop.ended_on)
    return Clock(timezone.localdate(task.complete_at), task.committed_days, WORKING_DAYS, pauses, extension)


def statutory_clock(task, stops=(), extension=0):
    """Return the Clock of the statutory limit, or None where there is none or it has not begun (art. 45 stops it)."""
    item = task.as_catalogued
    begins = task.complete_at if item.statutory_from == "receipt" else task.accepted_at
    if item.statutory_days is None or begins is None:
        return None
    by_law = [stop for stop in stops if stop.ended_on and stop.kind in STATUTORY_STOPS]
    pauses = tuple(Pause(stop.started_on, stop.ended_on) for stop in by_law)
    return Clock(timezone.localdate(begins), item.statutory_days, item.statutory_unit, pauses, extension)


def recount_as_recorded(task, by, *, answered=False):
    """recount() from the task's own rows. answered: its correction has just been."""
    recount_many([task], by, answered=answered)


def recount_many(tasks, by, *, answered=False):
    """recount_as_recorded() of each, in two queries whatever their number."""
    stops = defaultdict(list)
    for stop in ClockStop.objects.filter(task__in=tasks):
        stops[stop.task_id].append(stop)
    extensions = dict(Extension.objects.filter(task__in=tasks).values_list("task", "days"))
    for task in tasks:
        recount(task, by, stops[task.pk], extensions.get(task.pk, 0), answered=answered)


def recount(task, by, stops=(), extension=0, *, answered=False):
    """Set the task's due dates and whether its clocks stand. by: Rules; stops: all its ClockStops; extension: days.

    While a stop is open the dates stay as they were: they are counted without it, and anew when it ends.
    """
    committed = committed_clock(task, stops, extension)
    statutory = statutory_clock(task, stops, extension)
    due, legal = (clock and clock.due(by.calendar) for clock in (committed, statutory))
    task.committed_due_on, task.statutory_due_on = due and due.day, legal and legal.day
    task.due_is_provisional = any(one.provisional for one in (due, legal) if one)
    task.warns_on = due and warning_day(committed.start, due.day, by, committed.pauses)
    running = [stop for stop in stops if stop.ended_on is None]
    # What has run out stays overdue, whatever is stopped afterwards.
    task.statutory_stopped = any(_stops(stop, task.statutory_due_on) for stop in running if stop.is_statutory)
    task.clock_stopped = any(_stops(stop, task.committed_due_on) for stop in running)
    # Nothing is complete before the answer; then both are counted from it.
    task.clock_stopped |= task.status == TaskStatus.CORRECTION and not answered


def warning_day(start, due, by, pauses=()):
    """From which day on a task that is due then is due soon, by today's thresholds."""
    days_left, percent = by.terms["warn_days_left"] or 0, by.terms["warn_percent"] or 0
    return warns_on(start, due, by.calendar, days_left, percent, pauses)


def _stops(stop, due):
    return due is None or stop.started_on <= due


def clock_detail(task):
    """The due dates as a log row keeps them; the day of the warning follows from them."""
    values = {name: getattr(task, name) for name in CLOCK_FIELDS if name != "warns_on"}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
