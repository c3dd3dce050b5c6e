"""延续 and 变更: each is about one licence, one at a time, and its grant has made that licence's next version."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from portal.invariants.invariant import APPLICATION, LICENCE, TASK, TASKS, Invariant

_OPEN = "('draft', 'submitted', 'in_progress')"

INVARIANTS = [
    Invariant(
        "I2",
        "each_granted_reissue_has_its_version",
        "The grant of a 延续 or 变更 has made the next version of its licence, and the one before has lapsed by it.",
        "certificates_reissue",
        f"""
        SELECT {TASK}, CASE WHEN c.previous_id IS DISTINCT FROM r.licence_id
            THEN 'has made a licence that is not the next version of the one it is about'
            ELSE 'has left the version before ' || old.status END
        FROM {TASKS} JOIN certificates_reissue r ON r.application_id = a.id
        JOIN certificates_licence old ON old.id = r.licence_id
        JOIN certificates_licence c ON c.source_task_id = t.id
        WHERE t.status = 'granted' AND (c.previous_id IS DISTINCT FROM r.licence_id OR old.status <> 'lapsed'
            OR NOT EXISTS (SELECT FROM certificates_licenceevent e WHERE e.licence_id = old.id
                AND e.event = 'superseded'))
        UNION ALL
        SELECT {LICENCE}, 'is a version that no 延续 or 变更 has made'
        FROM certificates_licence c JOIN routing_approvaltask t ON t.id = c.source_task_id
        LEFT JOIN certificates_reissue r ON r.application_id = t.application_id
        WHERE c.previous_id IS NOT NULL AND r.id IS NULL
        """,
    ),
    Invariant(
        "I2",
        "one_open_reissue_per_licence",
        "Of each licence at most one 延续 or 变更 is under way.",
        "certificates_reissue",
        f"""
        SELECT {LICENCE}, 'has ' || count(*) || ' under way'
        FROM certificates_reissue r JOIN licensing_application a ON a.id = r.application_id
        JOIN certificates_licence c ON c.id = r.licence_id
        WHERE a.status IN {_OPEN} GROUP BY c.id HAVING count(*) > 1
        """,
    ),
    Invariant(
        "I2",
        "each_reissue_is_about_its_licence",
        "What is filed for a 延续 or 变更, and nothing else, is about a licence: of its holder, for its item.",
        "certificates_reissue",
        f"""
        SELECT {APPLICATION}, CASE
            WHEN r.id IS NULL THEN 'is a ' || a.purpose || ' of no licence'
            WHEN a.purpose = 'new' THEN 'is for a new licence and about one that is there'
            WHEN a.enterprise_id <> c.holder_id THEN 'is of another enterprise than holds its licence'
            ELSE 'is not for the item and number of its licence' END
        FROM licensing_application a LEFT JOIN certificates_reissue r ON r.application_id = a.id
        LEFT JOIN certificates_licence c ON c.id = r.licence_id
        WHERE (r.id IS NULL) <> (a.purpose = 'new') OR a.enterprise_id <> c.holder_id
            OR a.prior->>'number' <> c.number
            OR (a.status <> 'draft' AND r.id IS NOT NULL AND a.chosen <> jsonb_build_array(c.item_code))
        """,
    ),
    Invariant(
        "I2",
        "each_deemed_renewal_was_filed_in_time",
        "A renewal counts as granted by law only where it was filed thirty days before the end, and the log says so.",
        "certificates_licence c WHERE c.deemed_renewed_on IS NOT NULL",
        f"""
        SELECT {LICENCE}, CASE WHEN e.id IS NULL THEN 'is deemed renewed and its log does not say so'
            ELSE 'is deemed renewed and nobody had filed for it in time' END
        FROM certificates_licence c
        LEFT JOIN certificates_licenceevent e ON e.licence_id = c.id AND e.event = 'deemed_renewed'
            AND e.detail->>'deemed_renewed_on' = c.deemed_renewed_on::text
        WHERE c.deemed_renewed_on IS NOT NULL AND (e.id IS NULL OR NOT EXISTS (
            SELECT FROM certificates_reissue r JOIN licensing_application a ON a.id = r.application_id
            WHERE r.licence_id = c.id AND a.purpose = 'renew'
                AND (a.submitted_at AT TIME ZONE 'Asia/Shanghai')::date <= c.valid_until - 30))
        """,
    ),
]
