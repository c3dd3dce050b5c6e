"""The log of an application: one chained row for every change of state, in the same transaction as the change."""

from django.db import transaction
from django.utils import timezone

from licensing import chain
from licensing.models import Application, LogEntry


def record(application, event, *, actor=None, item_code="", from_status="", to_status="", detail=None):
    """Append one row. Must run inside the transaction of the change; locks the application's row."""
    entries = [{"event": event, "item_code": item_code, "from_status": from_status, "to_status": to_status}]
    return record_many(application, entries, actor=actor, detail=detail)[0]


def record_many(application, entries, *, actor=None, detail=None):
    """Append several rows in two queries. entries: dicts of LogEntry fields, each at least {"event": …}."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a log row belongs to the transaction of its change")
    # Writers of one application wait here for each other, so the sequence has no gap and no double.
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=application.pk)
    last = LogEntry.objects.filter(application=application).order_by("-sequence").first()
    sequence, previous_hash = (last.sequence, last.hash) if last else (0, chain.FIRST)
    at, rows = timezone.now(), []
    for number, entry in enumerate(entries, start=sequence + 1):
        row = LogEntry(
            **{"detail": detail or {}} | entry,
            application=application,
            sequence=number,
            actor=actor,
            at=at,
            previous_hash=previous_hash,
        )
        previous_hash = row.hash = row.expected_hash()
        rows.append(row)
    return LogEntry.objects.bulk_create(rows)


def in_words(rows, words):
    """Return the rows of a log as a list, each with its `words` for the page. words: {event: text}."""
    rows = list(rows)
    for row in rows:
        row.words = words.get(row.event, row.event)
    return rows
