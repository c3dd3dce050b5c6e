"""Which days are worked: Monday to Friday, but for the holidays and make-up days of the yearly notice."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from routing import notices
from routing.models import CalendarDay, CalendarYear
from routing.refusals import NotAllowed

SATURDAY = 5
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class WorkCalendar:
    """days: {date: (is it worked, name of the holiday)} where a notice says so; years: whose notices are known.

    Counting looks up whole years of working days, each put in a row once: a split counts for hundreds of tasks.
    """

    days: dict = field(default_factory=dict)
    years: frozenset = frozenset()
    _rows: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def counts(self, day):
        noticed = self.days.get(day)
        return noticed[0] if noticed else day.weekday() < SATURDAY

    def covers(self, start, end):
        """Whether the notices are known for all days after `start` up to `end`; else Monday to Friday is a guess."""
        first = (start + timedelta(days=1)).year
        return all(year in self.years for year in range(first, end.year + 1))

    def known_until(self):
        """The last day of the first unbroken row of known years, or None."""
        last = min(self.years, default=None)
        while last and last + 1 in self.years:
            last += 1
        return last and date(last, 12, 31)

    def after(self, day, number):
        """Return the number-th working day after that day; number is at least 1."""
        year, place = day.year, bisect_right(self._row(day.year), day) + number - 1
        while place >= len(self._row(year)):
            place -= len(self._row(year))
            year += 1
        return self._row(year)[place]

    def before(self, day, number):
        """Return the number-th working day before that day; number is at least 1."""
        year, place = day.year, bisect_left(self._row(day.year), day) - number
        while place < 0:
            year -= 1
            place += len(self._row(year))
        return self._row(year)[place]

    def between(self, start, end):
        """How many working days lie after `start`, up to and including `end`."""
        years_before = sum(len(self._row(year)) for year in range(start.year, end.year))
        return years_before + bisect_right(self._row(end.year), end) - bisect_right(self._row(start.year), start)

    def worked_in(self, year):
        return len(self._row(year))

    def why(self, day):
        """Why the day counts or does not, in words; "" for an ordinary working day."""
        noticed = self.days.get(day)
        if noticed:
            return "调休上班" if noticed[0] else f"{noticed[1] or '节假日'}放假，不计"
        weekend = f"星期{WEEKDAYS[day.weekday()]}，不计" if day.weekday() >= SATURDAY else ""
        return weekend if day.year in self.years else f"{weekend}（{day.year}年安排未公布，暂按周一至周五）"

    def _row(self, year):
        """The year's working days in order."""
        if year not in self._rows:
            first = date(year, 1, 1)
            days = (first + timedelta(days=later) for later in range((date(year, 12, 31) - first).days + 1))
            self._rows[year] = [day for day in days if self.counts(day)]
        return self._rows[year]


def load():
    """Return the WorkCalendar of the confirmed years, in one query: an entry counts once it is confirmed."""
    confirmed = CalendarYear.objects.filter(confirmed_at__isnull=False)
    rows = list(confirmed.values_list("year", "days__day", "days__is_working", "days__name"))
    days = {day: (is_working, name) for _, day, is_working, name in rows if day}
    return WorkCalendar(days, frozenset(year for year, *_ in rows))


def shipped():
    """Return the WorkCalendar of the notices that come with the portal, without any database."""
    known = notices.shipped()
    return WorkCalendar(
        {day: worked for notice in known for day, worked in notice.days().items()},
        frozenset(notice.year for notice in known),
    )


@transaction.atomic
def enter(notice, operator=None):
    """Write a year's notices.Notice. An operator's counts once a second one confirms it. Raises NotAllowed.

    operator None: it comes with the portal, was reviewed with its code and counts at once.
    """
    reviewed = {"entered_by": operator} if operator else {"confirmed_at": timezone.now()}
    year, is_new = CalendarYear.objects.get_or_create(year=notice.year, defaults={"source": notice.source} | reviewed)
    if not is_new:
        state = "已经生效，不能再录入" if year.confirmed_at else "已经录入，正等第二人复核；录错了请先撤下再重录"
        raise NotAllowed(f"{notice.year}年的安排{state}。")
    CalendarDay.objects.bulk_create(
        CalendarDay(year=year, day=day, is_working=is_working, name=name)
        for day, (is_working, name) in sorted(notice.days().items())
    )
    return year


def why_not_confirm(year, operator):
    """Return why this operator cannot confirm the CalendarYear, a sentence, or ""."""
    if year.confirmed_at:
        return f"{year.year}年的安排已经生效。"
    if year.entered_by_id == operator.pk:
        return "这是您录入的，要由另一位管理员复核。"
    return ""


def confirm(year, operator):
    """Put an entered year in force, by a second operator. Raises NotAllowed.

    Due dates that were counted without it are counted anew by the sweeper (recounting.to_recount).
    """
    waiting = CalendarYear.objects.filter(pk=year.pk, confirmed_at=None).exclude(entered_by=operator)
    if not waiting.update(confirmed_by=operator, confirmed_at=timezone.now()):
        year = CalendarYear.objects.filter(pk=year.pk).first()
        raise NotAllowed(why_not_confirm(year, operator) if year else "这一年的录入刚刚被撤下。")
