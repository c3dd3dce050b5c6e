"""The register: identifiers, versions of a licence, and on what document its status was changed."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from certificates import identifiers
from portal.invariants.invariant import LICENCE, Invariant, stream

# By what the move is called in the log, which is also the status it gives.
_MOVED = ("suspended", "revoked", "lapsed", "transferred")
_PART = "split_part(c.identifier, '.', {})"


def _malformed(moment):
    columns = f"{LICENCE}, c.identifier, c.version, c.imported_in_id"
    for who, text, version, imported in stream(
        f"SELECT {columns} FROM certificates_licence c WHERE c.identifier IS NOT NULL"
    ):
        try:
            # A later version goes on with what an imported one was called.
            parsed = identifiers.parse(text, imported=imported is not None or version > 1)
        except ValueError as why:
            yield who, f"has an identifier that is not well formed: {why}"
            continue
        if parsed.version != version:
            yield who, f"is version {version}, its identifier says {parsed.version}"


INVARIANTS = [
    Invariant(
        "I2",
        "identifiers_are_well_formed",
        "Each identifier is well formed, its check character right and its version that of the licence.",
        "certificates_licence WHERE identifier IS NOT NULL",
        _malformed,
    ),
    Invariant(
        "I2",
        "identifiers_name_type_and_issuer",
        "No identifier carries the type code of another item or the code of another office.",
        "certificates_licence WHERE identifier IS NOT NULL",
        f"""
        SELECT {LICENCE}, 'carries the type code of ' || t.item_code
        FROM certificates_licence c JOIN certificates_certificatetype t ON t.code = {_PART.format(6)}
        WHERE t.item_code <> c.item_code
        UNION ALL
        -- A code that an office had before is no other office's; one that two share is that of either.
        SELECT {LICENCE}, 'carries the code of another office than its own'
        FROM certificates_licence c JOIN guidance_office o ON o.id = c.office_id
        WHERE {_PART.format(7)} <> o.uscc
            AND EXISTS (SELECT FROM guidance_office other WHERE other.uscc = {_PART.format(7)} AND other.uscc <> '')
        """,
    ),
    Invariant(
        "I2",
        "versions_have_no_gap",
        "Each version follows the one before: same holder and item, the next number, the same serial number.",
        "certificates_licence WHERE previous_id IS NOT NULL",
        f"""
        SELECT {LICENCE}, CASE
            WHEN c.version <> p.version + 1 THEN 'is version ' || c.version || ' after ' || p.version
            WHEN c.holder_id <> p.holder_id OR c.item_code <> p.item_code THEN 'follows a licence of another kind'
            WHEN p.status IN ('valid', 'suspended') THEN 'has taken the place of one that is ' || p.status
            ELSE 'has another serial number than the version before' END
        FROM certificates_licence c JOIN certificates_licence p ON p.id = c.previous_id
        WHERE c.version <> p.version + 1 OR c.holder_id <> p.holder_id OR c.item_code <> p.item_code
            OR p.status IN ('valid', 'suspended')
            OR {_PART.format(8)} <> split_part(p.identifier, '.', 8)
        """,
    ),
    Invariant(
        "I4",
        "each_measure_has_its_document",
        "What was suspended, revoked, lapsed or transferred here has a row in its log with the document.",
        f"certificates_licence WHERE status IN {_MOVED}",
        f"""
        SELECT {LICENCE}, 'is ' || c.status || ' without the document that says so'
        FROM certificates_licence c
        LEFT JOIN LATERAL (
            SELECT e.event, e.from_status, e.to_status, e.detail FROM certificates_licenceevent e
            WHERE e.licence_id = c.id AND e.event <> 'identified' ORDER BY e.sequence DESC LIMIT 1
        ) e ON TRUE
        WHERE c.status IN {_MOVED}
            -- A newer version is its own document; what came in so was decided elsewhere.
            AND e.event IS DISTINCT FROM 'superseded' AND e.event IS DISTINCT FROM 'imported'
            AND (e.event IS DISTINCT FROM c.status OR NOT coalesce(
                e.detail->>'document_number' <> '' AND e.detail->>'document_date' <> ''
                AND e.detail->>'authority' <> '' AND e.detail->>'reason' <> '', FALSE))
        """,
    ),
]
