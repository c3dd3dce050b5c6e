"""Reading an import's file: first as a whole into plain rows, by a process of its own; then checked slice by slice."""

import json
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

from django.db import transaction

from certificates.importing import checking, comparing, conversion, files
from certificates.importing.checking import Row, Rules
from certificates.importing.columns import Refused
from certificates.models import ImportRow, ImportState, LicenceImport, Outcome

SLICE = 1000
_ROOT = Path(conversion.__file__).parents[2]


class NotRead(Exception):
    """No verdict this time: the machine was too slow or the process was killed. To be tried again."""


def convert(batch, patience):
    """Make plain rows of the uploaded file, once, within so many seconds.

    Raises Refused with the sentence for the officer, or NotRead.
    """
    if files.is_converted(batch):
        return
    with batch.file.open("rb") as content, open(files.part_path(batch), "wb") as rows:
        told = _told(content, rows, files.kind_of(batch), patience)
    if "refused" in told:
        raise Refused(told["refused"][:300])
    files.keep_rows(batch, told)


def _told(content, rows, kind, patience):
    command = [sys.executable, "-m", "certificates.importing.conversion", kind]
    try:
        # Nothing of our environment: no address of the database, no secret.
        done = subprocess.run(
            command, stdin=content, stdout=rows, stderr=subprocess.PIPE, cwd=_ROOT, env={}, timeout=patience
        )
    except subprocess.TimeoutExpired:
        raise NotRead("too slow") from None
    if -done.returncode == signal.SIGXCPU:
        raise Refused(conversion.COSTLY)
    try:
        return json.loads(done.stderr)
    except ValueError:
        raise NotRead(f"ended with {done.returncode}") from None


class Reader:
    """Checks the rows after those that were checked already, a slice at a time."""

    def __init__(self, batch):
        self._told = files.told(batch)
        self._rules = Rules.of(batch)
        self._lines = files.rows_after(batch, batch.rows_read)
        self._doubled = {int(row): other for row, other in self._told["doubled"].items()}

    def step(self, batch):
        """Check one slice and keep it, in one transaction; True while there is more."""
        rows = [self._checked(*line) for line in islice(self._lines, SLICE)]
        with transaction.atomic():
            if not _still(batch, ImportState.READING, batch.rows_read):
                return False
            outcomes = comparing.outcomes(batch, rows, self._told["fields"])
            ImportRow.objects.bulk_create([_kept(batch, row, outcomes[row.number]) for row in rows])
            self._count(batch, rows, list(outcomes.values()))
        return batch.state == ImportState.READING

    def _checked(self, number, cells, wrong):
        row = Row(number, cells)
        return checking.check(row, wrong, self._told["fields"], self._rules, self._doubled.get(number))

    def _count(self, batch, rows, outcomes):
        warned = sum(bool(row.warnings and not row.problems) for row in rows)
        told = {name: self._told[name] for name in ("names", "fields", "unknown", "rows")}
        batch.columns = told | {"warned": batch.columns.get("warned", 0) + warned}
        batch.rows_read += len(rows)
        if batch.rows_read == self._told["rows"]:
            batch.state = ImportState.CHECKED
            transaction.on_commit(lambda: files.discard_rows(batch.file.name))
        batch.rows_new += outcomes.count(Outcome.NEW)
        batch.rows_same += outcomes.count(Outcome.SAME)
        batch.rows_bad += outcomes.count(Outcome.BAD)
        batch.attempts = 0
        batch.save(update_fields=["columns", "rows_read", "state", "rows_new", "rows_same", "rows_bad", "attempts"])


def _still(batch, state, rows_read):
    """Lock the import, if it is still where this runner has read it: it may have been given up meanwhile."""
    here = LicenceImport.objects.select_for_update(no_key=True).filter(pk=batch.pk, state=state, rows_read=rows_read)
    return here.first() is not None


def _kept(batch, row, outcome):
    values = {} if outcome == Outcome.BAD else row.values | ({"warnings": row.warnings} if row.warnings else {})
    return ImportRow(
        batch=batch, number=row.number, cells=row.cells, values=values, problems=row.problems, outcome=outcome
    )
