"""Time limits against worked examples, on the published calendars of 2025 and 2026."""

from datetime import date

import pytest

from routing import calendar
from routing.calendar import WorkCalendar
from routing.clock import DueDate, Lamp, Pause, count, due_on, lamp, warns_on, working_days_before


@pytest.fixture(scope="module")
def published():
    return calendar.shipped()


def on(text):
    return date.fromisoformat(text)


def pause(text):
    return Pause(*map(on, text.split(":")))


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
        pytest.param("2026-02-13", 2, "2026-02-24", id="Spring Festival 2026, Saturday 02-14 counts"),
        pytest.param("2026-09-18", 10, "2026-10-09", id="two holidays and a make-up Sunday"),
        pytest.param("2025-01-24", 3, "2025-02-05", id="Spring Festival 2025"),
        pytest.param("2025-04-25", 5, "2025-05-06", id="Labour Day 2025, Sunday 04-27 counts"),
        pytest.param("2025-09-26", 2, "2025-09-29", id="the make-up Sunday 09-28 counts"),
        pytest.param("2025-09-30", 3, "2025-10-11", id="National Day and Mid-Autumn 2025 in a row"),
    ],
)
def test_working_days_are_counted_by_the_published_calendar(published, start, days, end):
    assert due_on(on(start), days, "working_days", published) == DueDate(on(end))


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        pytest.param(["2026-05-11:2026-05-15"], "2026-06-04", id="5 working days are taken out"),
        pytest.param(["2026-05-11:2026-05-13", "2026-05-12:2026-05-15"], "2026-06-04", id="overlapping ones once"),
        pytest.param(["2026-05-11:2026-05-12", "2026-05-13:2026-05-15"], "2026-06-04", id="one behind the other"),
        pytest.param(["2026-05-01:2026-05-05"], "2026-05-28", id="in a holiday it takes nothing"),
        pytest.param(["2026-05-28:2026-05-28"], "2026-05-29", id="on the last day"),
        pytest.param(["2026-05-29:2026-06-30"], "2026-05-28", id="behind the end"),
        pytest.param(["2026-04-01:2026-04-28"], "2026-05-28", id="up to the first day, which does not count anyway"),
        pytest.param(
            ["2026-05-11:2026-05-15", "2026-06-01:2026-06-01"], "2026-06-05", id="reached by the other's days"
        ),
    ],
)
def test_a_pause_takes_out_its_working_days(published, pauses, end):
    pauses = [pause(text) for text in pauses]
    assert due_on(on("2026-04-28"), 20, "working_days", published, pauses) == DueDate(on(end))


def test_each_year_has_its_working_days(published):
    for year, days in ((2025, 248), (2026, 248)):
        assert published.between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_a_limit_of_no_days_ends_the_same_day_or_the_next_one_worked(published):
    assert due_on(on("2026-04-28"), 0, "working_days", published).day == on("2026-04-28")
    assert due_on(on("2026-05-01"), 0, "working_days", published).day == on("2026-05-06")
    assert due_on(on("2026-05-01"), 0, "natural_days", published).day == on("2026-05-01")


def test_natural_days_count_holidays_too_and_wait_for_pauses(published):
    assert due_on(on("2026-04-28"), 15, "natural_days", published) == DueDate(on("2026-05-13"))
    stopped = [pause("2026-05-09:2026-05-12")]
    assert due_on(on("2026-04-28"), 15, "natural_days", published, stopped) == DueDate(on("2026-05-17"))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-04-28", 3, "2026-07-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-12-31", 12, "2027-12-31"),
    ],
)
def test_months_run_to_the_same_date_or_the_end_of_a_shorter_month(published, start, months, end):
    assert due_on(on(start), months, "months", published) == DueDate(on(end))


def test_months_are_moved_on_by_each_day_of_a_pause(published):
    stopped = [pause("2026-05-09:2026-05-12"), pause("2026-07-29:2026-07-29")]
    assert due_on(on("2026-04-28"), 3, "months", published, stopped) == DueDate(on("2026-08-02"))


def test_an_extension_is_counted_in_working_days_whatever_the_unit(published):
    assert due_on(on("2026-04-28"), 20, "working_days", published, extension=10).day == on("2026-06-11")
    assert due_on(on("2026-04-16"), 15, "natural_days", published, extension=3).day == on("2026-05-08")
    assert due_on(on("2026-03-30"), 1, "months", published, extension=1).day == on("2026-05-06")


