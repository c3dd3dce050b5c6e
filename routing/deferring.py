"""容缺受理 (plan art. 7): accepted without a secondary paper, supplied within its term, or ended."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from exchange import outbox
from licensing.files import quarantine
from licensing.models import SubmittedMaterial
from routing import documents
from routing.clock import WORKING_DAYS, due_on, working_days_before
from routing.conditions import deferred_materials
from routing.counting import LEFT_FOR_THE_OFFICER, recount_as_recorded, recount_many, rules
from routing.models import ApprovalTask, ClockStop, Deferral, StopKind, TaskStatus
from routing.moving import Step, claim, lock, perform, perform_many
from routing.refusals import NotAllowed
from routing.reissues import not_deemed_granted


def begin(task, by):
    """Start the terms of the papers an accepted task still waits for; returns its Deferrals. by: counting.Rules.

    Each is due on the earlier of its own term (the strictest of the chosen items, fixed when the
    promise was signed) and three working days before the statutory limit. The promised clock stands meanwhile.
    """
    materials = deferred_materials(task)
    if not materials:
        return []
    # From the day it is told, which is later than the acceptance where that came by silence.
    start = timezone.localdate()
    terms = task.application.snapshot["materials"]
    deferrals = Deferral.objects.bulk_create(
        [
            Deferral(task=task, material=material, due_on=_due_on(task, terms[material.code]["defer_days"], start, by))
            for material in materials
        ]
    )
    last = max(one.due_on for one in deferrals)
    ClockStop.objects.create(task=task, kind=StopKind.DEFERRAL, started_on=start, expected_on=last)
    recount_as_recorded(task, by)
    return deferrals


def _due_on(task, days, start, by):
    own = due_on(start, days, WORKING_DAYS, by.calendar).day
    if task.statutory_due_on is None:
        return own
    return max(start, min(own, working_days_before(task.statutory_due_on, LEFT_FOR_THE_OFFICER, by.calendar)))


def supply(application, material, files, user):
    """Hand in a paper that was left for later, once for all tasks that wait for it; returns the stored files.

    Raises NotAllowed, also past the term of every task that waits; ValidationError for a file not taken or not clean.
    """
    if not files:
        raise NotAllowed("请选择要补交的文件。")
    with quarantine.cleared(files, user) as added:
        lock(application.pk)
        now = application.materials.select_for_update().get(pk=material.pk)
        tasks = [claim(task, user, "supply") for task in _still_in_time(application, now)]
        now.files.add(*added)
        _record(now, tasks, user)
    return added


def owed(task):
    """The papers an accepted task still waits for, as Deferrals."""
    return task.deferrals.filter(supplied_at=None).select_related("material")


@transaction.atomic
def take(task, officer, deferral, remark):
    """Note that a paper was brought in person (some are to be shown at the survey); for this task alone.

    Another office that waits for the same paper has not seen it. Raises NotAllowed.
    """
    task = claim(task, officer, "take")
    if deferral.due_on < timezone.localdate():
        # Plan art. 7 ends it, though the sweeper has not come by yet: for the officer's hand as for the applicant's.
        raise NotAllowed("补交期限已经过了，不能再登记，这件将终止办理。")
    if deferral.task_id != task.pk or not owed(task).filter(pk=deferral.pk).update(supplied_at=timezone.now()):
        raise NotAllowed("这份材料已经交齐，不用再登记。")
    material = deferral.material
    seen = set(material.deferrals.exclude(supplied_at=None).values_list("task", flat=True))
    if all(other.pk in seen for other in waiting_for(task.application, material)):
        SubmittedMaterial.objects.filter(pk=material.pk).update(supplied_at=timezone.now())
    if not owed(task).exists():
        task.stops.filter(kind=StopKind.DEFERRAL, ended_on=None).update(ended_on=timezone.localdate())
    recount_as_recorded(task, rules())
    perform("take", Step(task, {"paper": material.name, "reason": remark}), officer)
    return task


def record_supply(application, material, user):
    """A deferred paper has come another way, in answer to a correction; the caller holds the lock."""
    tasks = waiting_for(application, material)
    if not why_not_supplied(application, material, tasks):
        _record(material, _still_in_time(application, material), user)


def _record(material, tasks, user):
    material.supplied_at = timezone.now()
    material.save(update_fields=["supplied_at"])
    Deferral.objects.filter(material=material, supplied_at=None, task__in=tasks).update(
        supplied_at=material.supplied_at
    )
    waiting = Deferral.objects.filter(task__in=tasks, supplied_at=None).values("task")
    complete = [task.pk for task in tasks if task.pk not in set(waiting.values_list("task", flat=True))]
    ClockStop.objects.filter(task__in=complete, kind=StopKind.DEFERRAL, ended_on=None).update(
        ended_on=timezone.localdate()
    )
    recount_many(tasks, rules())
    perform_many("supply", [Step(task, {"paper": material.name}) for task in tasks], user)


def waiting_for(application, material):
    """The application's open tasks whose item asks for that paper, those included that were not received yet."""
    asking = [code for code, item in application.snapshot["items"].items() if material.code in item["materials"]]
    tasks = ApprovalTask.objects.open().filter(application=application, item_code__in=asking)
    return list(tasks.select_related("application", "item", "office").order_by("pk"))


