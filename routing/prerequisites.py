"""What the result of one item means for the others of its application (plan art. 7, guidance/catalogue/README.md)."""

from django.db import transaction
from django.utils import timezone

from exchange import outbox
from guidance import releases
from guidance.prerequisites import barriers, needed
from licensing import log
from licensing.models import Application, Status
from routing import calendar
from routing.models import OPEN, ApprovalTask, TaskStatus
from routing.receipt import RECEIVED_FIELDS, clock_detail, receive

FAILED = [TaskStatus.REFUSED, TaskStatus.TERMINATED]


def open_prerequisites(task):
    """The application's other tasks, not granted yet, that a grant of this one waits for."""
    siblings = {other.item_code: other for other in task.application.tasks.select_related("item")}
    items = releases.load(task.application.release_id).items
    codes = needed(items[task.item_code], {code: items[code] for code in siblings})
    return [siblings[code] for code in codes if siblings[code].status != TaskStatus.GRANTED]


def consequences(chosen, statuses):
    """Return ({code to terminate: code of the failed prerequisite}, [codes to receive]). Pure.

    statuses: {item code: TaskStatus}. A failure travels: what needs a terminated item is terminated too.
    """
    statuses, terminated = dict(statuses), {}
    while ended := _ended_by_a_failure(chosen, statuses):
        terminated |= ended
        statuses |= dict.fromkeys(ended, TaskStatus.TERMINATED)
    free = [
        code
        for code, status in statuses.items()
        if status == TaskStatus.WAITING
        and all(statuses[other] == TaskStatus.GRANTED for other in barriers(chosen[code], chosen))
    ]
    return terminated, free


def _ended_by_a_failure(chosen, statuses):
    ended = {}
    for code, status in statuses.items():
        failed = [other for other in needed(chosen[code], chosen) if statuses[other] in FAILED]
        if status in OPEN and failed:
            ended[code] = failed[0]
    return ended


@transaction.atomic
def release_dependents(application_id, task_id=None):
    """Receive what no longer waits and terminate what can no longer be granted; a second run changes nothing."""
    application = Application.objects.select_for_update(no_key=True).get(pk=application_id)
    if application.status != Status.IN_PROGRESS:
        return
    tasks = {task.item_code: task for task in application.tasks.select_related("item")}
    items = releases.load(application.release_id).items
    chosen = {code: items[code] for code in tasks}
    terminated, free = consequences(chosen, {code: task.status for code, task in tasks.items()})
    _terminate(application, {tasks[code]: tasks[failed] for code, failed in terminated.items()})
    _receive(application, [tasks[code] for code in free], tasks, chosen)


def _terminate(application, ended):
    """ended: {task: the failed prerequisite's task}."""
    if not ended:
        return
    entries = [_terminated(task, failed) for task, failed in ended.items()]
    for task, failed in ended.items():
        task.status, task.reason, task.decided_at = TaskStatus.TERMINATED, _reason(failed), timezone.now()
        outbox.emit("task.decided", task_id=task.pk, application_id=application.pk)
    ApprovalTask.objects.open().bulk_update(ended, ["status", "reason", "decided_at"])
    log.record_many(application, entries)


def _terminated(task, failed):
    return {
        "event": "task.terminated",
        "item_code": task.item_code,
        "from_status": task.status,
        "to_status": TaskStatus.TERMINATED,
        "detail": {"reason": _reason(failed)},
    }


def _reason(failed):
    return f"须先办成的“{failed.item.name}”没有办成，本事项随之终止办理。"


def _receive(application, free, tasks, chosen):
    if not free:
        return
    work_calendar = calendar.load()
    for task in free:
        item = chosen[task.item_code]
        # As of the moment the last barrier fell: a message that came late must not cost the applicant a day.
        receive(task, item, max(tasks[code].decided_at for code in barriers(item, chosen)), work_calendar)
    ApprovalTask.objects.filter(status=TaskStatus.WAITING).bulk_update(free, RECEIVED_FIELDS)
    log.record_many(application, [_received(task) for task in free])


def _received(task):
    return {
        "event": "task.received",
        "item_code": task.item_code,
        "from_status": TaskStatus.WAITING,
        "to_status": TaskStatus.RECEIVED,
        "detail": clock_detail(task),
    }
