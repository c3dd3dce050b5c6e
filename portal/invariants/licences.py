"""Licences: one for each grant of an item with a certificate, with its item, holder and number; endings."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from licensing.registration import REGISTRATION
from portal.invariants.invariant import ITEMS, LICENCE, TASK, TASKS, Invariant

_FROM_TASKS = "certificates_licence c JOIN routing_approvaltask t ON t.id = c.source_task_id"
_ENDED_HERE = "('annulled', 'withdrawn', 'cancelled')"

INVARIANTS = [
    Invariant(
        "I2",
        "each_grant_has_its_licence",
        "Each granted task of an item with a certificate has its licence.",
        "routing_approvaltask WHERE status = 'granted'",
        f"""
        {ITEMS}
        SELECT {TASK}, 'is granted and has no licence'
        FROM {TASKS} JOIN item ON item.id = t.item_id
        LEFT JOIN certificates_licence c ON c.source_task_id = t.id
        WHERE t.status = 'granted' AND item.certificate IS NOT NULL AND c.id IS NULL AND t.decided_at < %(settled)s
        """,
    ),
    Invariant(
        "I2",
        "each_licence_fits_its_grant",
        "Each licence issued here comes from one granted task of an item with a certificate, and says the same.",
        "certificates_licence c WHERE c.source_task_id IS NOT NULL",
        f"""
        {ITEMS}
        SELECT {LICENCE}, CASE
            WHEN t.status <> 'granted' THEN 'comes from a task that is ' || t.status
            WHEN item.certificate IS NULL THEN 'comes from an item without a certificate'
            WHEN c.item_code <> t.item_code THEN 'is of another item than its task, ' || t.item_code
            WHEN c.holder_id <> a.enterprise_id THEN 'has another holder than its application'
            WHEN c.office_id IS DISTINCT FROM t.office_id THEN 'is of another office than its task'
            WHEN c.number <> t.face->>'number' THEN 'has another number than was granted, ' || (t.face->>'number')
            WHEN c.issued_on::text <> t.face->>'issued_on' THEN 'was issued on another day than was granted'
            ELSE 'ends on another day than was granted, or is for other premises' END
        FROM {_FROM_TASKS} JOIN licensing_application a ON a.id = t.application_id JOIN item ON item.id = t.item_id
        WHERE t.status <> 'granted' OR item.certificate IS NULL OR c.item_code <> t.item_code
            OR c.holder_id <> a.enterprise_id OR c.office_id IS DISTINCT FROM t.office_id
            OR c.number IS DISTINCT FROM t.face->>'number' OR c.issued_on::text IS DISTINCT FROM t.face->>'issued_on'
            OR c.valid_until::text IS DISTINCT FROM nullif(t.face->>'valid_until', '')
            OR c.premises_id IS DISTINCT FROM CASE WHEN t.item_code <> %(registration)s THEN a.premises_id END
        """,
        lambda: {"registration": REGISTRATION},
    ),
    Invariant(
        "I2",
        "one_licence_per_number",
        "No two licences of an office and item have the same number and version, and no task has two licences.",
        "certificates_licence",
        f"""
        SELECT {LICENCE}, 'is there ' || count(*) || ' times' FROM certificates_licence c
        GROUP BY c.office_id, CASE WHEN c.office_id IS NULL THEN c.authority END, c.item_code, c.number, c.version
        HAVING count(*) > 1
        UNION ALL
        SELECT {TASK}, 'has ' || count(*) || ' licences' FROM {TASKS}
        JOIN certificates_licence c ON c.source_task_id = t.id GROUP BY a.number, t.item_code, t.public_id
        HAVING count(*) > 1
        """,
    ),
    Invariant(
        "I4",
        "each_ending_was_decided",
        "A licence that an authority has ended has its decision, and each decision has ended its licence.",
        f"certificates_licence c WHERE c.status IN {_ENDED_HERE}",
        f"""
        SELECT {LICENCE}, CASE WHEN e.kind IS NULL THEN 'is ' || c.status || ' without a decision'
            ELSE 'is ' || c.status || ' although it was decided: ' || e.kind END
        FROM certificates_licence c LEFT JOIN (
            SELECT DISTINCT ON (licence_id) licence_id, kind FROM certificates_ending
            WHERE licence_id IS NOT NULL ORDER BY licence_id, decided_at DESC, id DESC
        ) e ON e.licence_id = c.id
        -- What came from outside with its end was decided there.
        WHERE (e.kind IS NULL AND c.status IN {_ENDED_HERE} AND c.source_task_id IS NOT NULL)
            OR c.status <> CASE e.kind WHEN 'annul' THEN 'annulled' WHEN 'withdraw' THEN 'withdrawn'
                WHEN 'cancel' THEN 'cancelled' END
        """,
    ),
    Invariant(
        "I4",
        "annulments_take_two_people",
        "Each annulment was proposed by one person, with a reason, and decided by another.",
        "certificates_ending e WHERE e.kind = 'annul'",
        f"""
        SELECT concat_ws(' ', {LICENCE}, e.number), CASE
            WHEN p.id IS NULL THEN 'was annulled without a proposal'
            WHEN p.approved IS NOT TRUE THEN 'was annulled on a proposal that was not approved'
            WHEN p.reason = '' THEN 'was annulled without a reason'
            ELSE 'was not decided by a second person, who approved it' END
        FROM certificates_ending e LEFT JOIN certificates_endingproposal p ON p.id = e.proposal_id
        LEFT JOIN certificates_licence c ON c.id = e.licence_id
        WHERE e.kind = 'annul' AND (p.id IS NULL OR p.approved IS NOT TRUE OR p.reason = ''
            OR p.settled_by_id = p.proposed_by_id OR p.settled_by_id IS DISTINCT FROM e.decided_by_id)
        """,
    ),
]
