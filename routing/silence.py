"""Licensing Law art. 32(4): not told within five working days is accepted, as of the day the papers came."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from guidance.schema import LICENCE
from routing.clock import WORKING_DAYS, due_on
from routing.models import ApprovalTask, TaskStatus

ONE_DAY = timedelta(days=1)
# As many as one sweep takes.
BATCH = 500


def accepted_by(today, by):
    """Return tasks that count as accepted on that day because nobody said a word, oldest first. by: counting.Rules."""
    waiting = ApprovalTask.objects.filter(status=TaskStatus.RECEIVED, complete_at__lt=_end_of(_last_start(today, by)))
    licences = waiting.filter(item__definition__kind=LICENCE).select_related("application", "item")
    return list(licences.order_by("complete_at")[:BATCH])


def _last_start(today, by):
    """The last day on which papers may have been complete whose term is over today: the later, the later it ends."""
    day = today
    while due_on(day, by.terms["silence_days"], WORKING_DAYS, by.calendar).day >= today:
        day -= ONE_DAY
    return day


def _end_of(day):
    return timezone.make_aware(datetime.combine(day + ONE_DAY, time.min))
