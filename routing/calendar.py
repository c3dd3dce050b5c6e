"""Which days are worked: Monday to Friday, but for the holidays and make-up days of the yearly notice."""

from dataclasses import dataclass, field

from routing.models import CalendarDay, CalendarYear

SATURDAY = 5
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class WorkCalendar:
    """days: {date: (is it worked, name of the holiday)} where a notice says so; last_year: the last noticed, or 0."""

    days: dict = field(default_factory=dict)
    last_year: int = 0

    def is_working(self, day):
        noticed = self.days.get(day)
        return noticed[0] if noticed else day.weekday() < SATURDAY

    def covers(self, day):
        """Whether the notice for that day's year is known; beyond it Monday to Friday is a guess, to be recounted."""
        return day.year <= self.last_year

    def why(self, day):
        """Why the day counts or does not, in words; "" for an ordinary working day."""
        noticed = self.days.get(day)
        if noticed:
            return "调休上班" if noticed[0] else f"{noticed[1] or '节假日'}放假，不计"
        weekend = f"星期{_WEEKDAYS[day.weekday()]}，不计" if day.weekday() >= SATURDAY else ""
        return weekend if self.covers(day) else f"{weekend}（{day.year}年安排未公布，暂按周一至周五）"


def load():
    """Return the WorkCalendar of the confirmed years, in two queries: an entry counts once it is confirmed."""
    years = CalendarYear.objects.filter(confirmed_at__isnull=False)
    days = CalendarDay.objects.filter(year__confirmed_at__isnull=False).values_list("day", "is_working", "name")
    last_year = max(years.values_list("year", flat=True), default=0)
    return WorkCalendar({day: (is_working, name) for day, is_working, name in days}, last_year)
