import logging
from datetime import timedelta

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from certificates.elicences import making, storage
from certificates.gathering import gather, left_behind

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
def make_files():
    making.sweep()


@shared_task
def remove_bytes():
    storage.sweep()
