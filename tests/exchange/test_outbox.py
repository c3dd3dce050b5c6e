"""What the outbox promises, on PostgreSQL alone."""

import logging
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from exchange import outbox
from exchange.models import Delivery, Event
from portal.logs import JsonFormatter

pytestmark = pytest.mark.django_db


def emit(kind="plain", number=1):
    """Return the one delivery of a new event."""
    return outbox.emit(kind, number=number).deliveries.first()


def emit_and_fail():
    with suppress(ZeroDivisionError), transaction.atomic():
        outbox.emit("plain", number=1)
        raise ZeroDivisionError


def notes():
    return Event.objects.filter(kind="noted").count()


def later(seconds):
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        outbox.emit("plain", number=1)
    assert not Event.objects.exists()


def test_an_event_of_a_kind_nobody_declared_is_refused():
    with pytest.raises(KeyError):
        outbox.emit("never.heard.of", number=1)


def test_what_is_rolled_back_was_never_announced():
    emit_and_fail()
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()


def test_an_event_has_one_delivery_for_each_handler():
    event = outbox.emit("double", number=1)
    assert sorted(event.deliveries.values_list("handler", flat=True)) == [
        "tests.exchange.handlers.fail",
        "tests.exchange.handlers.note",
    ]


def test_a_delivery_attempted_twice_is_handled_once():
    delivery = emit()
    assert outbox.attempt(delivery.pk)
    assert not outbox.attempt(delivery.pk)
    assert notes() == 1


def test_a_handler_that_raises_leaves_nothing_and_is_tried_again_later():
    delivery = emit("failing")
    assert not outbox.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert notes() == 0
    assert delivery.claimed_until is None
    assert delivery.next_attempt_at > timezone.now()
    assert delivery.error == "Broken"


def test_one_failing_handler_does_not_stop_the_other():
    event = outbox.emit("double", number=1)
    for delivery in event.deliveries.all():
        outbox.attempt(delivery.pk)
    assert notes() == 1


def test_after_five_failures_a_delivery_is_parked_for_a_person():
    delivery = emit("failing")
    for _ in range(6):
        outbox.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.parked_at is None) == (5, False)
    with later(3600):
        assert outbox.sweep() == 0


def test_waiting_between_attempts_grows():
    delivery, waits = emit("failing"), []
    for _ in range(4):
        outbox.attempt(delivery.pk)
        delivery.refresh_from_db()
        waits.append(delivery.next_attempt_at - timezone.now())
    assert waits == sorted(waits)


def test_a_claimed_delivery_is_left_to_its_worker_until_the_claim_expires():
    delivery = emit()
    assert outbox._claim(delivery.pk)  # A worker took it and was killed.
    assert not outbox.attempt(delivery.pk)
    with later(36):
        assert outbox.attempt(delivery.pk)
    assert notes() == 1


def test_a_handler_that_kills_its_worker_is_parked_after_five_attempts_too():
    delivery = emit()
    for number in range(5):
        with later(40 * number):
            assert outbox._claim(delivery.pk)
    with later(200):
        assert not outbox.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.parked_at
    assert notes() == 0


def test_the_sweep_finds_what_a_lost_hint_left_and_leaves_it_alone_for_a_while():
    emit()
    assert outbox.sweep() == 0  # The first hint has five seconds.
    with later(6):
        assert outbox.sweep() == 1
        assert outbox.sweep() == 0
    with later(60):
        assert outbox.sweep() == 1


def test_the_sweep_passes_over_what_is_done():
    outbox.attempt(emit().pk)
    with later(3600):
        assert outbox.sweep() == 0


def test_a_failure_is_logged_without_the_words_of_its_error(caplog):
    outbox.attempt(emit("failing").pk)
    lines = [JsonFormatter().format(record) for record in caplog.records if record.levelno >= logging.ERROR]
    assert any("Broken" in line for line in lines)
    assert not any("441702199001011234" in line for line in lines)


@pytest.mark.django_db(transaction=True)
def test_a_call_to_the_outside_holds_no_transaction_and_no_row():
    with transaction.atomic():
        delivery = emit("outside", number=7)
    assert outbox.attempt(delivery.pk) is True
    assert Event.objects.get(kind="noted").payload == {"number": 7}
    delivery.refresh_from_db()
    assert (delivery.done_at is None, delivery.claimed_until) == (False, None)
    assert outbox.attempt(delivery.pk) is False


@pytest.mark.django_db(transaction=True)
def test_a_call_to_the_outside_that_failed_is_tried_again():
    with transaction.atomic():
        delivery = emit("outside", number=-1)
    assert outbox.attempt(delivery.pk) is False
    delivery.refresh_from_db()
    assert (delivery.done_at, delivery.attempts, delivery.error) == (None, 1, "Broken")