def why_not_supplied(application, material, tasks):
    """Return why the paper cannot be handed in now, a sentence, or "". tasks: waiting_for()."""
    if material.supplied_at or material.how != "deferred":
        return "这份材料已经交齐，不用再补交。"
    if not tasks:
        return "用到这份材料的事项已经办结，不用再补交。"
    if len(_missed(application, material)) >= len(tasks):
        return "补交期限已经过了，这件不能再补交；需要办理的，可以重新申请。"
    return ""


def terms_of(material, tasks):
    """Return {task: its last day for the paper, or None while the term has not begun} of waiting_for()'s tasks."""
    due = dict(Deferral.objects.filter(material=material, task__in=tasks).values_list("task_id", "due_on"))
    return {task: due.get(task.pk) for task in tasks}


def _still_in_time(application, material):
    tasks = waiting_for(application, material)
    if why := why_not_supplied(application, material, tasks):
        raise NotAllowed(why)
    missed = _missed(application, material)
    return [task for task in tasks if task.pk not in missed]


def _missed(application, material):
    """Ids of the open tasks whose term for this paper has run out."""
    late = Deferral.objects.filter(material=material, supplied_at=None, due_on__lt=timezone.localdate())
    return set(late.filter(task__in=application.tasks.open()).values_list("task_id", flat=True))


def to_remind(before):
    """Deferrals not supplied, not reminded of, and due by that day."""
    term = Q(due_on__gte=timezone.localdate(), due_on__lte=before)
    return Deferral.objects.filter(term, supplied_at=None, reminded_at=None, task__status=TaskStatus.ACCEPTED)


@transaction.atomic
def remind(deferral):
    """Log the reminder, once; a letter follows from the event. Returns whether it was due."""
    lock(deferral.task.application_id)
    if not Deferral.objects.filter(pk=deferral.pk, reminded_at=None, supplied_at=None).update(
        reminded_at=timezone.now()
    ):
        return False
    task = claim(deferral.task, None, "remind")
    perform("remind", Step(task, {"paper": deferral.material.name, "due_on": deferral.due_on.isoformat()}))
    outbox.emit("task.reminded", task_id=task.pk, application_id=task.application_id)
    return True


def missed(today):
    """Tasks whose deferred paper was not supplied in its term."""
    late = Deferral.objects.filter(supplied_at=None, due_on__lt=today).values("task")
    return ApprovalTask.objects.open().filter(pk__in=late)


@transaction.atomic
def end_missed(task):
    """End a task whose paper did not come (plan art. 7), with a written notice. A second run changes nothing.

    A renewal that the law deems granted can only be granted; the officer takes the paper whenever it comes.
    """
    lock(task.application_id)
    late = task.deferrals.filter(supplied_at=None, due_on__lt=timezone.localdate()).select_related("material")
    names = [one.material.name for one in late]
    if not names or not ApprovalTask.objects.open().filter(pk=task.pk).exists() or not_deemed_granted(task):
        return
    task = claim(task, None, "terminate")
    task.reason = f"容缺受理的材料没有在期限内补齐：{'、'.join(names)}。"
    perform("terminate", Step(task, {"reason": task.reason}, documents.termination(task)))
