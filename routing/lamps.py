"""The lamp of each task, as routing.clock says it for one, here for many: in the database's words."""

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone

from routing import clock
from routing.clock import Lamp
from routing.models import TaskStatus

# Where a clock can run out on the office: before the papers have come, or come back, it waits for the applicant.
AT_WORK = (TaskStatus.RECEIVED, TaskStatus.ACCEPTED)
# Said where a lamp would stand: the promised clock does not run, and the law's is not over.
STOPPED = "停钟"


def lamp_of(task, today=None):
    """Return the task's Lamp today, Lamp.NONE where no clock runs against the office."""
    if task.status not in AT_WORK:
        return Lamp.NONE
    return clock.lamp(
        today or timezone.localdate(),
        warns_on=task.warns_on,
        committed_due_on=task.committed_due_on,
        statutory_due_on=task.statutory_due_on,
        clock_stopped=task.clock_stopped,
        statutory_stopped=task.statutory_stopped,
    )


def shown_lamp(today):
    """An expression that is each task's Lamp on that day, or STOPPED: the first that holds, as in clock.lamp."""
    return Case(
        When(~Q(status__in=AT_WORK), then=Value("")),
        When(statutory_due_on__lt=today, statutory_stopped=False, then=Value(Lamp.RED.value)),
        When(clock_stopped=True, then=Value(STOPPED)),
        When(committed_due_on__lt=today, then=Value(Lamp.YELLOW.value)),
        When(warns_on__lte=today, then=Value(Lamp.WARNING.value)),
        default=Value(""),
        output_field=CharField(),
    )


def next_limit():
    """An expression that is the day on which a running clock of the task runs out first, NULL while all stand."""
    return Case(
        When(clock_stopped=False, then=F("committed_due_on")),
        When(statutory_stopped=False, then=F("statutory_due_on")),
    )
