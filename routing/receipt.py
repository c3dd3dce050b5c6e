"""Receiving a task (收件) and starting its clocks. Sets fields only; the caller saves and logs in one transaction."""

from django.utils import timezone

from routing.clock import WORKING_DAYS, due_on
from routing.models import TaskStatus

CLOCK_FIELDS = ["committed_due_on", "statutory_due_on", "due_is_provisional"]
RECEIVED_FIELDS = ["status", "received_at", *CLOCK_FIELDS]


def receive(task, item, at, calendar):
    """Receive the task as of `at`: when its papers were complete, not when a worker came to it.

    The committed limit runs from here; of the statutory one only what the law counts 自收到申请之日起.
    """
    task.status, task.received_at = TaskStatus.RECEIVED, at
    committed = due_on(timezone.localdate(at), item.committed_days, WORKING_DAYS, calendar)
    task.committed_due_on, task.due_is_provisional = committed.day, committed.provisional
    if item.statutory_from == "receipt":
        _start_statutory(task, item, at, calendar)


def accept(task, item, at, calendar):
    """Accept the task at `at`: the statutory limit runs from here unless it ran from receipt."""
    task.status, task.accepted_at = TaskStatus.ACCEPTED, at
    if item.statutory_from == "acceptance":
        _start_statutory(task, item, at, calendar)


def _start_statutory(task, item, at, calendar):
    if item.statutory_days is None:
        return
    statutory = due_on(timezone.localdate(at), item.statutory_days, item.statutory_unit, calendar)
    task.statutory_due_on = statutory.day
    task.due_is_provisional |= statutory.provisional


def clock_detail(task):
    """The due dates as a log row keeps them."""
    return {field: value if isinstance(value := getattr(task, field), bool) else _iso(value) for field in CLOCK_FIELDS}


def _iso(day):
    return day and day.isoformat()
