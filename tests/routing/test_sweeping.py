"""What the sweeper finds when messages were lost."""

from datetime import timedelta

from django.utils import timezone

from guidance.models import Office
from licensing.models import Status
from routing import tasks
from routing.models import TaskStatus
from tests.factories import ApplicationFactory, ApprovalTaskFactory


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
