"""Official look-ups (用证): each names somebody who could look, what was theirs to look at, and why."""

from portal.invariants.invariant import Invariant

INVARIANTS = [
    Invariant(
        "I8",
        "each_look_up_has_its_reason_and_its_looker",
        "Each official look-up has a reason and one person or one system, which had its token then.",
        "certificates_officiallookup",
        """
        SELECT 'look-up ' || l.id, CASE
            WHEN btrim(l.reason) = '' THEN 'has no reason'
            WHEN num_nonnulls(l.user_id, l.client_id) <> 1 THEN 'is not by one person or one system'
            WHEN l.at > %(future)s THEN 'lies in the future'
            WHEN l.client_id IS NOT NULL AND l.office_id IS NOT NULL THEN 'is by a system for an office'
            WHEN l.at < c.created_at THEN 'is by a system that was not there yet'
            ELSE 'is by a system whose token was revoked' END
        FROM certificates_officiallookup l LEFT JOIN certificates_departmentclient c ON c.id = l.client_id
        WHERE btrim(l.reason) = '' OR num_nonnulls(l.user_id, l.client_id) <> 1 OR l.at > %(future)s
            OR (l.client_id IS NOT NULL AND l.office_id IS NOT NULL) OR l.at < c.created_at
            -- One that was being answered when the token was revoked is no breach.
            OR l.at > c.revoked_at + interval '1 minute'
        """,
    ),
    Invariant(
        "I13",
        "each_look_up_is_of_its_enterprises_licence",
        "A look-up of one licence is kept with the enterprise that holds it, and its enterprise is a confirmed one.",
        "certificates_officiallookup",
        """
        SELECT 'look-up ' || l.id, CASE WHEN e.verified_at IS NULL THEN 'is of an enterprise that nobody confirmed'
            ELSE 'is of a licence that another enterprise holds' END
        FROM certificates_officiallookup l JOIN licensing_enterprise e ON e.id = l.enterprise_id
        LEFT JOIN certificates_licence c ON c.id = l.licence_id
        WHERE e.verified_at IS NULL OR c.holder_id <> l.enterprise_id
        """,
    ),
]
