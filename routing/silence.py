"""Licensing Law art. 32(4): not told within five working days is accepted, as of the day the papers came."""

from datetime import timedelta

from django.utils import timezone

from routing.clock import WORKING_DAYS, due_on
from routing.models import ApprovalTask, TaskStatus
from routing.moves import LICENCE


def accepted_by(today, by):
    """Return the tasks that count as accepted on that day because nobody said a word. by: counting.Rules."""
    days = by.terms["silence_days"]
    # Working days are days: whoever has waited for fewer than that many cannot be due yet.
    since = timezone.now() - timedelta(days=days)
    waiting = ApprovalTask.objects.filter(status=TaskStatus.RECEIVED, complete_at__lt=since)
    licences = waiting.filter(item__definition__kind=LICENCE).select_related("application", "item")
    return [task for task in licences.order_by("complete_at") if _is_over(task, days, today, by)]


def _is_over(task, days, today, by):
    return due_on(timezone.localdate(task.complete_at), days, WORKING_DAYS, by.calendar).day < today
