"""What clocks and promises are judged by, set by operators: years, terms, the untrustworthy; all of it logged."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchange.models import Delivery, Event
from guidance.models import Office, Post
from licensing.models import UntrustworthyEntry
from routing import calendar, counting, recounting, terms
from routing.models import ApprovalTask, CalendarYear, ClockStop, Term
from routing.notices import HOLIDAYS
from tests.factories import ApprovalTaskFactory, EnterpriseFactory, OfficeFactory, PostFactory, UserFactory, uscc_of

NOTICE = (HOLIDAYS / "2026.yaml").read_text(encoding="utf-8")
ADD = "admin:routing_calendaryear_add"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(first_terms):
    return UserFactory(operator=True, name="甲")


@pytest.fixture
def first(operator):
    return signed_in(operator)


@pytest.fixture
def second(db):
    return signed_in(UserFactory(operator=True, name="乙"))


def page_of(year):
    return reverse("admin:routing_calendaryear_change", args=[year.pk])


def last_log():
    return LogEntry.objects.order_by("pk").last()


def test_a_year_is_entered_by_one_operator_and_confirmed_by_another(first, second):
    assert first.post(reverse(ADD), {"notice": NOTICE}).status_code == 302
    year = CalendarYear.objects.get()
    assert 2026 not in calendar.load().years
    assert "另一位管理员复核" in first.get(page_of(year)).content.decode()
    first.post(page_of(year))
    assert 2026 not in calendar.load().years
    second.post(page_of(year))
    assert 2026 in calendar.load().years
    year.refresh_from_db()
    assert (year.entered_by.name, year.confirmed_by.name) == ("甲", "乙")
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")][1] == "复核无误，开始生效"


def test_the_second_operator_sees_every_day_in_words(first, second):
    first.post(reverse(ADD), {"notice": NOTICE})
    text = second.get(page_of(CalendarYear.objects.get())).content.decode()
    for words in (
        "2月15日（星期日）",
        "2月23日（星期一）",
        "9 天",
        "10月10日（星期六）",
        "248 天",
        "国庆节",
        "核对无误",
    ):
        assert words in text


def test_a_notice_with_faults_is_shown_with_all_of_them_and_nothing_is_kept(first):
    wrong = NOTICE.replace("2026-10-01 至", "2026-10-02 至").replace("2026-09-20", "2026-09-21")
    answer = first.post(reverse(ADD), {"notice": wrong})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "缺少法定的放假日 2026-10-01" in text
    assert "2026-09-21 不是星期六或者星期日" in text
    assert wrong.splitlines()[-1] in text
    assert not CalendarYear.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"notice": ""}, {"notice": "\0"}, {"notice": "x" * 500_000}, {"notice": ["1", "2"]}]
)
def test_rubbish_for_a_notice_is_refused_in_words(first, data):
    answer = first.post(reverse(ADD), data)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_a_year_in_force_is_neither_entered_again_nor_taken_away(first, second):
    call_command("load_calendar", verbosity=0)
    year = CalendarYear.objects.get(year=2026)
    assert "已经生效" in first.post(reverse(ADD), {"notice": NOTICE}).content.decode()
    assert second.post(reverse("admin:routing_calendaryear_delete", args=[year.pk]), {"post": "yes"}).status_code == 403
    assert 2026 in calendar.load().years


def test_an_entry_with_a_fault_is_taken_back_before_it_counts(first, second):
    first.post(reverse(ADD), {"notice": NOTICE})
    year = CalendarYear.objects.get()
    second.post(reverse("admin:routing_calendaryear_delete", args=[year.pk]), {"post": "yes"})
    assert not CalendarYear.objects.exists()
    assert "国办发明电" in last_log().change_message


def test_the_page_of_a_year_costs_the_same_for_many_days(first, django_assert_max_num_queries):
    call_command("load_calendar", verbosity=0)
    with django_assert_max_num_queries(7):
        first.get(page_of(CalendarYear.objects.first()))


def term_page(code):
    return reverse("admin:routing_term_change", args=[Term.objects.get(code=code).pk])


def test_a_term_is_changed_with_its_basis_and_the_change_is_logged(first):
    data = {"value": "12", "basis": "阳政办〔2026〕3号"}
    assert first.post(term_page("correction_days"), data).status_code == 302
    assert terms.load()["correction_days"] == 12
    assert "空 → 12；依据：本市规定（示例） → 阳政办〔2026〕3号" in last_log().change_message
    first.post(term_page("correction_days"), data | {"value": ""})
    assert terms.load()["correction_days"] is None


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("warn_percent", {"value": "101", "basis": "x"}),
        ("warn_percent", {"value": "-1", "basis": "x"}),
        ("warn_percent", {"value": "9" * 40, "basis": "x"}),
        ("warn_percent", {"value": "", "basis": "x"}),
        ("warn_percent", {"value": "5", "basis": ""}),
        ("warn_percent", {}),
        ("rectify_days", {"value": "0", "basis": "x"}),
        ("rectify_days", {"value": "abc", "basis": "\0"}),
    ],
)
def test_a_term_out_of_its_bounds_or_without_basis_is_refused(first, code, data):
    before = terms.load()
    assert "error-summary" in first.post(term_page(code), data).content.decode()
    assert terms.load() == before


@pytest.mark.parametrize("value", ["4", "5", "6"])
def test_what_the_law_fixes_no_operator_changes(first, value):
    answer = first.post(term_page("silence_days"), {"value": value, "basis": "本市规定"})
    assert "第三十二条" in answer.content.decode()
    assert Term.objects.get(code="silence_days").value == 5
    assert "法律规定，不能改" in first.get(term_page("silence_days")).content.decode()


def test_a_new_threshold_moves_the_warnings_of_running_tasks_and_no_due_date(catalogue, first):
    call_command("load_calendar", verbosity=0)
    running, stopped, granted = (ApprovalTaskFactory(accepted=True) for _ in range(3))
    today = timezone.localdate()
    ClockStop.objects.create(task=stopped, kind="survey", started_on=today, ended_on=today + timedelta(days=9))
    for task in (running, stopped, granted):
        recounting.recount_as_recorded(task, counting.rules())
        task.save()
    ApprovalTask.objects.filter(pk=granted.pk).update(status="withdrawn", decided_at=timezone.now())
    before = {task.pk: (task.warns_on, task.committed_due_on) for task in ApprovalTask.objects.all()}
    first.post(term_page("warn_percent"), {"value": "90", "basis": "阳政办〔2026〕3号"})
    assert Event.objects.get(kind="terms.changed").deliveries.get().handler == "routing.recounting.recount_warnings"
    recounting.recount_warnings()
    after = {task.pk: (task.warns_on, task.committed_due_on) for task in ApprovalTask.objects.all()}
    assert [before[pk][1] for pk in before] == [after[pk][1] for pk in before]
    assert {pk for pk in before if after[pk] != before[pk]} == {running.pk, stopped.pk}
    for task in (running, stopped):
        recounting.recount_as_recorded(task, counting.rules())
        assert after[task.pk][0] == task.warns_on


def test_warnings_of_a_whole_city_move_batch_by_batch(catalogue, monkeypatch):
    monkeypatch.setattr(recounting, "BATCH", 2)
    call_command("load_calendar", verbosity=0)
    for _ in range(3):
        ApprovalTaskFactory(accepted=True, warns_on="2020-01-01")
    recounting.recount_warnings()
    assert ApprovalTask.objects.filter(warns_on="2020-01-01").count() == 1
    assert Event.objects.filter(kind="terms.changed").count() == 1
    recounting.recount_warnings()
    assert not ApprovalTask.objects.filter(warns_on="2020-01-01").exists()
    assert Event.objects.filter(kind="terms.changed").count() == 1


def test_other_terms_and_an_unchanged_threshold_recount_nothing(first):
    first.post(term_page("warn_percent"), {"value": "20", "basis": "阳政办〔2026〕3号"})
    first.post(term_page("rectify_days"), {"value": "10", "basis": "阳政办〔2026〕3号"})
    assert not Event.objects.exists()


LIST_ADD = "admin:licensing_untrustworthyentry_add"


def entry_of(enterprise, **changes):
    data = {"uscc": enterprise.uscc, "name": enterprise.name, "reason": "承诺不实", "source": "阳市监信〔2026〕1号"}
    return data | {"listed_on": timezone.localdate().isoformat(), "until": ""} | changes


def test_an_enterprise_is_listed_with_source_and_ended_but_never_deleted(first, operator):
    enterprise = EnterpriseFactory()
    spaced = f" {enterprise.uscc[:8]} {enterprise.uscc[8:].lower()} "
    assert first.post(reverse(LIST_ADD), entry_of(enterprise, uscc=spaced)).status_code == 302
    entry = UntrustworthyEntry.objects.get()
    assert (entry.uscc, entry.entered_by) == (enterprise.uscc, operator)
    assert UntrustworthyEntry.objects.bars(enterprise)
    page = reverse("admin:licensing_untrustworthyentry_change", args=[entry.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert entry.source in first.get(page).content.decode()
    assert first.post(page, {"until": timezone.localdate().isoformat(), "uscc": "x", "reason": ""}).status_code == 302
    assert UntrustworthyEntry.objects.bars(enterprise)
    assert not UntrustworthyEntry.objects.bars(enterprise, tomorrow)
    assert UntrustworthyEntry.objects.get().reason == "承诺不实"
    assert f"至：空 → {timezone.localdate()}" in last_log().change_message
    assert first.post(f"{page[: -len('change/')]}delete/", {"post": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uscc": "91441702MA4UKQ0X7O"}, "统一社会信用代码"),
        ({"uscc": "x" * 500}, "60"),
        ({"source": ""}, "请填写"),
        ({"reason": " "}, "请填写"),
        ({"reason": "a\0b"}, "error-summary"),
        ({"until": "2001-01-01"}, "不能早于列入日期"),
        ({"listed_on": "31.12.2026"}, "error-summary"),
    ],
)
def test_an_entry_with_a_fault_is_refused_at_its_field(first, changes, said):
    assert said in first.post(reverse(LIST_ADD), entry_of(EnterpriseFactory(), **changes)).content.decode()
    assert not UntrustworthyEntry.objects.exists()


def test_an_entry_cannot_end_before_it_began(first):
    first.post(reverse(LIST_ADD), entry_of(EnterpriseFactory()))
    page = reverse("admin:licensing_untrustworthyentry_change", args=[UntrustworthyEntry.objects.get().pk])
    assert "不能早于列入日期" in first.post(page, {"until": "2001-01-01"}).content.decode()
    assert UntrustworthyEntry.objects.get().until is None


def test_an_office_is_told_to_ask_for_a_second_pair_of_eyes(first):
    office = OfficeFactory()
    data = {"department": office.department_id, "division": office.division_id, "name": office.name, "uscc": ""}
    page = reverse("admin:guidance_office_change", args=[office.pk])
    assert first.post(page, data | {"phone": "", "second_review": "on"}).status_code == 302
    assert Office.objects.get().second_review
    assert last_log().change_message == "决定须经第二人复核：否 → 是"


def test_staff_are_moved_at_once_and_stay_who_they_are(first, city):
    task = ApprovalTaskFactory()
    post = PostFactory(office=OfficeFactory(department__code="police"))
    officer, desk = post.user, reverse("admin:routing_approvaltask_change", args=[task.public_id])
    assert signed_in(officer).get(desk).status_code == 404
    data = {"office": task.office_id, "role": "head", "user": UserFactory().username}
    assert first.post(reverse("admin:guidance_post_change", args=[post.pk]), data).status_code == 302
    assert (Post.objects.get().user, Post.objects.get().role) == (officer, "head")
    assert signed_in(officer).get(desk).status_code == 200
    assert f"→ {task.office}；身份：审批人员 → 负责人" in last_log().change_message


def test_staff_who_are_removed_lose_the_next_page(first, city):
    task = ApprovalTaskFactory()
    post = PostFactory(office=task.office)
    officer, desk = signed_in(post.user), reverse("admin:routing_approvaltask_change", args=[task.public_id])
    assert officer.get(desk).status_code == 200
    first.post(reverse("admin:guidance_post_delete", args=[post.pk]), {"post": "yes"})
    assert officer.get(desk).status_code == 404
    assert str(post.user) in last_log().change_message


def test_the_log_says_who_changed_what_and_holds_no_password(first):
    data = {
        "username": "newofficer",
        "name": "新人",
        "email": "",
        "password1": "shui-mo-2026",
        "password2": "shui-mo-2026",
    }
    first.post(reverse("admin:portal_user_add"), data)
    text = first.get(reverse("admin:admin_logentry_changelist")).content.decode()
    for words in ("变更记录", "甲", "添加", "newofficer", "姓名：新人"):
        assert words in text
    assert "shui-mo-2026" not in text
    assert "shui-mo-2026" not in last_log().change_message


def test_the_log_is_only_read_and_its_queries_do_not_grow(first, django_assert_max_num_queries):
    for number in range(3):
        first.post(reverse("admin:guidance_division_add"), {"code": f"44179{number}", "name": f"区{number}"})
    with django_assert_max_num_queries(8):
        page = first.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert page.count("区划代码：44179") == 3
    assert not [line for line in page.splitlines() if "<td" in line and "<a" in line]
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM licensing_untrustworthyentry",
        "UPDATE licensing_untrustworthyentry SET uscc = 'x'",
        "UPDATE django_admin_log SET change_message = ''",
        "DELETE FROM django_admin_log",
    ],
)
def test_what_operators_did_stays_whatever_a_shell_says(db, statement):
    operator = UserFactory(operator=True)
    entry = UntrustworthyEntry.objects.create(uscc=uscc_of(1), name="甲", reason="失信", source="法院")
    LogEntry.objects.log_actions(operator.pk, [entry], 1, "甲", single_object=True)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    entry.until = entry.listed_on
    entry.save()
