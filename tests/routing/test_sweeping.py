"""What the sweeper finds when messages were lost."""

from datetime import timedelta

from django.utils import timezone

from guidance.models import Office
from licensing.models import Status
from routing import decisions, stopping, tasks
from routing.models import TaskStatus
from tests.factories import ApplicationFactory, ApprovalTaskFactory
from tests.routing.acting import at


def test_an_application_left_unsplit_is_split_after_half_a_minute(submit):
    now = timezone.now()
    old, fresh = submit("food-operation", submitted_at=now - timedelta(seconds=40)), submit("drainage")
    tasks.sweep()
    assert old.tasks.count() == 1
    assert fresh.tasks.count() == 0


def test_one_that_cannot_be_split_does_not_keep_the_others_waiting(submit, city):
    earlier = timezone.now() - timedelta(minutes=5)
    sick = submit("tobacco-retail", submitted_at=earlier)
    well = submit("food-operation", submitted_at=earlier + timedelta(seconds=1))
    Office.objects.filter(division=city, department__code="tobacco").delete()
    tasks.sweep()
    sick.refresh_from_db()
    assert sick.status == Status.SUBMITTED
    assert well.tasks.count() == 1


def test_a_task_whose_barrier_fell_unheard_is_received(city):
    application = ApplicationFactory(in_progress=True, chosen=["radiology", "radiation-safety"])
    waiting = ApprovalTaskFactory(item_code="radiology", application=application, waiting=True)
    ApprovalTaskFactory(item_code="radiation-safety", application=application, granted=True)
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.status == TaskStatus.RECEIVED


def test_the_sweepers_look_takes_one_query_however_much_is_at_work(city, django_assert_num_queries):
    for _ in range(5):
        application = ApplicationFactory(in_progress=True, chosen=["food-operation", "drainage"])
        ApprovalTaskFactory(application=application, granted=True)
        ApprovalTaskFactory(item_code="drainage", application=application)
    with django_assert_num_queries(1):
        assert tasks.with_consequences() == []


def test_a_waiting_clock_whose_grant_was_told_to_nobody_runs_again(file):
    case = file("fire-safety-check", "hotel-special-trade")
    case.accept("fire-safety-check", "hotel-special-trade")
    waiting = {"kind": "waiting", "started_on": "2026-05-11", "reason": "等消防检查"}
    stopping.stop(case["hotel-special-trade"], case.officer("hotel-special-trade"), waiting)
    assert tasks.with_consequences() == []
    face = {"number": "消1", "issued_on": "2026-05-11"}
    decisions.grant(case["fire-safety-check"], case.officer("fire-safety-check"), face)
    assert tasks.with_consequences() == [case.application.pk]
    tasks.sweep()
    assert tasks.with_consequences() == []
    assert case["hotel-special-trade"].clock_stopped is False


def test_who_was_faster_than_the_sweeper_is_no_error(file, time_machine, caplog):
    case = file("food-operation")
    stale = case["food-operation"]
    time_machine.move_to(at("05-19"))
    case.accept("food-operation")
    tasks._attempt(decisions.accept_by_silence, stale)
    assert case.events("food-operation") == ["accepted"]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_what_fails_is_logged_and_the_next_is_done(caplog):
    tasks._attempt(lambda subject: 1 / subject, 0)
    assert "failed" in caplog.text
