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
    event = _row(licence, name, detail, timezone.now(), last, actor=actor, from_status=from_status)
    event.save(force_insert=True)
    return event


def record_identified(licences):
    """Append a row to the chain of each licence that was given its identifier later; the caller holds them locked."""
    newest = (
        LicenceEvent.objects.filter(licence__in=licences).order_by("licence_id", "-sequence").distinct("licence_id")
    )
    last, at = {event.licence_id: event for event in newest}, timezone.now()
    return LicenceEvent.objects.bulk_create(
        _row(licence, "identified", {"identifier": licence.identifier}, at, last.get(licence.pk))
        for licence in licences
    )


def _record_first(licences, name, actor_ids, details=()):
    at, events = timezone.now(), []
    for licence, actor_id, detail in zip(licences, actor_ids, details or [{}] * len(licences), strict=True):
        detail = {"number": licence.number, "authority": licence.authority, "version": licence.version} | detail
        events.append(_row(licence, name, detail, at, actor_id=actor_id))
    return LicenceEvent.objects.bulk_create(events)


def _row(licence, name, detail, at, last=None, **by):
    """The chain's next row, unsaved; last: the one before, None at the beginning."""
    event = LicenceEvent(
        licence=licence,
        sequence=last.sequence + 1 if last else 1,
        event=name,
        to_status=licence.status,
        detail=detail,
        at=at,
        previous_hash=last.hash if last else chain.FIRST,
        **by,
    )
    event.hash = event.expected_hash()
    return event
