"""What the result of one item means for the others of its application (plan art. 7, guidance/catalogue/README.md)."""

from django.db import transaction
from django.utils import timezone

from guidance import releases
from guidance.prerequisites import barriers, needed
from licensing.models import Application, Status
from routing import documents, withdrawing
from routing.conditions import open_prerequisites
from routing.counting import recount_as_recorded, rules
from routing.models import FAILED, OPEN, ApprovalTask, ClockStop, Correction, StopKind, TaskStatus
from routing.moves import Step, perform_many
from routing.splitting import receive


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
    """Receive what no longer waits, end what can no longer be granted, and do with the rest as the applicant chose.

    A second run changes nothing.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=application_id)
    if application.status != Status.IN_PROGRESS:
        return
    tasks = {task.item_code: task for task in application.tasks.select_related("application", "item", "office")}
    items = releases.load(application.release_id).items
    chosen = {code: items[code] for code in tasks}
    terminated, free = consequences(chosen, {code: task.status for code, task in tasks.items()})
    _terminate({tasks[code]: tasks[failed] for code, failed in terminated.items()})
    _receive([tasks[code] for code in free], tasks, chosen)
    _end_waiting(application)
    withdrawing.apply_choice(application, [task for task in tasks.values() if task.status in FAILED])


def _terminate(ended):
    """ended: {task: the failed prerequisite's task}."""
    if not ended:
        return
    for task, failed in ended.items():
        task.reason = f"须先办成的“{failed.item.name}”没有办成，本事项随之终止办理。"
    today = timezone.localdate()
    ClockStop.objects.filter(task__in=ended, ended_on=None).update(ended_on=today)
    Correction.objects.filter(task__in=ended, answered_at=None, closed_at=None).update(closed_at=timezone.now())
    perform_many("terminate", [Step(task, {"reason": task.reason}, documents.termination(task)) for task in ended])


def _receive(free, tasks, chosen):
    if not free:
        return
    by = rules()
    for task in free:
        # As of the moment the last barrier fell: a message that came late must not cost the applicant a day.
        fell = max(tasks[code].decided_at for code in barriers(chosen[task.item_code], chosen))
        receive(task, fell, by)
        task.status = TaskStatus.WAITING
    perform_many("receive", [Step(task) for task in free])


def _end_waiting(application):
    """The promised clocks that stood for another item's result run again once it is there."""
    waiting = ClockStop.objects.filter(kind=StopKind.WAITING, ended_on=None, task__application=application)
    tasks = ApprovalTask.objects.open().filter(pk__in=waiting.values("task")).select_related("application", "item")
    released = [task for task in tasks if not open_prerequisites(task)]
    if not released:
        return
    by = rules()
    waiting.filter(task__in=released).update(ended_on=timezone.localdate())
    for task in released:
        recount_as_recorded(task, by)
    perform_many("resume", [Step(task, {"kind": StopKind.WAITING}) for task in released])
