"""The hash chains of both logs, verified row by row from the first: a changed, lost or moved row is found."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import itertools
import json
from collections import namedtuple

from certificates.models import LicenceEvent
from licensing import chain
from licensing.models import LogEntry
from portal.invariants.invariant import Invariant, stream


def _broken_chains(model, owner, named):
    """Return a function that yields the first row of each chain that does not fit. named: SQL for an owner's name."""
    columns = [*model.HASHED, "previous_hash", "hash"]
    # Beside the ORM, whose objects would take most of the time.
    question = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} ORDER BY {owner}, sequence"
    Row = namedtuple("Row", columns)

    def breaches(moment):
        rows = map(Row._make, stream(question))
        for pk, log in itertools.groupby(rows, key=lambda row: getattr(row, owner)):
            if wrong := _first_that_does_not_fit(log, model.HASHED):
                yield next(stream(named, pk=pk), (f"{owner} {pk}",))[0], f"row {wrong} does not fit its chain"

    return breaches


def _first_that_does_not_fit(log, hashed):
    previous_hash = chain.FIRST
    for number, row in enumerate(log, start=1):
        values = dict(zip(hashed, row, strict=False))
        values["detail"] = json.loads(values["detail"])
        fits = row.sequence == number and row.previous_hash == previous_hash
        if not fits or row.hash != chain.link(previous_hash, values):
            return number
        previous_hash = row.hash
    return None


INVARIANTS = [
    Invariant(
        "I5",
        "logs_verify",
        "The log of each application is numbered 1 to n without a gap, and its hash chain verifies.",
        "licensing_logentry",
        _broken_chains(LogEntry, "application_id", "SELECT number FROM licensing_application WHERE id = %(pk)s"),
    ),
    Invariant(
        "I5",
        "licence_logs_verify",
        "The log of each licence is numbered 1 to n without a gap, and its hash chain verifies.",
        "certificates_licenceevent",
        _broken_chains(
            LicenceEvent,
            "licence_id",
            "SELECT concat_ws(' ', 'licence', item_code, number) FROM certificates_licence WHERE id = %(pk)s",
        ),
    ),
]
