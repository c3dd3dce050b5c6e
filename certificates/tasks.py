import logging
import time
from datetime import date, timedelta

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from certificates import deeming, expiring
from certificates.elicences import making, storage
from certificates.gathering import gather, left_behind
from certificates.importing import files, running

logger = logging.getLogger(__name__)

# A decision's own event gathers within a second or two; only what is older was left behind.
_GRACE = timedelta(seconds=30)


@shared_task
def sweep(limit=500):
    """Gather applications whose event was lost. One that cannot be gathered is reported and keeps no other waiting."""
    for application_id in left_behind(timezone.now() - _GRACE)[:limit]:
        try:
            gather(application_id)
        except (DatabaseError, LookupError, ValueError) as error:
            # The class only: a database error quotes the row.
            logger.error("application %s could not be gathered (%s)", application_id, type(error).__name__)


@shared_task
def deem_renewed():
    deeming.sweep()


@shared_task
def make_files():
    making.sweep()


@shared_task
def remove_bytes():
    storage.sweep()


# Within the time after which an unanswered message is handed out again; running.PATIENTLY and some slices.
@shared_task(soft_time_limit=108, time_limit=113)
def import_licences():
    running.sweep()


@shared_task
def forget_imports():
    files.sweep()


@shared_task
def remind_of_ends(day=None, licence_id=None, seconds=15):
    """Walk on from that Place for so long, then let the next run go on; a lost one is made up for within the hour."""
    place, until = day and expiring.Place(date.fromisoformat(day), licence_id), time.monotonic() + seconds
    while place := expiring.remind_some(place):
        if time.monotonic() > until:
            remind_of_ends.delay(place.valid_until.isoformat(), place.licence_id)
            return
