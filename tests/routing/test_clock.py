"""Time limits against worked examples, on the published calendars of 2025 and 2026."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from routing import calendar
from routing.calendar import WorkCalendar
from routing.clock import DueDate, due_on
from routing.management.commands.load_calendar import HOLIDAYS, read
from routing.models import CalendarDay


@pytest.fixture(scope="module")
def published():
    days = {entry.day: entry.is_working for file in HOLIDAYS.glob("*.yaml") for entry in read(file)}
    return WorkCalendar(days, last_year=2026)


def on(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2025-12-29", 5, "2026-01-06", id="the make-up Sunday 01-04 counts"),
        pytest.param("2026-01-02", 5, "2026-01-08", id="begun on a holiday, counting starts 01-04"),
        pytest.param("2026-04-28", 5, "2026-05-08", id="Labour Day is left out"),
        pytest.param("2026-04-28", 20, "2026-05-28", id="the make-up Saturday 05-09 counts"),
        pytest.param("2026-04-28", 30, "2026-06-11", id="Dragon Boat is not reached"),
        pytest.param("2026-04-30", 10, "2026-05-18", id="Labour Day behind the first day"),
        pytest.param("2026-05-08", 1, "2026-05-09", id="one day ends on a make-up Saturday"),
        pytest.param("2025-01-24", 3, "2025-02-05", id="Spring Festival 2025"),
        pytest.param("2025-09-26", 2, "2025-09-29", id="the make-up Sunday 09-28 counts"),
    ],
)
def test_working_days_are_counted_by_the_published_calendar(published, start, days, end):
    assert due_on(on(start), days, "working_days", published) == DueDate(on(end))


def test_2026_has_248_working_days(published):
    days = [date(2026, 1, 1) + timedelta(days=later) for later in range(365)]
    assert sum(map(published.is_working, days)) == 248


def test_a_limit_of_no_days_ends_the_same_day_or_the_next_one_worked(published):
    assert due_on(on("2026-04-28"), 0, "working_days", published).day == on("2026-04-28")
    assert due_on(on("2026-05-01"), 0, "working_days", published).day == on("2026-05-06")


def test_natural_days_count_holidays_too(published):
    assert due_on(on("2026-04-28"), 15, "natural_days", published) == DueDate(on("2026-05-13"))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-04-28", 3, "2026-07-28"), ("2026-11-30", 3, "2027-02-28"), ("2027-11-30", 3, "2028-02-29")],
)
def test_months_run_to_the_same_date_or_the_end_of_a_shorter_month(published, start, months, end):
    assert due_on(on(start), months, "months", published) == DueDate(on(end))


def test_beyond_the_published_year_monday_to_friday_counts_and_the_date_is_provisional(published):
    assert due_on(on("2026-12-30"), 1, "working_days", published) == DueDate(on("2026-12-31"))
    assert due_on(on("2026-12-31"), 5, "working_days", published) == DueDate(on("2027-01-07"), provisional=True)
    assert due_on(on("2026-12-31"), 5, "working_days", WorkCalendar()).provisional


def test_two_limits_in_a_row_end_like_their_sum(published):
    for later in range(400):
        start = date(2025, 6, 1) + timedelta(days=later)
        halfway = due_on(start, 20, "working_days", published).day
        assert due_on(halfway, 10, "working_days", published) == due_on(start, 30, "working_days", published)


def test_loading_the_calendar_twice_changes_nothing_and_keeps_what_an_operator_corrected(db, published):
    call_command("load_calendar")
    assert calendar.load() == published
    CalendarDay.objects.filter(day="2026-05-09").update(is_working=False, source="市政府临时通知")
    call_command("load_calendar")
    assert not calendar.load().is_working(on("2026-05-09"))
    assert CalendarDay.objects.count() == len(published.days)


def test_the_calendar_is_read_in_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.load()
