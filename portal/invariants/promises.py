"""告知承诺 and 容缺受理: only where the item allows it, with what was promised in writing, never for the barred."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import json

from guidance import releases
from portal.invariants.invariant import ITEMS, TASK, TASKS, Invariant, stream

_BARRED = "licensing_enterprise e JOIN licensing_untrustworthyentry u ON u.uscc = e.uscc"


def _in_force(at):
    """SQL for: entry u was on the list, and known here, at that time."""
    day = f"({at} AT TIME ZONE 'Asia/Shanghai')::date"
    return f"u.entered_at < {at} AND u.listed_on <= {day} AND coalesce(u.until, 'infinity') >= {day}"


def _unfounded_promises(moment):
    rows = stream(f"""
        SELECT {TASK}, t.item_code, t.by_commitment, a.release_id, a.snapshot,
            EXISTS (SELECT FROM routing_correction c WHERE c.task_id = t.id)
        FROM {TASKS} WHERE t.by_commitment OR a.committed ? t.item_code
    """)
    for name, code, by_commitment, release_id, signed, corrected in rows:
        snapshot = json.loads(signed)
        signed_for = snapshot["items"].get(code, {}).get("committed")
        if by_commitment and not releases.load(release_id).items[code].commitment_allowed:
            yield name, "is by promise, which its item does not allow"
        elif by_commitment and not signed_for:
            yield name, "is by promise, which was not asked for"
        # The promise of an enterprise listed since counts no more; a correction asks for the papers instead.
        elif signed_for and not by_commitment and not corrected:
            yield name, "is not by promise, as it was filed"
        elif signed_for and not snapshot.get("commitments", {}).get(code, {}).get("text"):
            yield name, "has no written promise in what was signed"


def _unfounded_deferrals(moment):
    rows = stream(f"""
        SELECT {TASK}, t.item_code, m.code, a.release_id, a.snapshot
        FROM routing_deferral d JOIN licensing_submittedmaterial m ON m.id = d.material_id
        JOIN {TASKS} ON t.id = d.task_id
    """)
    for name, item_code, code, release_id, signed in rows:
        snapshot, item = json.loads(signed), releases.load(release_id).items[item_code]
        paper = snapshot["materials"].get(code, {})
        allowed = item.deferrable and any(one.code == code and one.deferrable for one in item.materials)
        if not allowed or paper.get("how") != "deferred":
            yield name, f"was accepted without {code}, which could not be left for later"
        elif not paper.get("defer_days") or not snapshot.get("deferral_promise"):
            yield name, f"was accepted without {code}, whose term and written promise are missing"


INVARIANTS = [
    Invariant(
        "I15",
        "promises_are_founded",
        "A task is by promise only where its item allows that, and exactly where a written promise was signed.",
        "routing_approvaltask WHERE by_commitment",
        _unfounded_promises,
    ),
    Invariant(
        "I15",
        "deferrals_are_founded",
        "A paper came later only where item and paper allow that, with its term and a written promise.",
        "routing_deferral",
        _unfounded_deferrals,
    ),
    Invariant(
        "I15",
        "nothing_granted_without_its_papers",
        "Nothing was granted before the papers left for later were there.",
        "routing_deferral",
        f"""
        SELECT {TASK}, 'was granted without ' || m.code
        FROM routing_deferral d JOIN licensing_submittedmaterial m ON m.id = d.material_id
        JOIN {TASKS} ON t.id = d.task_id
        WHERE t.status = 'granted' AND (d.supplied_at IS NULL OR d.supplied_at > t.decided_at)
        """,
    ),
    Invariant(
        "I15",
        "nothing_by_promise_for_the_untrustworthy",
        "No promise was accepted or granted, and no paper left for later, while its enterprise was barred from it.",
        "licensing_untrustworthyentry",
        f"""
        SELECT DISTINCT {TASK}, CASE WHEN t.by_commitment THEN 'went by promise' ELSE 'was accepted without a paper' END
            || ' while its enterprise was listed'
        FROM {_BARRED} JOIN licensing_application a ON a.enterprise_id = e.id
        JOIN routing_approvaltask t ON t.application_id = a.id
        -- Acceptance by silence is the law's own.
        JOIN licensing_logentry l ON l.application_id = a.id AND l.item_code = t.item_code
            AND l.event IN ('task.accepted', 'task.granted')
        WHERE {_in_force("l.at")} AND (t.by_commitment OR (l.event = 'task.accepted'
            AND EXISTS (SELECT FROM routing_deferral d WHERE d.task_id = t.id)))
        """,
    ),
    Invariant(
        "I15",
        "each_promise_is_checked",
        "Each grant by promise has its check where the catalogue wants one, and only such a grant has one.",
        "routing_approvaltask t WHERE t.by_commitment AND t.status = 'granted'",
        f"""
        {ITEMS}
        SELECT {TASK}, CASE WHEN k.id IS NULL THEN 'has no check of its promise'
            ELSE 'has a check, although it was not granted by promise' END
        FROM {TASKS} JOIN item ON item.id = t.item_id LEFT JOIN routing_aftercheck k ON k.task_id = t.id
        WHERE (k.id IS NULL AND t.status = 'granted' AND t.by_commitment
                AND jsonb_typeof(item.verify_within) = 'object' AND item.verify_within <> '{{}}')
            OR (k.id IS NOT NULL AND (t.status <> 'granted' OR NOT t.by_commitment))
        """,
    ),
    Invariant(
        "I4",
        "false_promises_are_annulled",
        "A promise found false and annulled has annulled what was granted, and put its enterprise on the list.",
        "routing_aftercheck WHERE status IN ('failed', 'annulled')",
        f"""
        SELECT {TASK}, CASE
            WHEN k.status <> 'annulled' THEN 'was annulled, but its check is ' || k.status
            WHEN g.id IS NULL THEN 'has an annulled check without a decision'
            WHEN c.status NOT IN ('annulled', 'cancelled') THEN 'has an annulled check, but its licence is ' || c.status
            ELSE 'is annulled, and its enterprise is not on the list' END
        FROM routing_aftercheck k JOIN {TASKS} ON t.id = k.task_id
        JOIN licensing_enterprise e ON e.id = a.enterprise_id
        LEFT JOIN certificates_licence c ON c.source_task_id = t.id
        LEFT JOIN (
            SELECT g.*, coalesce(g.task_id, l.source_task_id) AS of_task_id
            FROM certificates_ending g LEFT JOIN certificates_licence l ON l.id = g.licence_id WHERE g.kind = 'annul'
        ) g ON g.of_task_id = t.id
        WHERE (k.status IN ('rectifying', 'failed') AND g.ground = 'false_promise')
            OR (k.status = 'annulled' AND (g.id IS NULL OR c.status NOT IN ('annulled', 'cancelled')
                OR (e.verified_at < g.decided_at
                    AND NOT EXISTS (SELECT FROM licensing_untrustworthyentry u WHERE u.uscc = e.uscc))))
        """,
    ),
]
