"""Applications: a task for each item chosen, a state that follows from the tasks', and what was signed."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import functools
import json

from licensing.models import Status
from licensing.snapshots import snapshot_hash
from portal.invariants.invariant import APPLICATION, TASK, TASKS, Invariant, stream
from routing.models import OPEN
from routing.outcome import status_of

_SUBMITTED = "licensing_application a WHERE a.status <> 'draft'"


def _open():
    return {"open": [str(status) for status in OPEN]}


def _wrong_statuses(moment):
    rows = stream("""
        SELECT a.number, a.status, coalesce(string_agg(DISTINCT t.status, ' '), ''), max(t.decided_at)
        FROM licensing_application a LEFT JOIN routing_approvaltask t ON t.application_id = a.id
        WHERE a.status <> 'draft' GROUP BY a.id
    """)
    expected = functools.cache(lambda statuses: status_of(statuses.split()))
    for number, status, statuses, last in rows:
        wrong = status != expected(statuses)
        # An application that was just split or decided is still on its way to its end.
        if wrong and not (status == Status.IN_PROGRESS and last and last >= moment.settled):
            yield number, f"is {status}, should be {expected(statuses)}"


def _changed_snapshots(moment):
    rows = stream(f"""
        SELECT a.number, a.snapshot, a.snapshot_sha256, a.chosen, a.values, a.purpose, a.prior
        FROM {_SUBMITTED}
    """)
    for number, signed, sha256, chosen, values, purpose, prior in rows:
        snapshot = json.loads(signed)
        if snapshot_hash(snapshot) != sha256:
            yield number, "the snapshot is not what its hash was taken of"
        elif snapshot["number"] != number or snapshot["chosen"] != json.loads(chosen):
            yield number, "number or items are not those that were signed"
        elif snapshot["values"] != json.loads(values):
            yield number, "the values are not those that were signed"
        elif (snapshot.get("purpose", "new"), snapshot.get("prior")) != (purpose, prior and json.loads(prior)):
            yield number, "what it is for, or the licence it is about, is not what was signed"


INVARIANTS = [
    Invariant(
        "I1",
        "one_task_per_item",
        "A submitted application has exactly one task for each item chosen, a draft has none.",
        "licensing_application",
        f"""
        SELECT {APPLICATION}, CASE
            WHEN t.item_code IS NULL THEN 'no task for ' || c.code
            WHEN c.code IS NULL THEN 'a task for ' || t.item_code || ', which was not submitted'
            ELSE t.number || ' tasks for ' || c.code END
        FROM (
            SELECT a.id, code FROM licensing_application a, jsonb_array_elements_text(a.chosen) AS code
            WHERE a.status <> 'draft' AND NOT (a.status = 'submitted' AND a.submitted_at >= %(settled)s)
        ) c
        FULL JOIN (
            SELECT application_id, item_code, count(*) AS number FROM routing_approvaltask GROUP BY 1, 2
        ) t ON t.application_id = c.id AND t.item_code = c.code
        JOIN licensing_application a ON a.id = coalesce(c.id, t.application_id)
        WHERE c.code IS NULL OR t.item_code IS NULL OR t.number > 1
        """,
    ),
    Invariant(
        "I3",
        "status_follows_from_tasks",
        "An application's status is what its tasks' states make it.",
        _SUBMITTED,
        _wrong_statuses,
    ),
    Invariant(
        "I3",
        "application_is_where_its_log_ends",
        "The last change of status in an application's log is to the status it has.",
        _SUBMITTED,
        f"""
        SELECT {APPLICATION}, 'is ' || a.status || ', its log ends with ' || coalesce(l.to_status, 'nothing')
        FROM licensing_application a LEFT JOIN (
            SELECT DISTINCT ON (application_id) application_id, to_status FROM licensing_logentry
            WHERE item_code = '' AND to_status <> '' ORDER BY application_id, sequence DESC
        ) l ON l.application_id = a.id
        WHERE a.status <> 'draft' AND l.to_status IS DISTINCT FROM a.status
        """,
    ),
    Invariant(
        "I10",
        "what_was_signed_stays",
        "What was signed has the hash it was signed with, and the application still says the same.",
        _SUBMITTED,
        _changed_snapshots,
    ),
    Invariant(
        "I10",
        "each_signature_fits",
        "What was submitted has one signature: of the frozen hash, by who submitted it, or before the clerk.",
        _SUBMITTED,
        # Snapshots name their channel since signatures are kept; what was submitted before was signed by a tick.
        """
        SELECT coalesce(a.number, a.public_id::text), CASE
            WHEN s.id IS NULL THEN 'has no signature'
            WHEN a.status = 'draft' THEN 'a draft is signed'
            WHEN s.sha256 <> a.snapshot_sha256 THEN 'its signature is of another hash'
            WHEN s.signed_at <> a.submitted_at THEN 'was signed at another time than submitted'
            WHEN s.method = 'paper' THEN 'its paper was not witnessed by the clerk who assisted'
            ELSE 'was signed by somebody else than its filer' END
        FROM licensing_application a LEFT JOIN licensing_signature s ON s.application_id = a.id
        WHERE CASE
            WHEN s.id IS NULL THEN a.status <> 'draft' AND a.snapshot ? 'channel'
            WHEN a.status = 'draft' OR s.sha256 <> a.snapshot_sha256 OR s.signed_at <> a.submitted_at THEN true
            WHEN s.method = 'paper' THEN s.witness_id IS DISTINCT FROM a.clerk_id
            ELSE s.signer_id IS DISTINCT FROM a.filer_id END
        """,
    ),
    Invariant(
        "I17",
        "a_withdrawn_application_rests",
        "A withdrawn application has no open task, and no licence was issued on it.",
        "licensing_application a WHERE a.status = 'withdrawn'",
        f"""
        SELECT {TASK}, CASE WHEN c.id IS NULL THEN 'is ' || t.status ELSE 'has licence ' || c.number END
        FROM {TASKS} LEFT JOIN certificates_licence c ON c.source_task_id = t.id
        WHERE a.status = 'withdrawn' AND (t.status = ANY(%(open)s) OR c.id IS NOT NULL)
        """,
        _open,
    ),
    Invariant(
        "I19",
        "times_in_order",
        "Submitted, received, complete, accepted, decided, issued: in this order, and none in the future.",
        TASKS,
        f"""
        SELECT {TASK}, CASE
            WHEN t.received_at < a.submitted_at THEN 'received before it was submitted'
            WHEN t.complete_at < t.received_at THEN 'complete before it was received'
            WHEN t.accepted_at < t.complete_at THEN 'accepted before it was complete'
            WHEN t.decided_at < greatest(a.submitted_at, t.complete_at, t.accepted_at) THEN 'decided too early'
            WHEN c.created_at < t.decided_at THEN 'licensed before it was decided'
            WHEN a.completed_at < t.decided_at THEN 'decided after the application was completed'
            ELSE 'a time in the future' END
        FROM {TASKS} LEFT JOIN certificates_licence c ON c.source_task_id = t.id
        WHERE t.received_at < a.submitted_at OR t.complete_at < t.received_at OR t.accepted_at < t.complete_at
            OR t.decided_at < greatest(a.submitted_at, t.complete_at, t.accepted_at)
            OR c.created_at < t.decided_at OR a.completed_at < t.decided_at
            OR greatest(a.submitted_at, t.received_at, t.complete_at, t.accepted_at, t.decided_at, c.created_at,
                        a.completed_at) > %(future)s
        """,
    ),
]
