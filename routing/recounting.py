"""Counting due dates anew when what they are counted by has changed: a year's notice, the city's thresholds."""

from django.db import connection, transaction
from django.db.models import F, Func
from django.db.models.functions import TruncDate

from exchange import outbox
from routing.calendar import load
from routing.counting import clock_detail, committed_clock, recount_as_recorded, rules, warning_day
from routing.models import ApprovalTask, ClockStop
from routing.moves import RUNNING
from routing.moving import Step, claim, perform

# Measured: 200,000 at once took longer than one statement may (10 s).
BATCH = 5000


def to_recount():
    """Ids of running tasks that were counted before the notices of their years were confirmed."""
    known_until = load().known_until()
    if known_until is None:
        return ApprovalTask.objects.none()
    last_due = Func(F("committed_due_on"), F("statutory_due_on"), function="GREATEST")
    provisional = ApprovalTask.objects.filter(due_is_provisional=True, status__in=RUNNING).alias(last_due=last_due)
    return provisional.filter(last_due__lte=known_until).values_list("pk", flat=True)


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
    """Set anew from which day each running task is due soon, by today's thresholds; no due date moves.

    Without the applications' locks, so that no officer waits: a task that somebody is moving right now is left to them.
    One batch; where more is left it tells of the change once more, so that no transaction grows with the city.
    """
    by = rules()
    running = ApprovalTask.objects.filter(status__in=RUNNING, committed_due_on__isnull=False)
    stopped = running.filter(pk__in=ClockStop.objects.filter(ended_on__isnull=False).values("task"))
    # The day follows from two dates, so 200,000 tasks are some thousand cases.
    cases = running.values_list(TruncDate("complete_at"), "committed_due_on").order_by().distinct()
    if _set([(start, due, warning_day(start, due, by)) for start, due in cases]) == BATCH:
        outbox.emit("terms.changed")
        return
    for task in stopped.select_related("application", "item").prefetch_related("stops"):
        clock = committed_clock(task, task.stops.all())
        day = warning_day(clock.start, task.committed_due_on, by, clock.pauses)
        running.filter(pk=task.pk).exclude(warns_on=day).update(warns_on=day)


def _set(cases):
    """Write warnings of tasks without pauses, one batch: [(day of complete papers, promised due date, warning)].

    Returns how many have changed.
    """
    if not cases:
        return 0
    starts, dues, warnings = (list(column) for column in zip(*cases, strict=True))
    with connection.cursor() as cursor:
        columns = {"starts": starts, "dues": dues, "warnings": warnings}
        cursor.execute(_UPDATE, columns | {"running": list(RUNNING), "batch": BATCH})
        return cursor.rowcount


_UPDATE = """
    WITH changed AS (
        SELECT task.id, cases.warns_on
        FROM routing_approvaltask AS task
        JOIN unnest(%(starts)s::date[], %(dues)s::date[], %(warnings)s::date[]) AS cases (start, due_on, warns_on)
          ON (task.complete_at AT TIME ZONE 'Asia/Shanghai')::date = cases.start
         AND task.committed_due_on = cases.due_on
        WHERE task.status = ANY(%(running)s) AND task.warns_on IS DISTINCT FROM cases.warns_on
          AND NOT EXISTS (SELECT FROM routing_clockstop WHERE task_id = task.id AND ended_on IS NOT NULL)
        LIMIT %(batch)s
        FOR NO KEY UPDATE OF task SKIP LOCKED
    )
    UPDATE routing_approvaltask AS task SET warns_on = changed.warns_on FROM changed WHERE task.id = changed.id
"""
