"""The applicant's own ends: withdrawal at any open time (撤回申请), and the rest on a partial refusal."""

from django.db import transaction
from django.utils import timezone

from licensing.models import Application, OnRefusal, Status
from routing import documents
from routing.clock import WORKING_DAYS, due_on
from routing.counting import recount_as_recorded, rules
from routing.models import FAILED, OPEN, ApprovalTask, ClockStop, Correction, StopKind, TaskStatus
from routing.moves import Step, claim, lock, perform_many
from routing.refusals import NotAllowed
from routing.splitting import split_application
from routing.stopping import end_stops


@transaction.atomic
def withdraw(application, user, codes=None):
    """Withdraw these items of a submitted application, all open ones unless told; returns their tasks.

    Raises NotAllowed when nothing is open, or a named item is decided already: what was granted stays granted.
    """
    if not Application.objects.for_applicant(user).filter(pk=application.pk).exists():
        raise NotAllowed("您现在不能代表这个主体撤回申请。")
    # A withdrawal in the second before the split: there are tasks to withdraw first.
    split_application(application.pk)
    lock(application.pk)
    tasks = {task.item_code: task for task in _tasks(application)}
    wanted = list(codes) if codes is not None else [code for code, task in tasks.items() if task.status in OPEN]
    if unknown := [code for code in wanted if code not in tasks]:
        raise NotAllowed(f"这次申请没有这些事项：{'、'.join(unknown)}。")
    if not wanted:
        raise NotAllowed("这次申请的事项都已经办结，没有可以撤回的。")
    claimed = [claim(tasks[code], user, "withdraw") for code in wanted]
    _end(claimed, "withdraw", user)
    return claimed


def apply_choice(application, failed):
    """After an item was not granted: hold or withdraw the rest as the applicant chose. Caller holds the lock.

    failed: the tasks that ended without a grant. Does nothing twice: a hold is for the failures it has not seen yet.
    """
    if application.on_refusal == OnRefusal.GO_ON or not failed:
        return
    rest = [task for task in _tasks(application) if task.status in OPEN]
    if not rest:
        return
    if application.on_refusal == OnRefusal.WITHDRAW:
        _end(rest, "withdraw_rest", None)
        return
    if unseen := _not_held_for(application, failed):
        _hold(rest, unseen)


def _hold(rest, failed):
    by, today = rules(), timezone.localdate()
    until = due_on(today, by.terms["hold_days"] or 0, WORKING_DAYS, by.calendar).day
    running = [task for task in rest if task.status != TaskStatus.WAITING]
    ClockStop.objects.bulk_create(
        [ClockStop(task=task, kind=StopKind.HOLD, started_on=today, expected_on=until) for task in running],
        ignore_conflicts=True,
    )
    for task in running:
        recount_as_recorded(task, by)
    codes = [task.item_code for task in failed]
    perform_many("hold", [Step(task, {"because": codes, "until": until.isoformat()}) for task in rest])


def _not_held_for(application, failed):
    held = application.log.filter(event="task.held").values_list("detail__because", flat=True)
    seen = {code for codes in held for code in codes}
    return [task for task in failed if task.item_code not in seen and task.status != TaskStatus.WITHDRAWN]


@transaction.atomic
def go_on(application, user):
    """End the hold: the rest is worked on again. Raises NotAllowed when nothing is held."""
    lock(application.pk)
    held = held_tasks(application)
    if not held:
        raise NotAllowed("现在没有暂停的事项。")
    _resume([claim(task, user, "go_on") for task in held], user)


def held_tasks(application):
    """The application's open tasks that stand still until the applicant decides."""
    holds = ClockStop.objects.filter(kind=StopKind.HOLD, ended_on=None, task__application=application)
    return list(ApprovalTask.objects.open().filter(pk__in=holds.values("task")).select_related("application", "item"))


def holds_over(today):
    """Ids of applications whose hold has lasted its term: they go on."""
    over = ClockStop.objects.filter(kind=StopKind.HOLD, ended_on=None, expected_on__lt=today)
    return over.values_list("task__application_id", flat=True).distinct()


@transaction.atomic
def end_hold(application_id):
    """Go on after the term of a hold. A second run changes nothing."""
    lock(application_id)
    application = Application.objects.get(pk=application_id)
    today = timezone.localdate()
    over = [task for task in held_tasks(application) if _hold_is_over(task, today)]
    if over:
        _resume(over, None)


def _hold_is_over(task, today):
    return task.stops.filter(kind=StopKind.HOLD, ended_on=None, expected_on__lt=today).exists()


def _resume(tasks, user):
    by, today = rules(), timezone.localdate()
    for task in tasks:
        end_stops(task, [StopKind.HOLD], today)
        recount_as_recorded(task, by)
    perform_many("go_on", [Step(task) for task in tasks], user)


def _tasks(application):
    return list(application.tasks.select_related("application__enterprise", "item", "office").order_by("pk"))


def _end(tasks, move, user):
    Correction.objects.filter(task__in=tasks, answered_at=None, closed_at=None).update(closed_at=timezone.now())
    ClockStop.objects.filter(task__in=tasks, ended_on=None).update(ended_on=timezone.localdate())
    perform_many(move, [Step(task, document=documents.withdrawal(task)) for task in tasks], user)


def failed_tasks(application):
    return [task for task in _tasks(application) if task.status in FAILED]


def is_withdrawable(application):
    """Whether anything of it can still be withdrawn."""
    return application.status in (Status.SUBMITTED, Status.IN_PROGRESS)
