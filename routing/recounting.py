"""Counting due dates anew when what they are counted by has changed: a year's notice, the city's thresholds."""

from datetime import date

from django.db import transaction
from django.db.models import F, Func, Q

from routing.calendar import load
from routing.clock import warns_on
from routing.counting import clock_detail, committed_clock, recount_as_recorded, rules
from routing.models import ApprovalTask
from routing.moves import RUNNING, Step, claim, perform

BATCH = 1000


def to_recount():
    """Ids of running tasks that were counted before the notice of their year was confirmed."""
    last_year = load().last_year
    last_due = Func(F("committed_due_on"), F("statutory_due_on"), function="GREATEST")
    known = ApprovalTask.objects.filter(due_is_provisional=True, status__in=RUNNING).alias(last_due=last_due)
    return known.filter(last_due__lte=date(last_year or 1, 12, 31)).values_list("pk", flat=True)


@transaction.atomic
def recount_after_notice(task_id):
    """Count a provisional due date by the notice that is there now; logged once with its cause."""
    task = claim(ApprovalTask.objects.get(pk=task_id), None, "recount")
    if not task.due_is_provisional:
        return
    before = clock_detail(task)
    recount_as_recorded(task, rules())
    if before == clock_detail(task):
        return
    cause = {"because": "calendar", "before": {name: before[name] for name in ("committed_due_on", "statutory_due_on")}}
    perform("recount", Step(task, cause))


@transaction.atomic
def recount_warnings():
    """Set anew from which day each running task is due soon, by today's thresholds; no due date moves."""
    by = rules()
    tasks = ApprovalTask.objects.filter(Q(status__in=RUNNING), committed_due_on__isnull=False)
    changed = []
    for task in tasks.select_related("application", "item").order_by("application", "pk").iterator(BATCH):
        day = warns_on(
            committed_clock(task).start,
            task.committed_due_on,
            by.calendar,
            by.terms["warn_days_left"] or 0,
            by.terms["warn_percent"] or 0,
        )
        if day != task.warns_on:
            task.warns_on = day
            changed.append(task)
    for place in range(0, len(changed), BATCH):
        ApprovalTask.objects.filter(status__in=RUNNING).bulk_update(changed[place : place + BATCH], ["warns_on"])
