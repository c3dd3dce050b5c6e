"""Who decided, and how: nobody in their own case, two people where the office asks for it, prerequisites first."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import json

from guidance import releases
from guidance.models import Release, ReleaseStatus
from guidance.prerequisites import barriers, needed
from portal.invariants.invariant import ITEMS, TASK, TASKS, Invariant
from routing.models import FAILED, OPEN

_DECIDED = "routing_approvaltask t WHERE t.status IN ('granted', 'refused', 'declined')"
_PAIRS = """jsonb_to_recordset(%(pairs)s) AS pair(release bigint, item text, first text, bars boolean)
    JOIN routing_approvaltask t ON t.item_code = pair.item
    JOIN licensing_application a ON a.id = t.application_id AND a.release_id = pair.release
    JOIN routing_approvaltask b ON b.application_id = t.application_id AND b.item_code = pair.first"""
# The documents that the law has an authority give with each end (Licensing Law arts. 32, 38, plan art. 7).
_OWED = """(VALUES ('granted', 'grant'), ('declined', 'non_acceptance'), ('refused', 'refusal'),
    ('returned', 'return'), ('withdrawn', 'withdrawal'), ('terminated', 'termination')) AS owed(status, kind)"""


def _pairs():
    """Each pair of items of which one waits for the other, by release: what the catalogue says, for SQL to read."""
    pairs = []
    for release in Release.objects.filter(status=ReleaseStatus.PUBLISHED, applications__isnull=False).distinct():
        items = releases.load(release.pk).items
        for item in items.values():
            bars = barriers(item, items)
            pairs += [
                {"release": release.pk, "item": item.code, "first": first, "bars": first in bars}
                for first in needed(item, items)
            ]
    return {"pairs": json.dumps(pairs), "open": list(map(str, OPEN)), "failed": list(map(str, FAILED))}


INVARIANTS = [
    Invariant(
        "I14",
        "nobody_decides_their_own_case",
        "Nobody decided on an application that they filed themselves or that is of an enterprise they act for.",
        _DECIDED,
        f"""
        SELECT {TASK}, 'was decided by user ' || t.decided_by_id || ', ' || CASE WHEN a.filer_id = t.decided_by_id
            OR a.clerk_id = t.decided_by_id THEN 'who filed it' ELSE 'who acts for the enterprise' END
        FROM {TASKS} LEFT JOIN licensing_membership m
            ON m.enterprise_id = a.enterprise_id AND m.user_id = t.decided_by_id
        WHERE t.decided_by_id IS NOT NULL
            AND (a.filer_id = t.decided_by_id OR a.clerk_id = t.decided_by_id OR m.id IS NOT NULL)
        """,
    ),
    Invariant(
        "I14",
        "two_people_decide",
        "Each decision that was proposed was taken as proposed by the second person, who approved it.",
        "routing_proposal",
        f"""
        SELECT {TASK}, 'a proposal to make it ' || p.outcome || CASE
            WHEN p.settled_by_id = p.proposed_by_id THEN ' was approved by its own author'
            WHEN p.outcome <> t.status THEN ' was approved; it is ' || t.status
            ELSE ' was approved by another person than decided' END
        FROM routing_proposal p JOIN {TASKS} ON t.id = p.task_id
        WHERE p.approved AND (p.settled_by_id = p.proposed_by_id OR p.outcome <> t.status
            OR p.settled_by_id IS DISTINCT FROM t.decided_by_id)
        UNION ALL
        SELECT {TASK}, 'the log says it was proposed by user ' || (l.detail->>'proposed_by') || ', who did not'
        FROM licensing_logentry l JOIN {TASKS} ON t.application_id = l.application_id AND t.item_code = l.item_code
        WHERE l.event IN ('task.granted', 'task.refused') AND l.detail ? 'proposed_by' AND NOT EXISTS (
            SELECT FROM routing_proposal p WHERE p.task_id = t.id AND p.approved
                AND p.proposed_by_id::text = l.detail->>'proposed_by')
        """,
    ),
    Invariant(
        "I14",
        "offices_that_ask_for_two",
        "An office that asks for two people has decided nothing alone since one first proposed a decision to it.",
        "routing_approvaltask t JOIN guidance_office o ON o.id = t.office_id WHERE o.second_review",
        f"""
        SELECT {TASK}, 'was decided by one person at ' || o.name
        FROM {TASKS} JOIN guidance_office o ON o.id = t.office_id JOIN (
            SELECT s.office_id, min(p.proposed_at) AS since FROM routing_proposal p
            JOIN routing_approvaltask s ON s.id = p.task_id GROUP BY 1
        ) two ON two.office_id = o.id
        WHERE o.second_review AND t.status IN ('granted', 'refused') AND t.decided_at > two.since
            AND NOT EXISTS (SELECT FROM routing_proposal p WHERE p.task_id = t.id AND p.approved)
        """,
    ),
    Invariant(
        "I16",
        "prerequisites_come_first",
        "No item was granted before those it waits for, and none arrived before the barriers in its way fell.",
        "routing_approvaltask WHERE status <> 'waiting'",
        f"""
        SELECT {TASK}, CASE WHEN t.status = 'granted' AND (b.status <> 'granted' OR b.decided_at > t.decided_at)
            THEN 'was granted before ' ELSE 'was received before ' END || b.item_code
        FROM {_PAIRS}
        WHERE (t.status = 'granted' AND (b.status <> 'granted' OR b.decided_at > t.decided_at))
            OR (pair.bars AND t.received_at IS NOT NULL AND (b.status <> 'granted' OR b.decided_at > t.received_at))
        """,
        _pairs,
    ),
    Invariant(
        "I16",
        "results_reach_what_waits",
        "What waits is received once its barriers are granted, and ended once what it needs has failed.",
        "routing_approvaltask WHERE status IN ('waiting', 'received', 'correction', 'accepted')",
        f"""
        SELECT {TASK}, CASE WHEN bool_or(b.status = ANY(%(failed)s)) THEN 'is open although what it needs has failed'
            ELSE 'waits although its barriers have fallen' END
        FROM {_PAIRS}
        WHERE t.status = ANY(%(open)s)
        GROUP BY t.id, a.number
        HAVING bool_or(b.status = ANY(%(failed)s) AND b.decided_at < %(settled)s)
            OR (t.status = 'waiting' AND bool_and(b.status = 'granted' AND b.decided_at < %(settled)s)
                FILTER (WHERE pair.bars))
        """,
        _pairs,
    ),
    Invariant(
        "I4",
        "each_end_has_its_document",
        "Each end that owes the applicant a document has it, and so has each acceptance, correction and extension.",
        "routing_approvaltask t WHERE t.received_at IS NOT NULL",
        f"""
        {ITEMS}
        SELECT {TASK}, 'has no document: ' || due.kind FROM (
            SELECT t.id, owed.kind FROM routing_approvaltask t JOIN {_OWED} ON owed.status = t.status
            JOIN item ON item.id = t.item_id WHERE t.status <> 'granted' OR item.kind = '行政许可'
            UNION ALL
            SELECT id, 'acceptance' FROM routing_approvaltask WHERE accepted_at IS NOT NULL
            UNION ALL SELECT task_id, 'correction' FROM routing_correction
            UNION ALL SELECT task_id, 'extension' FROM routing_extension
        ) due JOIN routing_approvaltask t ON t.id = due.id JOIN licensing_application a ON a.id = t.application_id
        LEFT JOIN (
            SELECT DISTINCT task_id, replace(kind, 'deferred_', '') AS kind FROM routing_document
        ) d ON d.task_id = due.id AND d.kind = due.kind
        WHERE d.kind IS NULL
        """,
    ),
]
