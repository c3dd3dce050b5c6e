"""Files: each has its bytes, unchanged, and what was submitted with an application is there and was found clean."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import hashlib

from licensing.models import Blob
from portal.invariants.invariant import APPLICATION, Invariant, stream

# So many are read through on each day, another share on the next; of all of them the length is compared.
READ_A_DAY = 500


def wrong_bytes(what, storage, rows, share, moment):
    """Yield (who, what is wrong). rows: (pk, sha256, size, name) of bytes; one in `share` is read and hashed today."""
    for pk, sha256, size, name in rows:
        try:
            if storage.size(name) != size:
                yield f"{what} {pk}", "is not as long as its row says"
            elif (pk + moment.today.toordinal()) % share == 0 and _digest(storage, name) != sha256:
                yield f"{what} {pk}", "is not what its hash was taken of"
        except FileNotFoundError:
            yield f"{what} {pk}", "is not on the disk"


def share_of(count):
    """One in how many is read on a day."""
    return max(1, count // READ_A_DAY)


def _wrong_blobs(moment):
    rows = stream("SELECT id, sha256, size, file FROM licensing_blob ORDER BY id")
    return wrong_bytes("blob", Blob.file.field.storage, rows, share_of(Blob.objects.count()), moment)


def _digest(storage, name):
    with storage.open(name) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


INVARIANTS = [
    Invariant(
        "I11",
        "each_blob_is_on_the_disk_unchanged",
        f"The bytes of each file are on the disk, as long as its row says; {READ_A_DAY} a day are read and hashed.",
        "licensing_blob",
        _wrong_blobs,
    ),
    Invariant(
        "I11",
        "each_file_has_its_blob",
        "A file is as long as its bytes, a rejected one has none; no bytes are kept for nobody longer than an hour.",
        "licensing_storedfile",
        """
        SELECT 'file ' || f.public_id, 'is ' || f.state || ' with ' || f.size || ' bytes, has ' || b.size
        FROM licensing_storedfile f JOIN licensing_blob b ON b.id = f.blob_id
        WHERE b.size <> CASE f.state WHEN 'rejected' THEN 0 ELSE f.size END
        UNION ALL
        SELECT 'blob ' || b.id, 'has no file' FROM licensing_blob b
        LEFT JOIN licensing_storedfile f ON f.blob_id = b.id
        WHERE f.id IS NULL AND b.created_at < %(now)s - interval '1 hour'
        """,
    ),
    Invariant(
        "I11",
        "what_was_handed_in_is_there_and_clean",
        "Each file of a submitted application is there and clean, and a paper handed in has at least one.",
        "licensing_application a WHERE a.status <> 'draft'",
        f"""
        SELECT {APPLICATION}, p.code || CASE
            WHEN p.file IS NULL THEN ' was handed in without a file'
            WHEN f.id IS NULL THEN ' has lost a file'
            ELSE ' has a file that is ' || f.state END
        FROM (
            SELECT s.id AS application_id, m.key AS code, m.value->>'how' AS how, named.file
            FROM licensing_application s, jsonb_each(s.snapshot->'materials') m
            LEFT JOIN LATERAL jsonb_array_elements_text(m.value->'files') AS named(file) ON true
            WHERE s.status <> 'draft'
        ) p JOIN licensing_application a ON a.id = p.application_id
        LEFT JOIN licensing_storedfile f ON f.public_id = p.file::uuid
        WHERE CASE WHEN p.file IS NULL THEN p.how = 'upload' ELSE f.state IS DISTINCT FROM 'clean' END
        UNION ALL
        SELECT {APPLICATION}, m.code || ' has a file that is ' || f.state
        FROM licensing_storedfile f JOIN licensing_submittedmaterial_files mf ON mf.storedfile_id = f.id
        JOIN licensing_submittedmaterial m ON m.id = mf.submittedmaterial_id
        JOIN licensing_application a ON a.id = m.application_id
        WHERE a.status <> 'draft' AND f.state <> 'clean'
        """,
    ),
]
