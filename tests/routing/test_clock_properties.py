"""What must hold for every time limit, on the published calendars and beyond them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from routing import calendar
from routing.clock import EVERY_DAY, UNITS, WORKING_DAYS, Lamp, Pause, count, due_on, lamp, warns_on

PUBLISHED = calendar.shipped()
STARTS = st.dates(date(2024, 12, 1), date(2028, 3, 1))
LENGTHS = st.integers(0, 90)
UNIT = st.sampled_from(UNITS)
EXACT_UNIT = st.sampled_from(UNITS[:2])
PAUSES = st.lists(
    st.builds(lambda first, length: Pause(first, first + timedelta(days=length)), STARTS, st.integers(0, 40)),
    max_size=4,
)


@st.composite
def limits(draw, unit=UNIT):
    """due_on's arguments, with pauses where they matter."""
    start, chosen = draw(STARTS), draw(unit)
    days = draw(st.integers(0, 12)) if chosen == "months" else draw(LENGTHS)
    near = st.builds(
        lambda later, length: Pause(start + timedelta(days=later), start + timedelta(days=later + length)),
        st.integers(-20, 120),
        st.integers(0, 30),
    )
    pauses = draw(st.lists(near, max_size=4))
    return {"start": start, "days": days, "unit": chosen, "pauses": pauses, "extension": draw(st.sampled_from([0, 10]))}


def end(**limit):
    return due_on(**limit, calendar=PUBLISHED).day


@given(limits())
def test_the_date_is_the_last_line_of_its_explanation(limit):
    lines = list(count(**limit, calendar=PUBLISHED))
    counted = [line.number for line in lines if line.number]
    assert (lines[-1].day if lines else limit["start"]) == end(**limit)
    assert counted == list(range(1, len(counted) + 1))
    if limit["unit"] != "months":
        assert len(counted) == (max(limit["days"], limit["unit"] == WORKING_DAYS)) + limit["extension"]
    assert all(line.number or line.why for line in lines)


@given(limits(st.just(WORKING_DAYS)))
def test_a_limit_in_working_days_ends_on_a_working_day_outside_all_pauses(limit):
    day = end(**limit)
    assert PUBLISHED.counts(day)
    assert not any(day in pause for pause in limit["pauses"])


@given(limits(), st.integers(0, 60))
def test_a_longer_limit_ends_no_earlier(limit, more):
    assert end(**limit) <= end(**limit | {"days": limit["days"] + more})
    assert end(**limit) <= end(**limit | {"extension": limit["extension"] + more})


@given(limits(EXACT_UNIT), st.integers(0, 60))
def test_what_starts_later_ends_no_earlier(limit, later):
    # Months are not in it: 1 month from the 30th and the 31st of January end together, but a stop on the 31st moves
    # the first one on.
    assert end(**limit) <= end(**limit | {"start": limit["start"] + timedelta(days=later)})


@given(limits(EXACT_UNIT), st.integers(0, 60), st.integers(0, 30))
def test_a_pause_of_k_counted_days_moves_the_end_by_exactly_k_of_them(limit, later, length):
    kind = PUBLISHED if limit["unit"] == WORKING_DAYS else EVERY_DAY
    limit |= {"pauses": [], "extension": 0, "days": max(limit["days"], 1)}
    before = end(**limit)
    first = limit["start"] + timedelta(days=1 + later)
    pause = Pause(first, first + timedelta(days=length))
    k = kind.between(first - timedelta(days=1), pause.last) if first <= before else 0
    assert kind.between(before, end(**limit | {"pauses": [pause]})) == k


@given(limits(), PAUSES)
def test_pauses_that_overlap_count_as_their_union(limit, more):
    pauses = [*limit["pauses"], *more]
    days = sorted({one.first + timedelta(days=n) for one in pauses for n in range((one.last - one.first).days + 1)})
    assert end(**limit | {"pauses": pauses}) == end(**limit | {"pauses": [Pause(day, day) for day in days]})


@given(limits(EXACT_UNIT), st.integers(1, 60))
def test_two_limits_in_a_row_end_like_their_sum(limit, more):
    limit |= {"extension": 0, "days": max(limit["days"], 1)}
    together = end(**limit | {"days": limit["days"] + more})
    assert end(**limit | {"start": end(**limit), "days": more}) == together


@given(STARTS, STARTS, st.integers(1, 600))
def test_counting_forwards_backwards_and_between_agree(start, other, number):
    assert PUBLISHED.between(start, PUBLISHED.after(start, number)) == number
    if PUBLISHED.counts(start):
        assert PUBLISHED.after(PUBLISHED.before(start, number), number) == start
    first, last = sorted([start, other])
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert PUBLISHED.between(first, last) == sum(map(PUBLISHED.counts, days))


@given(limits(), st.integers(0, 10), st.integers(0, 100), st.integers(0, 10), st.integers(0, 50))
def test_the_warning_comes_within_the_limit_and_the_earlier_the_more_is_left(limit, days_left, percent, more, share):
    start, due = limit["start"], end(**limit)
    if due < start:
        return
    day = warns_on(start, due, PUBLISHED, days_left, percent, limit["pauses"])
    assert start <= day <= due
    assert warns_on(start, due, PUBLISHED, days_left + more, percent, limit["pauses"]) <= day
    assert warns_on(start, due, PUBLISHED, days_left, percent + share, limit["pauses"]) <= day


@given(STARTS, st.integers(0, 30), st.integers(0, 60), st.booleans(), st.booleans(), st.integers(0, 90))
def test_a_lamp_never_goes_back_while_nothing_happens(warns, until_due, until_legal, stopped, by_law, today):
    state = {"clock_stopped": stopped, "statutory_stopped": stopped and by_law, "warns_on": warns}
    state |= {"committed_due_on": warns + timedelta(days=until_due)}
    state |= {"statutory_due_on": warns + timedelta(days=until_due + until_legal)}
    day = warns + timedelta(days=today - 5)
    order = list(Lamp)
    now, next_day = (order.index(lamp(one, **state)) for one in (day, day + timedelta(days=1)))
    assert now <= next_day
    if state["statutory_stopped"]:
        assert next_day == 0
