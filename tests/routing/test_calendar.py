"""Yearly notices: what is wrong in one is named with its line, and a year counts once two people agree on it."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from licensing.models import LogEntry
from routing import calendar, notices, recounting
from routing.models import ApprovalTask, CalendarDay, CalendarYear
from routing.notices import HOLIDAYS, NoticeRefused
from routing.refusals import NotAllowed
from routing.tasks import sweep
from tests.factories import ApprovalTaskFactory, UserFactory

NOTICE = (HOLIDAYS / "2026.yaml").read_text(encoding="utf-8")
# As it may look; the State Council has not published it when this is written.
NEXT = """
年份: 2027
依据: 国务院办公厅关于2027年部分节假日安排的通知（测试）
放假:
  元旦: 2027-01-01 至 2027-01-03
  春节: 2027-02-05 至 2027-02-12
  清明节: 2027-04-03 至 2027-04-05
  劳动节: 2027-05-01 至 2027-05-05
  端午节: 2027-06-09 至 2027-06-09
  中秋节: 2027-09-15 至 2027-09-15
  国庆节: 2027-10-01 至 2027-10-07
调休上班: [2027-02-14, 2027-02-20, 2027-05-08, 2027-09-26, 2027-10-09]
"""


def faults(*replacements):
    text = NOTICE
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(NoticeRefused) as refused:
        notices.read(text)
    return refused.value.faults


def test_the_notices_that_come_with_the_portal_are_sound():
    assert [notice.year for notice in notices.shipped()] == [2025, 2026]
    assert notices.read(NEXT).days()[date(2027, 2, 14)] == (True, "")
    assert notices.read(NOTICE).days()[date(2026, 2, 20)] == (False, "春节")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  端午节: 2026-06-19 至 2026-06-21\n", "", "缺少端午节。"),
        ("端午节:", "端午:", "第10行：不认识节日“端午”"),
        ("2026-06-19 至 2026-06-21", "2026-06-19", "第10行：端午节：没有写结束日期"),
        ("2026-06-19 至 2026-06-21", "2026-06-19 至", "第10行：端午节：没有写结束日期"),
        ("2026-06-19 至 2026-06-21", "2026-06-21 至 2026-06-19", "第10行：端午节：结束日期 2026-06-19 早于开始日期"),
        ("2026-06-19 至 2026-06-21", "6月19日", "第10行：端午节：要写成"),
        ("2026-06-19 至 2026-06-21", "[1, 2]", "第10行：端午节：要写成"),
        ("2026-06-19 至 2026-06-21", "2026-06-31 至 2026-07-01", "没有“2026-06-31”这一天"),
        ("2026-06-19 至 2026-06-21", "2026-07-19 至 2026-07-21", "第10行：端午节不会在 2026-07-19"),
        (
            "2026-06-19 至 2026-06-21",
            "2025-06-19 至 2025-06-21",
            "第10行：端午节：2025-06-19 至 2025-06-21 不全是2026年的日期",
        ),
        ("2026-10-01 至 2026-10-07", "2026-10-02 至 2026-10-07", "第12行：国庆节：缺少法定的放假日 2026-10-01。"),
        ("2026-05-01 至 2026-05-05", "2026-05-01 至 2026-05-01", "第9行：劳动节：缺少法定的放假日 2026-05-02。"),
        ("2026-02-15 至 2026-02-23", "2026-02-16 至 2026-02-18", "第7行：春节：法定放假 4 天，这里只有 3 天。"),
        ("2026-02-15 至 2026-02-23", "2026-02-15 至 2026-12-23", "第7行：春节：放假超过 15 天"),
        ("2026-10-01 至 2026-10-07", "2026-10-01 至 2026-10-06", "相差 12 天"),
        ("2026-09-20, ", "", "相差 14 天"),
        ("2026-09-20", "2026-09-21", "调休上班日 2026-09-21 不是星期六或者星期日"),
        ("2026-09-20", "2026-10-04", "调休上班日 2026-10-04 在国庆节放假期间"),
        ("2026-09-20", "2026-05-09", "调休上班日 2026-05-09 写了两次"),
        ("2026-09-20", "2027-09-19", "调休上班日 2027-09-19 不是2026年的日期"),
        ("2026-09-20", "9月20日", "调休上班：没有“9月20日”这一天"),
        ("2026-09-25 至 2026-09-27", "2026-09-27 至 2026-10-01", "第12行：国庆节和中秋节的日期重叠"),
        ("  国庆节:", "  国庆节、中秋节:", "中秋节写了2次"),
        ("  国庆节:", "  中秋节:", "“中秋节”写了两次"),
        ("年份: 2026", "年份: 二〇二六", "第2行：年份要写四位数字的年份"),
        ("年份: 2026", "年份: 1026", "第2行：年份要写四位数字的年份"),
        ("年份: 2026\n", "", "没有写“年份”。"),
        ("依据: ", "依据: [] #", "依据要写通知的名称和文号"),
        ("依据: ", "note: ", "不认识“note”"),
        ("调休上班: [", "调休上班: 无 #", "调休上班要写成 [日期, 日期]"),
    ],
)
def test_each_fault_of_a_notice_is_named(old, new, said):
    assert any(said in fault for fault in faults((old, new)))


def test_all_faults_are_told_at_once():
    found = faults(("2026-10-01 至", "2026-10-02 至"), ("2026-06-19 至 2026-06-21", "x"), ("2026-09-20", "2026-09-21"))
    assert [fault.split("：")[0] for fault in found if fault.startswith("第")] == ["第10行", "第12行", "第14行"]


@pytest.mark.parametrize(
    "text",
    ["", "\0", "[" * 9_000, "x" * 20_000, "- 1", "年份: [", "? [a]\n: b", "年份: &a 2026\n依据: *a", "a:\n\tb"],
)
def test_what_is_no_notice_at_all_is_refused_in_words(text):
    with pytest.raises(NoticeRefused) as refused:
        notices.read(text)
    assert all(refused.value.faults)


def test_loading_the_calendar_twice_changes_nothing_and_leaves_an_operators_year(db, django_assert_num_queries):
    operator, second = UserFactory(operator=True), UserFactory(operator=True)
    own = calendar.enter(notices.read(NOTICE), operator)
    CalendarDay.objects.filter(day="2026-05-09").delete()
    calendar.confirm(own, second)
    call_command("load_calendar", verbosity=0)
    call_command("load_calendar", verbosity=0)
    assert not calendar.load().counts(date(2026, 5, 9))
    assert list(CalendarYear.objects.values_list("year", "entered_by")) == [(2026, operator.pk), (2025, None)]
    with django_assert_num_queries(1):
        calendar.load()


def test_what_comes_with_the_portal_counts_the_same_from_the_database_and_without(db):
    call_command("load_calendar", verbosity=0)
    assert calendar.load() == calendar.shipped()


def test_an_entered_year_counts_once_a_second_operator_has_confirmed_it(db):
    operator, second = UserFactory(operator=True), UserFactory(operator=True)
    year = calendar.enter(notices.read(NEXT), operator)
    assert 2027 not in calendar.load().years
    with pytest.raises(NotAllowed, match="另一位管理员"):
        calendar.confirm(year, operator)
    calendar.confirm(year, second)
    assert calendar.load().counts(date(2027, 2, 14))
    with pytest.raises(NotAllowed, match="已经生效"):
        calendar.confirm(year, UserFactory(operator=True))
    with pytest.raises(NotAllowed, match="已经生效"):
        calendar.enter(notices.read(NEXT), second)


def test_the_database_knows_that_too(db):
    operator = UserFactory(operator=True)
    year = calendar.enter(notices.read(NEXT), operator)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        CalendarYear.objects.filter(pk=year.pk).update(confirmed_by=operator, confirmed_at="2026-11-20T00:00Z")
    with pytest.raises(IntegrityError, match="names_who_confirmed_it"), transaction.atomic():
        CalendarYear.objects.filter(pk=year.pk).update(confirmed_at="2026-11-20T00:00Z")


@pytest.fixture
def provisional(catalogue, time_machine):
    """A task counted into 2027 before its notice is there."""
    time_machine.move_to("2026-12-30T10:00+08:00", tick=False)
    call_command("load_calendar", verbosity=0)
    task = ApprovalTaskFactory(accepted=True, item_code="food-operation")
    recounting.recount_as_recorded(task, recounting.rules())
    task.save()
    assert task.due_is_provisional
    return task


def confirmed_next_year():
    year = calendar.enter(notices.read(NEXT), UserFactory(operator=True))
    calendar.confirm(year, UserFactory(operator=True))


def test_a_provisional_task_is_counted_anew_by_the_sweeper_once_the_year_is_confirmed(provisional):
    sweep()
    assert not LogEntry.objects.filter(event="task.recounted").exists()
    before = provisional.committed_due_on
    confirmed_next_year()
    sweep()
    sweep()
    task = ApprovalTask.objects.get()
    assert task.committed_due_on != before
    assert not task.due_is_provisional
    entry = LogEntry.objects.get(event="task.recounted")
    assert entry.actor is None
    assert entry.detail["because"] == "calendar"
    assert entry.detail["before"]["committed_due_on"] == before.isoformat()
    assert entry.detail["committed_due_on"] == task.committed_due_on.isoformat()


def test_counting_anew_twice_changes_and_logs_nothing_more(provisional):
    confirmed_next_year()
    for _ in range(2):
        recounting.recount_after_notice(provisional.pk)
    assert LogEntry.objects.filter(event="task.recounted").count() == 1


def test_an_entered_year_that_nobody_has_confirmed_recounts_nothing(provisional):
    calendar.enter(notices.read(NEXT), UserFactory(operator=True))
    assert list(recounting.to_recount()) == []
    assert ApprovalTask.objects.get().due_is_provisional


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE routing_calendarday SET is_working = NOT is_working",
        "DELETE FROM routing_calendarday",
        "UPDATE routing_calendaryear SET confirmed_at = NULL",
        "DELETE FROM routing_calendarday; DELETE FROM routing_calendaryear",
    ],
)
def test_a_year_in_force_stays_whatever_a_shell_says(db, statement):
    call_command("load_calendar", verbosity=0)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
