"""The outbox with a real Celery worker and a real Redis, which may lose everything it knows."""

import pytest
from django.db import transaction
from django.utils import timezone

from exchange import hints, outbox
from exchange.models import Delivery, Event
from tests.exchange.conftest import eventually, kill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def emit(kind, numbers):
    for number in numbers:
        with transaction.atomic():
            outbox.emit(kind, number=number)
    hints._waiting.join()


def noted():
    return sorted(Event.objects.filter(kind="noted").values_list("payload__number", flat=True))


def make_due():
    """As if the time to wait had passed."""
    now = timezone.now()
    Delivery.objects.waiting().update(next_attempt_at=now)
    Delivery.objects.exclude(claimed_until=None).update(claimed_until=now)


def test_a_worker_handles_each_event_once(start_worker):
    start_worker()
    emit("plain", range(20))
    assert eventually(lambda: len(noted()) >= 20)
    assert noted() == list(range(20))
    assert not Delivery.objects.waiting().exists()


def test_a_redis_that_forgets_everything_loses_no_event(start_worker, broker):
    emit("plain", range(20))
    assert broker.llen("celery") == 20
    broker.flushall()
    start_worker()
    make_due()
    assert outbox.sweep() == 20
    assert eventually(lambda: len(noted()) >= 20)
    assert noted() == list(range(20))


def test_the_same_hint_many_times_handles_an_event_once(start_worker):
    emit("plain", [1])
    hints.publish(list(Delivery.objects.values_list("pk", flat=True)) * 30)
    emit("plain", [2])
    start_worker()
    assert eventually(lambda: 2 in noted())
    assert noted() == [1, 2]


def test_an_event_whose_worker_was_killed_in_the_middle_is_handled_by_the_next(start_worker):
    first = start_worker(LINGER="1")
    emit("lingering", [1])
    assert eventually(lambda: Delivery.objects.filter(attempts=1).exists())
    kill(first)
    assert noted() == []
    start_worker()
    make_due()
    outbox.sweep()
    assert eventually(lambda: not Delivery.objects.waiting().exists())
    assert noted() == [1]


def test_a_message_that_names_no_delivery_harms_nobody(start_worker):
    start_worker()
    hints.publish([999_999_999, "rubbish"])
    emit("plain", [1])
    assert eventually(lambda: noted() == [1])
