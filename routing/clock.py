"""When a time limit ends (Licensing Law arts. 42, 45, 82): the day it starts does not count, nor do stops.

Pure: from a start, a limit and intervals to a day. Due dates are counted on events and stored; nothing ticks.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
WORKING_DAYS, NATURAL_DAYS, MONTHS = "working_days", "natural_days", "months"


@dataclass(frozen=True)
class DueDate:
    day: date
    # Counted with days whose yearly notice is not published yet.
    provisional: bool = False


@dataclass(frozen=True)
class Pause:
    """Days that do not count, the first and the last included. Raises ValueError when it ends before it starts."""

    first: date
    last: date

    def __post_init__(self):
        if self.last < self.first:
            raise ValueError(f"暂停的结束日期 {self.last} 早于开始日期 {self.first}")

    def __contains__(self, day):
        return self.first <= day <= self.last


@dataclass(frozen=True)
class CountedDay:
    """One line of "why this date": `number` is the place in the count, 0 for a day that does not count."""

    day: date
    number: int
    why: str


def due_on(start, days, unit, calendar, pauses=(), extension=0):
    """Return the DueDate of a limit that begins on the day `start`, which itself does not count.

    days: how many of `unit` (working_days, natural_days, months). A limit of 0 working days ends the same day, or on
    the next one worked. Months run to the same date, or to the last of a shorter month, and are moved on by each day
    of a pause. pauses: Pauses, which may overlap. extension: working days added at the end, whatever the unit.
    """
    day = start
    for counted in count(start, days, unit, calendar, pauses, extension):
        day = counted.day
    asks_calendar = unit == WORKING_DAYS or extension
    return DueDate(day, provisional=bool(asks_calendar) and not calendar.covers(day))


def count(start, days, unit, calendar, pauses=(), extension=0):
    """Yield each day from the one after `start` to the last, as CountedDays; the last one's day is the due date."""
    if unit == WORKING_DAYS:
        yield from _working_days(start, days, 0, calendar, pauses)
    elif unit == NATURAL_DAYS:
        yield from _natural_days(start, days, pauses)
    elif unit == MONTHS:
        days = (_after_months(start, days) - start).days
        yield from _natural_days(start, days, pauses)
    else:
        raise ValueError(f"unknown unit of a time limit: {unit}")
    if extension:
        end = due_on(start, days, NATURAL_DAYS if unit == MONTHS else unit, calendar, pauses).day
        yield from _working_days(end, extension, days, calendar, pauses)


def _working_days(start, days, already, calendar, pauses):
    if days == 0:
        # On the spot: the day itself counts, where it is worked.
        start -= ONE_DAY
    number, day = 0, start
    while number < max(days, 1):
        day += ONE_DAY
        if any(day in pause for pause in pauses):
            yield CountedDay(day, 0, "停钟，不计")
        elif not calendar.is_working(day):
            yield CountedDay(day, 0, calendar.why(day))
        else:
            number += 1
            yield CountedDay(day, already + number, calendar.why(day))


def _natural_days(start, days, pauses):
    number, day = 0, start
    while number < days:
        day += ONE_DAY
        if any(day in pause for pause in pauses):
            yield CountedDay(day, 0, "停钟，不计")
        else:
            number += 1
            yield CountedDay(day, number, "")


def _after_months(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def working_days_before(day, days, calendar):
    """Return the working day that lies `days` working days before that day."""
    while days:
        day -= ONE_DAY
        days -= calendar.is_working(day)
    return day


def warns_on(start, due, calendar, days_left, percent):
    """Return the first day on which the task is due soon: `days_left` working days or `percent` % of the time left."""
    worked = sum(calendar.is_working(start + timedelta(days=n + 1)) for n in range((due - start).days))
    left = max(days_left, worked * percent // 100)
    return max(start, working_days_before(due, left, calendar)) if due > start else due


class Lamp(StrEnum):
    """The lamps of electronic supervision (电子监察), the more pressing the later."""

    NONE = ""
    WARNING = "预警"
    YELLOW = "黄牌"
    RED = "红牌"


def lamp(today, *, warns_on, committed_due_on, statutory_due_on, clock_stopped, statutory_stopped):
    """Return the Lamp of a task on a day: red past the statutory limit, yellow past the promised one.

    A stopped clock shows none, for it is only ever stopped before it has run out.
    """
    if statutory_due_on and today > statutory_due_on and not statutory_stopped:
        return Lamp.RED
    if committed_due_on and not clock_stopped:
        if today > committed_due_on:
            return Lamp.YELLOW
        if warns_on and today >= warns_on:
            return Lamp.WARNING
    return Lamp.NONE
