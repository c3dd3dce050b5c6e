"""The outbox: PostgreSQL remembers what must still be told; a Celery message is only a hint that saves seconds."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.module_loading import import_string

from exchange import hints
from exchange.models import Delivery, Event

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# The hint goes first; the sweeper follows only where no worker came.
_HEAD_START = timedelta(seconds=5)
# Beyond the hard limit of a task (30 s), so an attempt still running is never repeated beside itself.
_LEASE = timedelta(seconds=35)
_BACK_OFF = [timedelta(seconds=seconds) for seconds in (5, 10, 30, 60)]


def outside(handler):
    """Mark a handler that calls another system: it runs in no transaction, so a slow one holds neither row nor lock.

    The claim alone keeps others away meanwhile. It must bear being run twice, and write what it learns by itself.
    """
    handler.calls_outside = True
    return handler


def emit(kind, **ids):
    """Write an event and a delivery for each handler of its kind. Must run inside the transaction it tells of."""
    return emit_many(kind, [ids])[0]


def emit_many(kind, payloads):
    """Write several events of a kind in two queries; returns them. payloads: a dict of ids for each."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{kind} was emitted outside a transaction.")
    events = Event.objects.bulk_create(Event(kind=kind, payload=ids) for ids in payloads)
    next_attempt_at = timezone.now() + _HEAD_START
    deliveries = Delivery.objects.bulk_create(
        Delivery(event=event, handler=handler, next_attempt_at=next_attempt_at)
        for event in events
        for handler in settings.EVENT_HANDLERS[kind]
    )
    transaction.on_commit(lambda: hints.publish([delivery.pk for delivery in deliveries]), robust=True)
    return events


def attempt(delivery_id):
    """Run one delivery if nobody else does and it is not done. True if its handler has succeeded here."""
    if not _claim(delivery_id):
        return False
    try:
        delivery = Delivery.objects.select_related("event").get(pk=delivery_id)
        handler = import_string(delivery.handler)
        handle = _handle_outside if getattr(handler, "calls_outside", False) else _handle
        return handle(delivery_id, partial(handler, **delivery.event.payload))
    except Exception as error:
        # The transaction of the handler is gone; what remains is when to try again.
        _postpone(delivery_id, error)
        return False


def sweep(limit=500):
    """Hint again at due deliveries and return how many. The rows move on first, so a full queue is not doubled."""
    now = timezone.now()
    with transaction.atomic():
        due = list(
            Delivery.objects.due(now)
            .select_for_update(skip_locked=True)
            .order_by("next_attempt_at")
            .values_list("pk", flat=True)[:limit]
        )
        Delivery.objects.filter(pk__in=due).update(next_attempt_at=now + _LEASE)
    hints.publish(due)
    return len(due)


@transaction.atomic
def retry(delivery_id):
    """Take up a parked delivery again, with as many attempts as a new one. False if it is not parked (any more)."""
    parked = Delivery.objects.parked().filter(pk=delivery_id)
    taken_up = parked.update(parked_at=None, attempts=0, next_attempt_at=timezone.now() + _HEAD_START)
    if taken_up:
        transaction.on_commit(lambda: hints.publish([delivery_id]), robust=True)
    return bool(taken_up)


def _claim(delivery_id):
    # Counted and committed before the risky work: a handler that kills its worker stops at MAX_ATTEMPTS too.
    now = timezone.now()
    claimed = (
        Delivery.objects.claimable(now)
        .filter(pk=delivery_id, attempts__lt=MAX_ATTEMPTS)
        .update(
            attempts=F("attempts") + 1,
            claimed_until=now + _LEASE,
            next_attempt_at=Greatest(F("next_attempt_at"), now + _LEASE),
        )
    )
    if not claimed:
        _park(Delivery.objects.claimable(now).filter(pk=delivery_id, attempts__gte=MAX_ATTEMPTS))
    return bool(claimed)


@transaction.atomic
def _handle(delivery_id, run):
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.done_at or delivery.parked_at:
        return False
    run()
    return _finish(delivery_id)


def _handle_outside(delivery_id, run):
    run()
    return _finish(delivery_id)


def _finish(delivery_id):
    waiting = Delivery.objects.waiting().filter(pk=delivery_id)
    return bool(waiting.update(done_at=timezone.now(), claimed_until=None))


def _postpone(delivery_id, error):
    logger.exception("delivery %s failed", delivery_id)
    failed = Delivery.objects.waiting().filter(pk=delivery_id)
    attempts = failed.values_list("attempts", flat=True).first() or 1
    back_off = _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]
    failed.update(claimed_until=None, next_attempt_at=timezone.now() + back_off, error=type(error).__name__)
    _park(failed.filter(attempts__gte=MAX_ATTEMPTS))


def _park(deliveries):
    if deliveries.update(parked_at=timezone.now(), claimed_until=None):
        logger.error("a delivery was parked after %s attempts; see exchange.Delivery", MAX_ATTEMPTS)
