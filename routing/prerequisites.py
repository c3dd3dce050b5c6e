"""What the result of one item means for the others of its application (plan art. 7, guidance/catalogue/README.md)."""

from django.db import transaction
from django.utils import timezone

from guidance import releases
from guidance.prerequisites import barriers, needed
from licensing.models import Application, Status
from routing import documents, withdrawing
from routing.counting import recount_many, rules
from routing.models import FAILED, OPEN, ClockStop, StopKind, TaskStatus
from routing.moving import Step, perform_many
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
    # Each task knows its application already: joined, the snapshot would be read once for every task.
    tasks = {task.item_code: task for task in application.tasks.select_related("item", "office")}
    items = releases.load(application.release_id).items
    chosen = {code: items[code] for code in tasks}
    terminated, free = consequences(chosen, {code: task.status for code, task in tasks.items()})
    _terminate({tasks[code]: tasks[failed] for code, failed in terminated.items()})
    _receive([tasks[code] for code in free], tasks, chosen)
    _end_waiting(tasks, chosen)
    withdrawing.apply_choice(application, list(tasks.values()), chosen)


def _terminate(ended):
    """ended: {task: the failed prerequisite's task}."""
    if not ended:
        return
    for task, failed in ended.items():
        task.reason = f"须先办成的“{failed.item.name}”没有办成，本事项随之终止办理。"
    perform_many("terminate", [Step(task, {"reason": task.reason}, documents.termination(task)) for task in ended])


def _receive(free, tasks, chosen):
    if not free:
        return
    by = rules()
    for task in free:
        # As of the moment the last barrier fell: a message that came late must not cost the applicant a day.
        fell = max(tasks[code].decided_at for code in barriers(chosen[task.item_code], chosen))
        receive(task, fell, by)
    perform_many("receive", [Step(task) for task in free])


def _end_waiting(tasks, chosen):
    """The promised clocks that stood for another item's result run again once it is there."""
    statuses = {code: task.status for code, task in tasks.items()}
    waiting = ClockStop.objects.filter(kind=StopKind.WAITING, ended_on=None, task__in=tasks.values())
    stopped = set(waiting.values_list("task", flat=True))
    released = [task for code, task in tasks.items() if task.pk in stopped and waits_no_more(code, chosen, statuses)]
    if released:
        today = timezone.localdate()
        waiting.filter(task__in=released).update(ended_on=today)
        recount_many(released, rules())
        detail = {"kind": StopKind.WAITING, "ended_on": today.isoformat()}
        perform_many("resume", [Step(task, detail) for task in released])


def waits_no_more(code, chosen, statuses):
    return all(statuses[other] == TaskStatus.GRANTED for other in needed(chosen[code], chosen))