def test_beyond_the_published_year_monday_to_friday_counts_and_the_date_is_provisional(published):
    assert due_on(on("2026-12-30"), 1, "working_days", published) == DueDate(on("2026-12-31"))
    assert due_on(on("2026-12-31"), 5, "working_days", published) == DueDate(on("2027-01-07"), provisional=True)
    assert due_on(on("2026-12-31"), 5, "natural_days", published) == DueDate(on("2027-01-05"))
    assert due_on(on("2026-12-30"), 2, "natural_days", published, extension=1).provisional
    assert due_on(on("2027-04-28"), 20, "working_days", published) == DueDate(on("2027-05-26"), provisional=True)


def test_a_year_nobody_has_entered_is_provisional_before_and_between_the_known_ones_too(published):
    gap = WorkCalendar(published.days, frozenset({2025, 2027}))
    assert due_on(on("2024-12-30"), 5, "working_days", published).provisional
    assert due_on(on("2025-12-30"), 260, "working_days", gap).provisional
    assert gap.known_until() == on("2025-12-31")
    assert WorkCalendar().known_until() is None


@pytest.mark.parametrize(("days", "unit", "extension"), [(-1, "working_days", 0), (5, "weeks", 0), (5, "months", -1)])
def test_what_is_no_limit_is_refused(published, days, unit, extension):
    with pytest.raises(ValueError, match="no such time limit"):
        due_on(on("2026-04-28"), days, unit, published, extension=extension)


def test_a_pause_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="早于开始日期"):
        pause("2026-05-15:2026-05-11")


def test_why_this_date_names_each_day(published):
    lines = list(count(on("2026-04-30"), 2, "working_days", published, [pause("2026-05-07:2026-05-07")], extension=1))
    assert [(str(line.day)[5:], line.number, line.why) for line in lines] == [
        *[(f"05-0{day}", 0, "劳动节放假，不计") for day in range(1, 6)],
        ("05-06", 1, ""),
        ("05-07", 0, "停钟，不计"),
        ("05-08", 2, ""),
        ("05-09", 3, "延期，调休上班"),
    ]


@pytest.mark.parametrize(
    ("days_left", "percent", "day"),
    [(1, 0, "2026-05-27"), (1, 20, "2026-05-22"), (0, 0, "2026-05-28"), (40, 0, "2026-04-28")],
)
def test_it_is_due_soon_by_days_or_by_their_share(published, days_left, percent, day):
    assert warns_on(on("2026-04-28"), on("2026-05-28"), published, days_left, percent) == on(day)


def test_days_of_a_pause_are_not_left(published):
    stopped = [pause("2026-05-21:2026-05-27")]
    due = due_on(on("2026-04-28"), 20, "working_days", published, stopped).day
    assert due == on("2026-06-04")
    assert warns_on(on("2026-04-28"), due, published, 7, 0, stopped) == on("2026-05-19")


def test_working_days_are_counted_backwards_across_a_holiday_and_a_year(published):
    assert working_days_before(on("2026-05-06"), 1, published) == on("2026-04-30")
    assert working_days_before(on("2026-01-04"), 2, published) == on("2025-12-30")
    assert working_days_before(on("2026-05-02"), 0, published) == on("2026-05-02")


LIMITS = {"warns_on": on("2026-05-22"), "committed_due_on": on("2026-05-28"), "statutory_due_on": on("2026-06-11")}
RUNNING = {"clock_stopped": False, "statutory_stopped": False}


@pytest.mark.parametrize(
    ("today", "lit"),
    [
        ("2026-05-21", Lamp.NONE),
        ("2026-05-22", Lamp.WARNING),
        ("2026-05-28", Lamp.WARNING),
        ("2026-05-29", Lamp.YELLOW),
        ("2026-06-11", Lamp.YELLOW),
        ("2026-06-12", Lamp.RED),
    ],
)
def test_the_lamps_light_one_after_another(today, lit):
    assert lamp(on(today), **LIMITS, **RUNNING) == lit


def test_a_stopped_clock_lights_no_lamp_of_its_own():
    stopped = {"clock_stopped": True, "statutory_stopped": False}
    assert lamp(on("2026-06-01"), **LIMITS, **stopped) == Lamp.NONE
    assert lamp(on("2026-06-12"), **LIMITS, **stopped) == Lamp.RED
    assert lamp(on("2026-06-12"), **LIMITS, **stopped | {"statutory_stopped": True}) == Lamp.NONE
    assert lamp(on("2026-06-12"), **LIMITS | {"statutory_due_on": None}, **RUNNING) == Lamp.YELLOW
