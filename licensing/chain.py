"""Hash chains: each row of a log carries the hash of the row before, so a changed, lost or moved row is found."""

import hashlib
from datetime import UTC, datetime

from guidance.canonical import canonical

FIRST = "0" * 64


def link(previous_hash, row):
    """Return the hash (64 hex digits) of a row that follows previous_hash. row: a dict of JSON values and times."""
    return hashlib.sha256(f"{previous_hash}\n{canonical(row, default=_as_text)}".encode()).hexdigest()


def verify(log):
    """Return the sequence number of the first of a log's ChainedRows that does not fit its chain, or None."""
    previous_hash = FIRST
    for number, row in enumerate(log.order_by("sequence"), start=1):
        if row.sequence != number or row.previous_hash != previous_hash or row.hash != row.expected_hash():
            return number
        previous_hash = row.hash
    return None


def _as_text(value):
    # Times come back from PostgreSQL in another zone than they were written in: only the instant counts.
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
