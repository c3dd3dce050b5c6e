"""The outbox: what others must learn of was written, and is delivered, on its way, or known to be stuck."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from django.conf import settings

from exchange.outbox import MAX_ATTEMPTS
from portal.invariants.invariant import APPLICATION, TASK, TASKS, Invariant
from routing.models import ENDED

_DELIVERY = "concat_ws(' ', e.kind, 'event', e.id, d.handler)"
_DELIVERIES = "exchange_delivery d JOIN exchange_event e ON e.id = d.event_id"
_WAITING = "d.done_at IS NULL AND d.parked_at IS NULL"


def _events(kind, key):
    return (
        f"(SELECT payload->>'{key}' AS id, count(*) AS number FROM exchange_event WHERE kind = '{kind}' GROUP BY 1) e"
    )


def _handled():
    return {"handled": [kind for kind, handlers in settings.EVENT_HANDLERS.items() if handlers]}


INVARIANTS = [
    Invariant(
        "I5",
        "one_event_per_submission",
        "Each submission was announced by exactly one event.",
        "licensing_application a WHERE a.status <> 'draft'",
        f"""
        SELECT {APPLICATION}, coalesce(e.number, 0) || ' events tell that it was submitted'
        FROM licensing_application a LEFT JOIN {_events("application.submitted", "application_id")} ON e.id = a.id::text
        WHERE a.status <> 'draft' AND e.number IS DISTINCT FROM 1
        """,
    ),
    Invariant(
        "I5",
        "one_event_per_end",
        "The end of each task was announced by exactly one event, and no other task's.",
        TASKS,
        f"""
        SELECT {TASK}, coalesce(e.number, 0) || ' events tell of its end; it is ' || t.status
        FROM {TASKS} LEFT JOIN {_events("task.decided", "task_id")} ON e.id = t.id::text
        WHERE coalesce(e.number, 0) <> (t.status = ANY(%(ended)s))::int
        """,
        lambda: {"ended": [str(status) for status in ENDED]},
    ),
    Invariant(
        "I6",
        "each_event_has_its_deliveries",
        "Each event that somebody answers has its deliveries.",
        "exchange_event",
        """
        SELECT concat_ws(' ', e.kind, 'event', e.id), 'has no delivery' FROM exchange_event e
        WHERE e.kind = ANY(%(handled)s) AND NOT EXISTS (SELECT FROM exchange_delivery d WHERE d.event_id = e.id)
        """,
        _handled,
    ),
    Invariant(
        "I6",
        "waiting_deliveries_are_tried_in_time",
        "Each delivery is done, parked, or has its next attempt in time.",
        "exchange_delivery",
        f"""
        SELECT {_DELIVERY}, 'should have been tried by ' || to_char(d.next_attempt_at, 'YYYY-MM-DD HH24:MI:SS TZ')
        FROM {_DELIVERIES} WHERE {_WAITING} AND d.next_attempt_at < %(settled)s
        """,
    ),
    Invariant(
        "I6",
        "parked_deliveries",
        "Somebody looks after what was given up and parked.",
        "exchange_delivery d WHERE d.parked_at IS NOT NULL",
        f"SELECT {_DELIVERY}, 'is parked: ' || d.error FROM {_DELIVERIES} WHERE d.parked_at IS NOT NULL",
        warning=True,
    ),
    Invariant(
        "I20",
        "nothing_is_tried_for_ever",
        f"No delivery was tried more than {MAX_ATTEMPTS} times, and no claim has outlived its lease.",
        "exchange_delivery",
        f"""
        SELECT {_DELIVERY}, CASE WHEN d.attempts > %(most)s THEN 'was tried ' || d.attempts || ' times'
            ELSE 'is still claimed' END
        FROM {_DELIVERIES} WHERE d.attempts > %(most)s OR ({_WAITING} AND d.claimed_until < %(settled)s)
        """,
        lambda: {"most": MAX_ATTEMPTS},
    ),
]
