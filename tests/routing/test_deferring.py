"""容缺受理 (plan art. 7): accepted without a secondary paper, which is supplied in its term, or the task ends."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from exchange.models import Event
from licensing.models import UntrustworthyEntry
from routing import decisions, deferring, tasks, withdrawing
from routing.models import Deferral
from routing.refusals import NotAllowed
from tests.factories import UserFactory
from tests.licensing.samples import PDF, upload
from tests.routing.acting import at, on, traces

FOOD, DRAINAGE, TOBACCO = "food-operation", "drainage", "tobacco-retail"
RULES, PROOF = "mat-food-rules", "mat-premises-proof"
FACE = {"number": "JY1", "issued_on": "2026-05-11"}

pytestmark = pytest.mark.usefixtures("storage_folder")


@pytest.fixture
def case(file):
    """A food licence whose rules are to follow: promised for 19 May, by law due on 25 May."""
    case = file(FOOD, deferred=[RULES])
    case.accept(FOOD)
    return case


def supply(case, code=RULES, user=None, files=None):
    files = [upload(PDF, "制度.pdf")] if files is None else files
    return deferring.supply(case.application, case.paper(code), files, user or case.applicant)


def test_acceptance_names_each_paper_with_its_last_day_and_the_promised_clock_stands(case):
    task, deferral = case[FOOD], case[FOOD].deferrals.get()
    assert deferral.due_on == on("05-20")  # 7 working days; the statutory limit less three is no earlier
    assert (task.clock_stopped, task.statutory_stopped) == (True, False)
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-19"), on("05-25"))
    document = task.documents.get()
    assert document.title == "容缺受理通知书"
    assert f"{deferral.material.name}：请在2026年5月20日（含当日）前补交。" in document.paragraphs


def test_the_office_keeps_three_working_days_before_the_statutory_limit(file):
    case = file("road-freight", deferred=["mat-driver-cert"])  # 17 days of its own, 20 by law
    case.accept("road-freight")
    task = case["road-freight"]
    assert (task.statutory_due_on, task.deferrals.get().due_on) == (on("06-08"), on("06-03"))


def test_a_paper_that_several_items_defer_has_the_strictest_term(file):
    case = file(FOOD, TOBACCO, deferred=[PROOF])  # 7 and 10 days
    case.accept(FOOD, TOBACCO)
    assert {one.due_on for one in Deferral.objects.all()} == {on("05-20")}


def test_supplied_once_it_is_there_for_every_task_and_the_clocks_run_on(file, time_machine):
    case = file(FOOD, TOBACCO, deferred=[PROOF])
    case.accept(FOOD, TOBACCO)
    time_machine.move_to(at("05-13"))
    supply(case, PROOF)
    assert not Deferral.objects.filter(supplied_at=None).exists()
    assert [case[code].clock_stopped for code in (FOOD, TOBACCO)] == [False, False]
    assert case[FOOD].committed_due_on == on("05-21")  # 12 and 13 May were not counted
    assert case[FOOD].statutory_due_on == on("05-25")
    assert case.events(FOOD) == case.events(TOBACCO) == ["accepted", "supplied"]
    assert case.paper(PROOF).files.count() == 1
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="已经交齐"):
        supply(case, PROOF)
    assert traces(case.application) == before


def test_with_two_papers_to_come_the_clock_stands_until_the_last(file):
    case = file(FOOD, deferred=[RULES, PROOF])
    case.accept(FOOD)
    supply(case, RULES)
    assert case[FOOD].clock_stopped is True
    supply(case, PROOF)
    assert case[FOOD].clock_stopped is False


def test_without_the_paper_nothing_is_granted_but_a_refusal_needs_none(case):
    with pytest.raises(NotAllowed, match="还没有补齐"):
        decisions.grant(case[FOOD], case.officer(FOOD), FACE)
    decisions.refuse(case[FOOD], case.officer(FOOD), "后厨太小")
    assert not case[FOOD].stops.filter(ended_on=None).exists()


def test_with_the_paper_it_is_granted(case):
    supply(case)
    decisions.grant(case[FOOD], case.officer(FOOD), FACE)
    assert case.events(FOOD) == ["accepted", "supplied", "granted"]


def test_supplied_before_acceptance_nothing_is_deferred_any_more(file):
    case = file(FOOD, deferred=[RULES])
    supply(case)
    case.accept(FOOD)
    assert not case[FOOD].deferrals.exists()
    assert case.documents(FOOD) == ["acceptance"]


def test_only_the_applicant_supplies_and_only_with_a_file(case):
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="不能代表"):
        supply(case, user=UserFactory())
    with pytest.raises(NotAllowed, match="选择"):
        supply(case, files=[])
    assert traces(case.application) == before
    assert not case.paper(RULES).files.exists()


def test_on_the_last_day_it_is_supplied(case, time_machine):
    time_machine.move_to(at("05-20", 23))
    tasks.sweep()
    supply(case)
    assert case[FOOD].status == "accepted"


def test_the_day_after_it_is_too_late_and_the_task_ends_once_with_a_notice(case, time_machine):
    time_machine.move_to(at("05-21", 0))
    with pytest.raises(NotAllowed, match="补交期限已经过了"):
        supply(case)
    for _ in range(2):
        tasks.sweep()
    task, name = case[FOOD], case.paper(RULES).name
    assert (task.status, task.decided_by) == ("terminated", None)
    assert task.reason == f"容缺受理的材料没有在期限内补齐：{name}。"
    assert case.documents(FOOD) == ["deferred_acceptance", "termination"]
    assert case.events(FOOD) == ["accepted", "terminated"]
    assert task.clock_stopped is False
    assert not task.stops.filter(ended_on=None).exists()
    assert Event.objects.filter(kind="task.decided").count() == 1
    deferring.end_missed(task)
    assert case.events(FOOD) == ["accepted", "terminated"]


def test_one_tasks_missed_term_does_not_keep_the_paper_from_another(file, time_machine):
    case = file(FOOD, TOBACCO, deferred=[PROOF])
    case.accept(FOOD)
    time_machine.move_to(at("05-15"))
    case.accept(TOBACCO)
    time_machine.move_to(at("05-21"))
    supply(case, PROOF)
    tasks.sweep()
    assert case.statuses() == {FOOD: "terminated", TOBACCO: "accepted"}


def test_a_reminder_goes_out_once_two_working_days_before(case, time_machine):
    time_machine.move_to(at("05-15"))
    tasks.sweep()
    assert case.events(FOOD) == ["accepted"]
    time_machine.move_to(at("05-18"))
    for _ in range(2):
        tasks.sweep()
    assert case.events(FOOD) == ["accepted", "reminded"]
    assert Event.objects.filter(kind="task.reminded").count() == 1


def test_nobody_is_reminded_of_what_was_supplied_or_withdrawn_or_missed(file, time_machine):
    supplied, withdrawn, missed = (file(FOOD, deferred=[RULES]) for _ in range(3))
    for case in (supplied, withdrawn, missed):
        case.accept(FOOD)
    supply(supplied)
    withdrawing.withdraw(withdrawn.application, withdrawn.applicant)
    time_machine.move_to(at("05-22"))
    tasks.sweep()
    assert [case.events(FOOD)[1:] for case in (supplied, withdrawn, missed)] == [
        ["supplied"],
        ["withdrawn"],
        ["terminated"],
    ]


def test_silence_starts_the_term_when_it_is_told_not_in_the_past(file, time_machine):
    case = file(FOOD, deferred=[RULES])
    time_machine.move_to(at("05-19"))
    tasks.sweep()
    task = case[FOOD]
    assert (task.status, task.accepted_at) == ("accepted", task.complete_at)
    assert task.statutory_due_on == on("05-25")  # counted from 11 May
    assert task.deferrals.get().due_on == on("05-20")  # three working days before that
    supply(case)


def list_as_untrustworthy(case):
    enterprise = case.application.enterprise
    UntrustworthyEntry.objects.create(uscc=enterprise.uscc, name=enterprise.name, reason="失信", source="法院")


def test_who_was_listed_since_is_refused_deferral_at_acceptance(file):
    case = file(FOOD, deferred=[RULES])
    list_as_untrustworthy(case)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="不能适用容缺受理，请按一般程序告知补正"):
        decisions.accept(case[FOOD], case.officer(FOOD))
    assert traces(case.application) == before


def test_who_was_listed_since_is_granted_nothing_by_promise(file):
    hygiene = "public-place-hygiene"
    case = file(hygiene, committed=[hygiene])
    case.accept(hygiene)
    list_as_untrustworthy(case)
    with pytest.raises(NotAllowed, match="不能适用告知承诺，不能准予"):
        decisions.grant(case[hygiene], case.officer(hygiene), FACE)
    decisions.refuse(case[hygiene], case.officer(hygiene), "列入失信主体名单，没有提交材料")


def test_a_paper_shown_at_the_survey_is_noted_by_the_officer_and_the_grant_is_free(case):
    deferral, officer = case[FOOD].deferrals.get(), case.officer(FOOD)
    deferring.take(case[FOOD], officer, deferral, "现场查看原件")
    assert case[FOOD].clock_stopped is False
    assert case.paper(RULES).supplied_at is not None
    row = case.application.log.last()
    assert (row.event, row.actor, row.detail["reason"]) == ("task.paper_taken", officer, "现场查看原件")
    with pytest.raises(NotAllowed, match="没有等待补交的材料"):
        deferring.take(case[FOOD], officer, deferral, "再来一次")
    decisions.grant(case[FOOD], officer, FACE)


def test_what_one_office_has_seen_another_still_waits_for(file):
    case = file(FOOD, TOBACCO, deferred=[PROOF])
    case.accept(FOOD, TOBACCO)
    deferring.take(case[FOOD], case.officer(FOOD), case[FOOD].deferrals.get(), "现场查看原件")
    assert (case[FOOD].clock_stopped, case[TOBACCO].clock_stopped) == (False, True)
    assert case.paper(PROOF).supplied_at is None
    supply(case, PROOF)
    assert case[TOBACCO].clock_stopped is False


def test_a_paper_of_another_task_is_not_taken(file):
    case = file(FOOD, TOBACCO, deferred=[PROOF])
    case.accept(FOOD, TOBACCO)
    with pytest.raises(NotAllowed):
        deferring.take(case[FOOD], case.officer(FOOD), case[TOBACCO].deferrals.get(), "不是这件的")
    assert case[TOBACCO].deferrals.get().supplied_at is None


def test_what_all_offices_have_seen_is_owed_no_more(file):
    case = file(FOOD, TOBACCO, deferred=[PROOF])
    case.accept(FOOD, TOBACCO)
    for code in (FOOD, TOBACCO):
        deferring.take(case[code], case.officer(code), case[code].deferrals.get(), "现场查看原件")
    assert case.paper(PROOF).supplied_at
    with pytest.raises(NotAllowed, match="已经交齐"):
        supply(case, PROOF)


def test_after_its_term_a_paper_is_not_taken_though_the_sweeper_has_not_come(case, time_machine):
    deferral = case[FOOD].deferrals.get()
    time_machine.move_to(f"{deferral.due_on + timedelta(days=1)} 09:00 +0800")
    with pytest.raises(NotAllowed, match="期限已经过了"):
        deferring.take(case[FOOD], case.officer(FOOD), deferral, "昨天带来的")
    tasks.sweep()
    assert case[FOOD].status == "terminated"


@pytest.mark.parametrize(
    "statement", ["UPDATE routing_deferral SET due_on = '2030-01-01'", "DELETE FROM routing_deferral"]
)
def test_the_term_that_was_told_stays_whatever_a_shell_says(case, statement):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
