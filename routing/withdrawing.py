"""The applicant's own ends: withdrawal at any open time (撤回申请), and the rest on a partial refusal."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from guidance.prerequisites import needed
from licensing.models import Application, LogEntry, OnRefusal
from licensing.submission import may_sign
from routing import documents
from routing.clock import WORKING_DAYS, due_on, working_days_before
from routing.counting import LEFT_FOR_THE_OFFICER, recount_many, rules
from routing.models import FAILED, OPEN, ApprovalTask, ClockStop, StopKind, TaskStatus
from routing.moving import Step, claim, lock, perform_many
from routing.refusals import NotAllowed
from routing.reminders import tell_of_hold
from routing.splitting import NoOffice, split_application


@transaction.atomic
def withdraw(application, user, codes=None):
    """Withdraw these items of a submitted application, all open ones unless told; returns their tasks.

    Raises NotAllowed when nothing is open, or a named item is decided already: what was granted stays granted.
    """
    if not Application.objects.for_applicant(user).filter(pk=application.pk).exists():
        raise NotAllowed("您现在不能代表这个主体撤回申请。")
    check_right(application, user)
    _split_first(application)
    lock(application.pk)
    tasks = {task.item_code: task for task in _tasks(application)}
    wanted = codes if codes is not None else [code for code, task in tasks.items() if task.status in OPEN]
    if unknown := [code for code in wanted if code not in tasks]:
        raise NotAllowed(f"这次申请没有这些事项：{'、'.join(map(str, unknown))}。")
    if not wanted:
        raise NotAllowed("没有可以撤回的事项。")
    claimed = [claim(tasks[code], user, "withdraw") for code in dict.fromkeys(wanted)]
    _end(claimed, "withdraw", user)
    return claimed


def check_right(application, user):
    """Ending or deciding weighs as much as signing: an agent who only prepares papers may not. Raises NotAllowed."""
    if not may_sign(user, application):
        raise NotAllowed("您的授权只包括填写、准备和补正材料，请法定代表人（负责人）或者有提交权限的经办人来决定。")


def _split_first(application):
    """A withdrawal may come in the second before the split: there are tasks to withdraw first."""
    try:
        split_application(application.pk)
    except NoOffice:
        raise NotAllowed("申请正在分送各部门，现在还不能撤回，请稍后再试。") from None


def apply_choice(application, tasks, chosen):
    """After an item was not granted: hold or withdraw the rest as the applicant chose. Caller holds the lock.

    tasks: all of the application. A second run changes nothing: a hold is for the failures it has not seen yet.
    """
    statuses = {task.item_code: task.status for task in tasks}
    failed = failures(chosen, statuses)
    rest = [task for task in tasks if task.status in OPEN]
    if application.on_refusal == OnRefusal.GO_ON or not failed or not rest:
        return
    if application.on_refusal == OnRefusal.WITHDRAW:
        _end(rest, "withdraw_rest", None)
    elif unseen := [code for code in failed if code not in held_for([application.pk])[application.pk]]:
        _hold(application, rest, unseen)


def failures(chosen, statuses):
    """Codes of items that failed by themselves, not withdrawn by the applicant or ended with another one. Pure."""
    failed = {code for code, status in statuses.items() if status in FAILED}
    return [
        code
        for code in statuses
        if code in failed - _ended_with_another(chosen, statuses, failed) and statuses[code] != TaskStatus.WITHDRAWN
    ]


def _ended_with_another(chosen, statuses, failed):
    terminated = [code for code in failed if statuses[code] == TaskStatus.TERMINATED]
    return {code for code in terminated if failed.intersection(needed(chosen[code], chosen))}


def held_for(application_ids):
    """Return {application id: codes of the failures that the rest was held for already}; one query."""
    seen = {application_id: set() for application_id in application_ids}
    held = LogEntry.objects.filter(application__in=seen, event="task.held")
    for application_id, codes in held.values_list("application", "detail__because"):
        seen[application_id].update(codes)
    return seen


def _hold(application, rest, failed):
    by, today = rules(), timezone.localdate()
    # Behind a barrier no clock runs that could stand; its barrier is held, so it cannot fall meanwhile.
    running = [task for task in rest if task.status != TaskStatus.WAITING]
    until = _hold_until(running, today, by)
    ClockStop.objects.bulk_create(
        [ClockStop(task=task, kind=StopKind.HOLD, started_on=today) for task in running], ignore_conflicts=True
    )
    ClockStop.objects.filter(task__in=running, kind=StopKind.HOLD, ended_on=None).update(expected_on=until)
    recount_many(running, by)
    perform_many("hold", [Step(task, {"because": failed, "until": until.isoformat()}) for task in rest])
    tell_of_hold(application, failed, until)


def _hold_until(tasks, today, by):
    """The city's term, but never past the day from which an office must decide: its statutory clock runs on."""
    own = due_on(today, by.terms["hold_days"] or 0, WORKING_DAYS, by.calendar).day
    limits = [task.statutory_due_on for task in tasks if task.statutory_due_on]
    return max(today, min([own, *(working_days_before(day, LEFT_FOR_THE_OFFICER, by.calendar) for day in limits)]))


@transaction.atomic
def go_on(application, user):
    """End the hold: the rest is worked on again. Raises NotAllowed when nothing is held."""
    if not Application.objects.for_applicant(user).filter(pk=application.pk).exists():
        raise NotAllowed("您现在不能代表这个主体办理。")
    check_right(application, user)
    lock(application.pk)
    held = held_tasks(application)
    if not held:
        raise NotAllowed("现在没有暂停的事项。")
    _resume([claim(task, user, "go_on") for task in held], user)


def held_tasks(application):
    """The application's open tasks that stand still until the applicant decides."""
    holds = ClockStop.objects.filter(kind=StopKind.HOLD, ended_on=None, task__application=application)
    return list(ApprovalTask.objects.open().filter(pk__in=holds.values("task")).select_related("application", "item"))


def held_until(application):
    """The last day of the hold, after which the rest goes on by itself; None when nothing is held."""
    holds = ClockStop.objects.filter(kind=StopKind.HOLD, ended_on=None, task__application=application)
    return holds.aggregate(last=Max("expected_on"))["last"]


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
    ClockStop.objects.filter(task__in=tasks, kind=StopKind.HOLD, ended_on=None).update(ended_on=timezone.localdate())
    recount_many(tasks, rules())
    perform_many("go_on" if user else "end_hold", [Step(task) for task in tasks], user)


def _tasks(application):
    return list(application.tasks.select_related("application__enterprise", "item", "office").order_by("pk"))


def _end(tasks, move, user):
    perform_many(move, [Step(task, document=documents.withdrawal(task)) for task in tasks], user)
