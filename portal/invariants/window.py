"""The window: results given out that were there to give, receipts without a gap, filings that name both people."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from portal.invariants.invariant import APPLICATION, LICENCE, Invariant
from window.shelf import DECISIONS

INVARIANTS = [
    Invariant(
        "I2",
        "handed_over_is_what_was_granted",
        "What was given out at a window is a licence granted here or a decision, once, to somebody who signed for it.",
        "window_handover",
        f"""
        SELECT {LICENCE}, CASE WHEN t.id IS NULL THEN 'was given out though it was not issued here'
            WHEN h.number > 1 THEN 'was given out ' || h.number || ' times'
            WHEN h.at < c.created_at THEN 'was given out before it was there'
            ELSE 'was given out though its task is ' || t.status END
        FROM (SELECT licence_id, count(*) AS number, min(at) AS at FROM window_handover
            WHERE licence_id IS NOT NULL GROUP BY licence_id) h
        JOIN certificates_licence c ON c.id = h.licence_id
        LEFT JOIN routing_approvaltask t ON t.id = c.source_task_id
        WHERE t.status IS DISTINCT FROM 'granted' OR h.number > 1 OR h.at < c.created_at
        UNION ALL
        SELECT d.number, CASE WHEN h.number > 1 THEN 'was given out ' || h.number || ' times'
            WHEN h.at < d.issued_at THEN 'was given out before it was issued'
            ELSE 'was given out though it is no decision: ' || d.kind END
        FROM (SELECT document_id, count(*) AS number, min(at) AS at FROM window_handover
            WHERE document_id IS NOT NULL GROUP BY document_id) h
        JOIN routing_document d ON d.id = h.document_id
        WHERE d.kind <> ALL(%(decisions)s) OR h.number > 1 OR h.at < d.issued_at
        """,
        lambda: {"decisions": [str(kind) for kind in DECISIONS]},
    ),
    Invariant(
        "I5",
        "receipts_have_no_gap",
        "The receipts of a hall and day are numbered from one on without a gap, as far as its counter says.",
        "window_receipt",
        """
        SELECT concat_ws(' ', h.name, coalesce(r.day, n.day)), concat_ws(' ', 'has', coalesce(r.number, 0),
            'receipts up to', coalesce(r.last, 0), 'and its counter says', coalesce(n.last, 0))
        FROM (SELECT hall_id, day, count(*) AS number, max(serial) AS last FROM window_receipt GROUP BY 1, 2) r
        FULL JOIN window_receiptnumber n ON n.hall_id = r.hall_id AND n.day = r.day
        JOIN guidance_hall h ON h.id = coalesce(r.hall_id, n.hall_id)
        WHERE r.number IS DISTINCT FROM r.last OR n.last IS DISTINCT FROM r.last
        """,
    ),
    Invariant(
        "I14",
        "window_filings_name_both",
        "Whatever was filed at a window names its clerk and the person who stood there, with proof of an authority.",
        "licensing_application WHERE channel = 'window' AND status <> 'draft'",
        f"""
        SELECT {APPLICATION}, CASE WHEN f.id IS NULL THEN 'was filed at a window for nobody'
            WHEN a.clerk_id IS DISTINCT FROM f.clerk_id THEN 'names another clerk than the one who helped'
            WHEN f.ended_at IS NULL THEN 'is still open to the clerk who filed it'
            WHEN a.snapshot->'assisted'->>'person_id_number' IS DISTINCT FROM f.person_id_number
                THEN 'was signed for another person than came'
            ELSE 'was filed by an entrusted person without proof' END
        FROM licensing_application a LEFT JOIN licensing_assistedfiling f ON f.application_id = a.id
        WHERE a.channel = 'window' AND a.status <> 'draft' AND (
            f.id IS NULL OR a.clerk_id IS DISTINCT FROM f.clerk_id OR f.ended_at IS NULL
            OR a.snapshot->'assisted'->>'person_id_number' IS DISTINCT FROM f.person_id_number
            OR (f.authority = 'entrusted' AND f.proof_id IS NULL))
        """,
    ),
]
