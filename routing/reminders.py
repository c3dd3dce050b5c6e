"""What the applicant is told of the tasks: what happened, what to do, by when. See exchange.messages for its limits.

Handlers of the outbox: the facts are looked up when a worker comes to it, and what no longer holds is not told.
"""

from django.urls import reverse
from django.utils import timezone

from licensing.telling import tell_of
from licensing.wording import day_text
from routing.correcting import open_correction
from routing.deferring import owed
from routing.models import AfterCheck, ApprovalTask, CheckStatus, Deferral, TaskStatus


def remind_of_paper(task_id, application_id):
    """Tell of the task's paper that is due next, if one is still missing."""
    waiting = Deferral.objects.filter(task=task_id, task__status=TaskStatus.ACCEPTED, supplied_at=None)
    deferral = waiting.filter(reminded_at__isnull=False).select_related("task__application__filer", "material").first()
    if deferral is None:
        return
    application = deferral.task.application
    path = reverse("routing:supply", args=[application.public_id, deferral.material.code])
    text = f"有一份材料最晚 {day_text(deferral.due_on)} 要补交，到期没有补交的，这个事项会终止办理。"
    # The same paper waits at several offices; it is handed in once.
    key = f"application.{application_id}.paper.{deferral.material_id}.{deferral.due_on:%Y%m%d}"
    tell_of(application, key, "有一份材料要补交", text, path)


def tell_of_correction(task_id, application_id):
    """Tell of the task's correction notice, if it still waits for its answer."""
    task = _task(task_id)
    correction = open_correction(task)
    if correction is None:
        return
    until = correction.answer_due_on
    when = f"最晚 {day_text(until)} 要补正，逾期没有补正的，退回申请。" if until else "请尽快补正。"
    path = reverse("routing:correction", args=[task.public_id])
    tell_of(task.application, f"correction.{correction.pk}", "有内容需要补正", f"有内容需要补正。{when}", path)


def tell_of_acceptance(task_id, application_id):
    """One message for an application and day, however many offices accept; another for what must still be supplied."""
    task = _task(task_id)
    application, day = task.application, timezone.localdate(task.accepted_at)
    if len(application.chosen) == 1 and task.committed_due_on and not task.clock_stopped:
        text = f"已经受理，承诺最晚 {day_text(task.committed_due_on)} 办结。现在不用您做什么。"
    else:
        text = "有事项受理了。各事项最晚哪天办结，在办件里看。"
    tell_of(application, f"application.{application_id}.accepted.{day:%Y%m%d}", "申请已经受理", text)
    if dues := [one.due_on for one in owed(task)]:
        text = f"先受理了，还有材料要补交，最早的一份最晚 {day_text(min(dues))} 要交。"
        key = f"application.{application_id}.owed.{min(dues):%Y%m%d}"
        tell_of(application, key, "有材料要补交", text)


# What became of a task, in the words that fit each kind of item; {status: (key, subject, text)}.
_DONE = ("granted", "有事项办成了", "有事项办成了，决定和证照在办件里看。")
_GONE = ("withdrawn", "有事项已经撤回", "有事项已经撤回，不再办理。")
_FAILED = (
    "failed",
    "有事项没有办成",
    "有事项没有办成。理由，以及您可以怎么办、在什么期限以前办，写在文书里，请尽快看。",
)
_OUTCOMES = {TaskStatus.GRANTED: _DONE, TaskStatus.WITHDRAWN: _GONE}


def tell_of_decision(task_id, application_id):
    """What ends in the same minute, like all that a refusal ends or the applicant withdraws, is told once."""
    task = _task(task_id)
    outcome, subject, text = _OUTCOMES.get(task.status, _FAILED)
    key = f"application.{application_id}.{outcome}.{task.decided_at:%Y%m%d%H%M}"
    tell_of(task.application, key, subject, text)


def tell_of_rectification(check_id):
    """A promise was found false and is to be put right, unless it has been meanwhile."""
    check = AfterCheck.objects.select_related("task__application__filer").get(pk=check_id)
    if check.status != CheckStatus.RECTIFYING:
        return
    text = f"按承诺办成的事项，核查时发现与承诺不符。请最晚 {day_text(check.rectify_by)} 改好，不改的会撤销办理结果。"
    path = reverse("routing:documents", args=[check.task.application.public_id])
    tell_of(check.task.application, f"check.{check_id}.rectify", "核查发现问题，请整改", text, path)


def tell_of_hold(application, failed, until):
    """The rest stands still as the applicant chose. failed: codes of items; until: the day after which it goes on."""
    text = f"有事项没有办成，其余的先停下来等您决定。最晚 {day_text(until)} 请选继续还是撤回；不选的，到期后继续办理。"
    path = reverse("routing:hold", args=[application.public_id])
    key = f"application.{application.pk}.held.{len(failed)}.{until:%Y%m%d}"
    tell_of(application, key, "其余事项等您决定", text, path)


def _task(task_id):
    return ApprovalTask.objects.select_related("application__filer").get(pk=task_id)
