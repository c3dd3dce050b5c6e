"""Which days are worked: Monday to Friday, but for the holidays and make-up days of the yearly notice."""

from dataclasses import dataclass, field

from routing.models import CalendarDay

SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """days: {date: is it worked}, where a notice says so; last_year: the last one with a notice, or 0."""

    days: dict = field(default_factory=dict)
    last_year: int = 0

    def is_working(self, day):
        return self.days.get(day, day.weekday() < SATURDAY)

    def covers(self, day):
        """Whether the notice for that day's year is known; beyond it Monday to Friday is a guess, to be recounted."""
        return day.year <= self.last_year


def load():
    """Return the WorkCalendar of today's rows, in one query: an operator's entry counts at once."""
    days = dict(CalendarDay.objects.values_list("day", "is_working"))
    return WorkCalendar(days, max((day.year for day in days), default=0))
