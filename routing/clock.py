"""When a time limit ends (Licensing Law arts. 42, 45, 82): the day it starts does not count, nor do stops.

Pure: from a start, a limit and intervals to a day. Due dates are counted on events and stored; nothing ticks.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
UNITS = WORKING_DAYS, NATURAL_DAYS, MONTHS = "working_days", "natural_days", "months"


@dataclass(frozen=True)
class DueDate:
    day: date
    # Counted with days whose yearly notice is not published yet.
    provisional: bool = False


@dataclass(frozen=True, order=True)
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


class EveryDay:
    """Natural days, asked like a WorkCalendar."""

    def counts(self, day):
        return True

    def covers(self, start, end):
        return True

    def after(self, day, number):
        return day + timedelta(days=number)

    def between(self, start, end):
        return (end - start).days

    def why(self, day):
        return ""


EVERY_DAY = EveryDay()


def due_on(start, days, unit, calendar, pauses=(), extension=0):
    """Return the DueDate of a limit that begins on the day `start`, which itself does not count.

    days: how many of `unit` (working_days, natural_days, months). A limit of 0 working days ends the same day, or on
    the next one worked. Months run to the same date, or to the last of a shorter month, and are moved on by each day
    of a pause. A natural limit may end on a holiday: it binds the authority, so it is not moved on in its favour.
    pauses: Pauses, which may overlap. extension: working days added at the end, whatever the unit.
    """
    pauses, provisional, end = _merged(pauses), False, start
    for begin, number, kind in _legs(start, days, unit, calendar, pauses, extension):
        end = _end(begin, number, kind, pauses)
        provisional |= not kind.covers(begin, end)
    return DueDate(end, provisional)


def count(start, days, unit, calendar, pauses=(), extension=0):
    """Yield each day from the one after `start` to the last, as CountedDays; the last one's day is the due date."""
    pauses, number = _merged(pauses), 0
    for leg, (begin, length, kind) in enumerate(_legs(start, days, unit, calendar, pauses, extension)):
        for later in range((_end(begin, length, kind, pauses) - begin).days):
            day = begin + timedelta(days=later + 1)
            paused = any(day in pause for pause in pauses)
            counts = kind.counts(day) and not paused
            number += counts
            why = "停钟，不计" if paused else kind.why(day)
            yield CountedDay(day, number if counts else 0, "，".join(filter(None, ["延期" if leg else "", why])))


def _legs(start, days, unit, calendar, pauses, extension):
    """Yield the limit and then its extension, each as (day before its first, how many, of which days)."""
    if unit not in UNITS or days < 0 or extension < 0:
        raise ValueError(f"no such time limit: {days} {unit} + {extension}")
    kind = calendar if unit == WORKING_DAYS else EVERY_DAY
    if unit == MONTHS:
        days = (_after_months(start, days) - start).days
    elif unit == WORKING_DAYS and days == 0:
        # On the spot: the day itself counts, where it is worked.
        start, days = start - ONE_DAY, 1
    yield start, days, kind
    if extension:
        yield _end(start, days, kind, pauses), extension, calendar


def _end(start, days, kind, pauses):
    """The last of so many days after `start`, of that kind and outside the merged pauses."""
    if days == 0:
        return start
    end = kind.after(start, days)
    for pause in pauses:
        if pause.last > start and pause.first <= end:
            days += kind.between(max(start, pause.first - ONE_DAY), pause.last)
            end = kind.after(start, days)
    return end


def _merged(pauses):
    """The pauses in order, those that overlap joined, so that no day is left out twice."""
    merged = []
    for pause in sorted(pauses):
        if merged and pause.first <= merged[-1].last:
            before = merged.pop()
            pause = Pause(before.first, max(before.last, pause.last))
        merged.append(pause)
    return merged


def _after_months(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def working_days_before(day, days, calendar):
    """Return the working day that lies `days` working days before that day; the day itself for 0."""
    return calendar.before(day, days) if days else day


def warns_on(start, due, calendar, days_left, percent, pauses=()):
    """Return the first day on which the task is due soon: `days_left` working days or `percent` % of the time left."""
    pauses = [pause for pause in _merged(pauses) if pause.last > start and pause.first <= due]
    paused = sum(calendar.between(max(start, one.first - ONE_DAY), min(due, one.last)) for one in pauses)
    counted = calendar.between(start, due) - paused
    left = max(days_left, counted * percent // 100)
    return _end(start, max(counted - left, 0), calendar, pauses)


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
