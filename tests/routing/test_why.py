"""Why this date: the count aloud agrees with the date kept, for both clocks."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from routing import explaining
from routing.counting import Clock, recount_as_recorded, rules
from routing.models import ClockStop, Extension, StopKind, TaskStatus
from tests.factories import ApprovalTaskFactory, MembershipFactory, PostFactory, UserFactory


def at(year, month, day):
    return timezone.make_aware(datetime(year, month, day, 10))


@pytest.fixture
def task(city):
    """A food licence, received and accepted on 2026-04-28: 6 promised days and 10 by law, over 1 May."""
    moment = at(2026, 4, 28)
    task = ApprovalTaskFactory(status=TaskStatus.ACCEPTED, received_at=moment, accepted_at=moment)
    return counted(task)


def counted(task):
    recount_as_recorded(task, rules())
    task.save()
    return task


def told(explanation):
    return [(line.first.isoformat(), line.last.isoformat(), line.text) for line in explanation.lines]


def test_the_days_are_told_in_order_and_what_is_alike_is_one_line(task):
    why = explaining.why(task)["committed"]
    assert told(why) == [
        ("2026-04-29", "2026-04-30", "第 1–2 个工作日"),
        ("2026-05-01", "2026-05-05", "劳动节放假，不计"),
        ("2026-05-06", "2026-05-08", "第 3–5 个工作日"),
        ("2026-05-09", "2026-05-09", "第 6 个工作日，调休上班"),
    ]
    assert (why.start, why.due) == (date(2026, 4, 28), date(2026, 5, 9))


def test_both_dates_are_those_that_the_task_keeps(task):
    why = explaining.why(task)
    assert why["committed"].due == why["committed"].lines[-1].last == task.committed_due_on
    assert why["statutory"].due == why["statutory"].lines[-1].last == task.statutory_due_on
    assert not why["statutory"].provisional


def test_each_limit_names_where_it_comes_from(task):
    why = explaining.why(task)
    assert why["committed"].limit == "承诺 6 个工作日办完"
    assert why["statutory"].limit == "法定 10 个工作日，自受理之日起算"
    assert any("第八十二条" in basis for basis in why["statutory"].basis)
    assert any("食品安全法" in basis for basis in why["statutory"].basis)


def test_a_stop_is_named_and_its_days_do_not_count(task):
    ClockStop.objects.create(task=task, kind=StopKind.HEARING, started_on="2026-05-06", ended_on="2026-05-07")
    ClockStop.objects.create(task=task, kind=StopKind.SURVEY, started_on="2026-05-08", ended_on="2026-05-08")
    why = explaining.why(counted(task))
    assert ("2026-05-06", "2026-05-07", "听证，不计") in told(why["committed"])
    assert ("2026-05-08", "2026-05-08", "现场核查，不计") in told(why["committed"])
    assert [stop.kind for stop in why["statutory"].stops] == ["hearing"]
    assert why["committed"].due == task.committed_due_on


def test_an_open_stop_is_told_but_not_counted_yet(task):
    ClockStop.objects.create(task=task, kind=StopKind.HEARING, started_on="2026-05-06", expected_on="2026-05-20")
    why = explaining.why(counted(task))
    assert why["committed"].stands.startswith("听证")
    assert why["committed"].due == task.committed_due_on == date(2026, 5, 9)


def test_an_extension_is_counted_after_the_limit(task):
    head = UserFactory()
    Extension.objects.create(task=task, days=5, reason="需要补充检验", granted_by=head, granted_at=timezone.now())
    why = explaining.why(counted(task))["statutory"]
    assert any(text.startswith("延期第 1") for _, _, text in told(why))
    assert why.due == task.statutory_due_on
    assert why.extension.reason == "需要补充检验"


def test_beyond_the_last_notice_the_date_is_provisional(city):
    moment = at(2026, 12, 28)
    task = counted(ApprovalTaskFactory(status=TaskStatus.ACCEPTED, received_at=moment, accepted_at=moment))
    why = explaining.why(task)["committed"]
    assert why.provisional
    assert any("2027年安排未公布，暂按周一至周五" in line.text for line in why.lines)


def test_during_a_correction_nothing_is_counted(task):
    task.status = TaskStatus.CORRECTION
    assert "正在等申请人补正" in explaining.why(task)["committed"].stands


def test_what_has_not_begun_or_has_no_limit_says_so(city):
    waiting = ApprovalTaskFactory(waiting=True)
    assert explaining.why(waiting)["committed"] is None
    filing = ApprovalTaskFactory(item_code="prepackaged-food")
    why = explaining.why(filing)
    assert why["statutory"] is None
    assert why["not_begun"]["statutory"]


@pytest.mark.parametrize("unit", ["working_days", "natural_days", "months"])
@pytest.mark.parametrize("days", [0, 1, 3])
def test_the_lines_follow_each_other_to_the_due_date(city, unit, days):
    calendar = rules().calendar
    clock = Clock(date(2026, 2, 10), days, unit, (), 4)
    lines = explaining.lines_of(clock, calendar)
    assert lines[-1].last == clock.due(calendar).day
    assert all((after.first - before.last).days == 1 for before, after in pairwise(lines))
    assert "延期第" in lines[-1].text


def test_the_applicant_and_the_office_read_it_and_others_do_not(task):
    address = reverse("routing:why", args=[task.public_id])
    owner = MembershipFactory(enterprise=task.application.enterprise).user
    for user in (owner, PostFactory(office=task.office).user):
        page = ask(user, address)
        assert "为什么是这一天" in page.content.decode()
        assert "劳动节放假，不计" in page.content.decode()
    for user in (UserFactory(), PostFactory(office__division__code="441704").user):
        assert ask(user, address).status_code == 404


def ask(user, address):
    client = Client()
    client.force_login(user)
    return client.get(address)


def test_the_queries_are_the_same_for_any_task(task, django_assert_max_num_queries):
    for month in range(5, 11):
        ClockStop.objects.create(
            task=task, kind="survey", started_on=f"2026-{month:02}-06", ended_on=f"2026-{month:02}-07"
        )
    with django_assert_max_num_queries(5):
        explaining.why(task)


def test_on_the_spot_means_the_day_itself_or_the_next_one_worked(city):
    lines = explaining.lines_of(Clock(date(2026, 5, 1), 0, "working_days", (), 0), rules().calendar)
    assert [line.text for line in lines] == ["劳动节放假，不计", "第 1 个工作日"]
    assert lines[-1].last == date(2026, 5, 6)
