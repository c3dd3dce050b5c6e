"""Who works on an import, for how long, and what happens when that fails: the same for reading and for importing.

PostgreSQL remembers how far it is; an event for the next few seconds of work is only quicker than the sweep.
"""

import logging
import time

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from certificates.importing import entering, files, reading
from certificates.importing.columns import Refused
from certificates.models import ImportState, LicenceImport, Outcome
from exchange import outbox
from exchange.alone import Work, alone

logger = logging.getLogger(__name__)

EVENT = "import.waiting"
MAX_ATTEMPTS = 5
# Of slices at a stretch.
SECONDS = 8
# How long unpacking a file may take: beside all other work of an event, and where a task has the time for it alone. Its
# own process is bounded by the processor's time; these are for a machine that has none to give.
BRIEFLY, PATIENTLY = 12, 90
SLICE = 500
_SHORT = {
    ImportState.READING: "试了几次都没能读完这个文件，请另存一份再传；还是不行的，请联系系统管理员",
    ImportState.IMPORTING: "导入中断，试了几次都没能继续。已经导入的不受影响，其余的可以再次点“导入”",
}


@outbox.outside
def work(import_id, patience=BRIEFLY):
    """Work on an import for some seconds, and have the rest done by the next event. A second one beside it goes away.

    Answers import.waiting.
    """
    with alone(Work.IMPORTING, import_id) as mine:
        at_work = LicenceImport.objects.at_work().select_related("office__division", "decided_by")
        batch = mine and at_work.filter(pk=import_id).first()
        if batch:
            _work(batch, patience)


def sweep():
    """Take up one import whose event was lost or parked, or whose file could not be unpacked in a few seconds.

    In no order, so that none stands in the way of all others.
    """
    batch = LicenceImport.objects.at_work().order_by("?").first()
    if batch:
        work(batch.pk, PATIENTLY)


def _work(batch, patience):
    # Counted and committed before the risky work: a file that kills its worker stops at MAX_ATTEMPTS too.
    tried = LicenceImport.objects.at_work().filter(pk=batch.pk, attempts__lt=MAX_ATTEMPTS)
    if not tried.update(attempts=F("attempts") + 1):
        _stop(batch, _SHORT[batch.state])
        return
    try:
        more = _slices(batch, patience)
    except Refused as why:
        _stop(batch, str(why))
        return
    except (reading.NotRead, DatabaseError, OSError) as error:
        # The class only: a database error quotes the row.
        logger.error("import %s stopped short (%s)", batch.pk, type(error).__name__)
        return
    if more:
        with transaction.atomic():
            outbox.emit(EVENT, import_id=batch.pk)


def _slices(batch, patience):
    """Work until the time is over; True while there is more to do."""
    if batch.state == ImportState.READING:
        reading.convert(batch, patience)
    end = time.monotonic() + SECONDS
    step = reading.Reader(batch).step if batch.state == ImportState.READING else _enter
    while step(batch):
        if time.monotonic() > end:
            return True
    return False


@transaction.atomic
def _enter(batch):
    """Import one slice; True while there is more."""
    # From here nobody else changes it: the lock on the runner belongs to a connection, this one to the transaction.
    here = LicenceImport.objects.select_for_update(no_key=True).filter(pk=batch.pk, state=ImportState.IMPORTING)
    if here.first() is None:
        return False
    rows = list(batch.rows.filter(outcome=Outcome.NEW).order_by("number")[:SLICE])
    if rows:
        entered = entering.enter(batch, rows)
        outcomes = [row.outcome for row in rows]
        batch.rows_imported += entered
        batch.rows_new -= len(rows)
        batch.rows_same += outcomes.count(Outcome.SAME)
        batch.rows_bad += outcomes.count(Outcome.BAD)
    else:
        batch.state, batch.finished_at = ImportState.DONE, timezone.now()
    batch.attempts = 0
    batch.save(update_fields=["state", "finished_at", "rows_new", "rows_same", "rows_bad", "rows_imported", "attempts"])
    return batch.state == ImportState.IMPORTING


@transaction.atomic
def _stop(batch, sentence):
    """A file that cannot be read is refused; a half-way import waits for the officer again, with all that is in."""
    here = LicenceImport.objects.filter(pk=batch.pk, state=batch.state)
    if batch.state == ImportState.IMPORTING:
        here.update(state=ImportState.CHECKED, problem=sentence, attempts=0)
    elif here.update(state=ImportState.REFUSED, problem=sentence, finished_at=timezone.now(), file=""):
        batch.rows.all().delete()
        transaction.on_commit(lambda: files.discard(batch.file.name))
