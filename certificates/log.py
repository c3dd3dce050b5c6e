"""The log of a licence: one chained row for every event in its life, in the same transaction as the change."""

from django.db import transaction
from django.utils import timezone

from certificates.models import LicenceEvent
from licensing import chain


def record_issued(licences):
    """Write the first row of each licence's chain, all in one query; the officer who granted it is the actor."""
    return _record_first(licences, "issued", [licence.source_task.decided_by_id for licence in licences])


def record_imported(licences, actor, details=()):
    """The same for licences that were granted elsewhere; the actor is who entered them. details: a dict for each."""
    return _record_first(licences, "imported", [actor.pk] * len(licences), details)


def record(licence, name, *, actor, from_status, detail):
    """Append one row to the chain. The caller holds the licence's row locked, so that no number is taken twice."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a log row belongs to the transaction of its change")
    last = licence.events.order_by("-sequence").first()
    event = LicenceEvent(
        licence=licence,
        sequence=last.sequence + 1 if last else 1,
        event=name,
        actor=actor,
        from_status=from_status,
        to_status=licence.status,
        detail=detail,
        at=timezone.now(),
        previous_hash=last.hash if last else chain.FIRST,
    )
    event.hash = event.expected_hash()
    event.save(force_insert=True)
    return event


def record_identified(licences):
    """Append a row to the chain of each licence that was given its identifier later; the caller holds them locked."""
    newest = (
        LicenceEvent.objects.filter(licence__in=licences).order_by("licence_id", "-sequence").distinct("licence_id")
    )
    last, at, events = {event.licence_id: event for event in newest}, timezone.now(), []
    for licence in licences:
        before = last.get(licence.pk)
        event = LicenceEvent(
            licence=licence,
            sequence=before.sequence + 1 if before else 1,
            event="identified",
            to_status=licence.status,
            detail={"identifier": licence.identifier},
            at=at,
            previous_hash=before.hash if before else chain.FIRST,
        )
        event.hash = event.expected_hash()
        events.append(event)
    return LicenceEvent.objects.bulk_create(events)


def _record_first(licences, name, actor_ids, details=()):
    at, events = timezone.now(), []
    for licence, actor_id, detail in zip(licences, actor_ids, details or [{}] * len(licences), strict=True):
        event = LicenceEvent(
            licence=licence,
            sequence=1,
            event=name,
            actor_id=actor_id,
            to_status=licence.status,
            detail={"number": licence.number, "authority": licence.authority, "version": licence.version} | detail,
            at=at,
            previous_hash=chain.FIRST,
        )
        event.hash = event.expected_hash()
        events.append(event)
    return LicenceEvent.objects.bulk_create(events)
