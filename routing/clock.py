"""When a time limit ends (Licensing Law art. 82): the day it starts does not count.

Pure: due dates are computed on events and stored.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
WORKING_DAYS, NATURAL_DAYS, MONTHS = "working_days", "natural_days", "months"


@dataclass(frozen=True)
class DueDate:
    day: date
    # Counted with days whose yearly notice is not published yet.
    provisional: bool = False


def due_on(start, days, unit, calendar):
    """Return the DueDate of a limit that begins on the day `start`, which itself does not count.

    days: how many of `unit` (working_days, natural_days, months). A limit of 0 working days ends the same day, or on
    the next one worked. Months run to the same date, or to the last of a shorter month; only working days ask the
    calendar, so only they can be provisional.
    """
    if unit == WORKING_DAYS:
        return _after_working_days(start, days, calendar)
    if unit == NATURAL_DAYS:
        return DueDate(start + timedelta(days=days))
    if unit == MONTHS:
        return DueDate(_after_months(start, days))
    raise ValueError(f"unknown unit of a time limit: {unit}")


def _after_working_days(start, days, calendar):
    day = start if days else _first_worked(start, calendar)
    for _ in range(days):
        day = _first_worked(day + ONE_DAY, calendar)
    return DueDate(day, provisional=not calendar.covers(day))


def _first_worked(day, calendar):
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def _after_months(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
