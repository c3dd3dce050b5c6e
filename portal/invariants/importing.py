"""Files of held licences: what an import counts is what its rows and its licences are."""

# ruff: noqa: S608 - SQL put together from this module's own texts.
from portal.invariants.invariant import Invariant

_COUNTED = "count(*) FILTER (WHERE r.outcome = '{}')"

INVARIANTS = [
    Invariant(
        "I2",
        "an_import_counts_its_rows_and_licences",
        "The rows that an import counts are those it keeps, and each row it has imported is one licence with its log.",
        "certificates_licenceimport",
        f"""
        WITH kept AS (
            SELECT r.batch_id, {_COUNTED.format("new")} AS fresh, {_COUNTED.format("same")} AS same,
                {_COUNTED.format("bad")} AS bad, {_COUNTED.format("done")} AS done
            FROM certificates_importrow r GROUP BY r.batch_id
        ), held AS (
            SELECT c.imported_in_id, count(*) AS licences, count(e.id) AS logged
            FROM certificates_licence c
            LEFT JOIN certificates_licenceevent e ON e.licence_id = c.id AND e.sequence = 1 AND e.event = 'imported'
            WHERE c.imported_in_id IS NOT NULL GROUP BY c.imported_in_id
        )
        SELECT concat('import ', b.public_id), CASE
            WHEN b.rows_imported <> coalesce(held.licences, 0)
                THEN concat('has ', coalesce(held.licences, 0), ' licences and counts ', b.rows_imported)
            WHEN b.rows_imported <> coalesce(held.logged, 0) THEN 'has a licence whose log does not say so'
            ELSE 'counts other rows than it keeps' END
        FROM certificates_licenceimport b LEFT JOIN kept ON kept.batch_id = b.id
        LEFT JOIN held ON held.imported_in_id = b.id
        WHERE b.rows_imported <> coalesce(held.licences, 0) OR b.rows_imported <> coalesce(held.logged, 0)
            -- Of what was refused or given up, and a month after the end, the rows are gone with the file.
            OR (b.file <> '' AND (b.rows_new, b.rows_same, b.rows_bad, b.rows_imported, b.rows_read) IS DISTINCT FROM
                (coalesce(kept.fresh, 0), coalesce(kept.same, 0), coalesce(kept.bad, 0), coalesce(kept.done, 0),
                coalesce(kept.fresh + kept.same + kept.bad + kept.done, 0)))
        """,
    ),
]
