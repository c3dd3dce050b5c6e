"""Splitting: each office gets its tasks once, whoever asks how often."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guidance.models import Office
from licensing import chain
from licensing.models import Status
from routing.models import ApprovalTask, TaskStatus
from routing.splitting import NoOffice, split_application

HOTEL = ("food-operation", "public-place-hygiene", "fire-safety-check", "hotel-special-trade", "drainage")


def test_each_chosen_item_becomes_one_task_and_the_application_is_at_work(submit):
    application = submit(*HOTEL)
    split_application(application_id=application.pk)
    application.refresh_from_db()
    assert sorted(task.item_code for task in application.tasks.all()) == sorted(HOTEL)
    assert application.status == Status.IN_PROGRESS


def test_splitting_twice_changes_nothing(submit):
    application = submit(*HOTEL)
    for _ in range(2):
        split_application(application_id=application.pk)
    assert application.tasks.count() == len(HOTEL)
    assert application.log.filter(event="task.created").count() == len(HOTEL)


def test_a_county_item_goes_to_the_district_and_a_city_item_to_the_city(submit, city):
    application = submit("food-operation", "device-class2")
    split_application(application_id=application.pk)
    offices = {task.item_code: task.office for task in application.tasks.select_related("office__department")}
    assert offices["food-operation"].division == city
    assert offices["device-class2"].division == city.parent
    assert offices["device-class2"].department == offices["food-operation"].department


def test_an_item_without_an_office_splits_nothing(submit, city):
    application = submit("food-operation", "tobacco-retail")
    Office.objects.filter(division=city, department__code="tobacco").delete()
    with pytest.raises(NoOffice, match="tobacco-retail"):
        split_application(application_id=application.pk)
    assert not application.tasks.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.COMPLETED])
def test_only_a_submitted_application_is_split(submit, status):
    application = submit("food-operation", status=status, completed_at=datetime(2026, 4, 1, tzinfo=UTC))
    split_application(application_id=application.pk)
    assert not application.tasks.exists()


def test_a_received_task_has_its_committed_day_counted_from_the_submission(submit):
    # 23:30 in Beijing on 28 April; a worker that comes after midnight must not cost the applicant a day.
    application = submit("food-operation", submitted_at=datetime(2026, 4, 28, 15, 30, tzinfo=UTC))
    split_application(application_id=application.pk)
    task = application.tasks.get()
    assert task.status == TaskStatus.RECEIVED
    assert task.received_at == application.submitted_at
    assert task.committed_due_on == date(2026, 5, 9)  # 6 working days; Labour Day off, Saturday 05-09 worked
    assert task.statutory_due_on is None  # runs from acceptance


def test_a_statutory_limit_counted_from_receipt_runs_at_once(submit):
    application = submit("hr-service", submitted_at=datetime(2026, 4, 28, 1, 0, tzinfo=UTC))
    split_application(application_id=application.pk)
    assert application.tasks.get().statutory_due_on == date(2026, 5, 28)  # 20 working days


def test_behind_a_barrier_a_task_waits_without_a_clock(submit):
    application = submit("business-registration", "bank-account", "tobacco-retail")
    split_application(application_id=application.pk)
    states = {task.item_code: (task.status, task.received_at is None) for task in application.tasks.all()}
    assert states["bank-account"] == (TaskStatus.WAITING, True)  # before, and not deferrable
    assert states["tobacco-retail"] == (TaskStatus.RECEIVED, False)  # together: only the grant waits
    assert states["business-registration"] == (TaskStatus.RECEIVED, False)


def test_the_log_tells_of_every_task_and_its_chain_holds(submit):
    application = submit(*HOTEL)
    split_application(application_id=application.pk)
    rows = list(application.log.all())
    assert [row.item_code for row in rows] == [*HOTEL, ""]
    assert rows[-1].to_status == Status.IN_PROGRESS
    assert chain.verify(application.log) is None


def test_the_number_of_queries_does_not_grow_with_the_items(submit, catalogue):
    counts = {}
    for size in (4, 15, 40):
        application = submit(*list(catalogue.items)[:size])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            split_application(application_id=application.pk)
        assert ApprovalTask.objects.filter(application=application).count() == size
        counts[size] = len(queries)
    assert counts[4] == counts[15] == counts[40] <= 15


def test_an_item_filed_by_promise_has_the_promised_days_of_that_way(file):
    hygiene = "public-place-hygiene"
    ordinary, promised = file(hygiene), file(hygiene, committed=[hygiene])
    assert (ordinary[hygiene].by_commitment, promised[hygiene].by_commitment) == (False, True)
    assert ordinary[hygiene].committed_due_on == date(2026, 5, 25)  # 10 working days
    assert promised[hygiene].committed_due_on == date(2026, 5, 12)  # one
