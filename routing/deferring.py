"""容缺受理 (plan art. 7): accepted without a secondary paper, supplied within its term, or ended."""

from django.db import transaction
from django.utils import timezone

from licensing import uploads
from routing import documents
from routing.clock import WORKING_DAYS, due_on, working_days_before
from routing.conditions import deferred_materials
from routing.counting import recount, recount_as_recorded, rules
from routing.models import ApprovalTask, ClockStop, Deferral, StopKind, TaskStatus
from routing.moves import RUNNING, Step, claim, lock, perform, perform_many
from routing.refusals import NotAllowed
from routing.stopping import end_stops

# The officer needs these working days after the paper has come.
LEFT_FOR_THE_OFFICER = 3


def begin(task, by):
    """Start the terms of the papers an accepted task still waits for; returns its Deferrals. by: counting.Rules.

    Each is due on the earlier of its own term from acceptance (the strictest of the chosen items, fixed when the
    promise was signed) and three working days before the statutory limit. The promised clock stands meanwhile.
    """
    materials = deferred_materials(task)
    if not materials:
        return []
    start = timezone.localdate(task.accepted_at)
    terms = task.application.snapshot["materials"]
    deferrals = Deferral.objects.bulk_create(
        [
            Deferral(task=task, material=material, due_on=_due_on(task, terms[material.code]["defer_days"], start, by))
            for material in materials
        ]
    )
    stop = ClockStop.objects.create(
        task=task, kind=StopKind.DEFERRAL, started_on=start, expected_on=max(one.due_on for one in deferrals)
    )
    recount(task, by, [stop])
    return deferrals


def _due_on(task, days, start, by):
    own = due_on(start, days, WORKING_DAYS, by.calendar).day
    if task.statutory_due_on is None:
        return own
    return max(start, min(own, working_days_before(task.statutory_due_on, LEFT_FOR_THE_OFFICER, by.calendar)))


@transaction.atomic
def supply(application, material, files, user):
    """Hand in a paper that was left for later, once for all tasks that wait for it; returns the stored files.

    Raises NotAllowed, also past the term of every task that waits; ValidationError for a file not taken.
    """
    lock(application.pk)
    now = application.materials.select_for_update().get(pk=material.pk)
    if now.how != "deferred" or now.supplied_at:
        raise NotAllowed("这份材料已经交齐，不用再补交。")
    tasks = [task for task in _waiting_for(application, now) if not _missed(task, now)]
    if not tasks:
        raise NotAllowed("补交期限已经过了，这件不能再补交；需要办理的，可以重新申请。")
    for task in tasks:
        claim(task, user, "supply")
    with uploads.stored(files, user) as added:
        now.files.add(*added)
    now.supplied_at = timezone.now()
    now.save(update_fields=["supplied_at"])
    Deferral.objects.filter(material=now, supplied_at=None, task__in=tasks).update(supplied_at=now.supplied_at)
    by, steps = rules(), []
    for task in tasks:
        if not task.deferrals.filter(supplied_at=None).exists():
            end_stops(task, [StopKind.DEFERRAL], timezone.localdate())
        recount_as_recorded(task, by)
        steps.append(Step(task, {"paper": now.name}))
    perform_many("supply", steps, user)
    return added


def _waiting_for(application, material):
    asking = [code for code, item in application.snapshot["items"].items() if material.code in item["materials"]]
    tasks = ApprovalTask.objects.filter(application=application, item_code__in=asking, status__in=RUNNING)
    return list(tasks.select_related("application", "item", "office").order_by("pk"))


def _missed(task, material):
    return task.deferrals.filter(material=material, due_on__lt=timezone.localdate()).exists()


def to_remind(before):
    """Deferrals not supplied, not reminded of, and due by that day."""
    return Deferral.objects.filter(
        supplied_at=None, reminded_at=None, due_on__lte=before, task__status=TaskStatus.ACCEPTED
    )


@transaction.atomic
def remind(deferral):
    """Log the reminder, once; a letter follows from the log row's event. Returns whether it was due."""
    lock(deferral.task.application_id)
    if not Deferral.objects.filter(pk=deferral.pk, reminded_at=None, supplied_at=None).update(
        reminded_at=timezone.now()
    ):
        return False
    task = claim(deferral.task, None, "remind")
    perform("remind", Step(task, {"paper": deferral.material.name, "due_on": deferral.due_on.isoformat()}))
    return True


def missed(today):
    """Tasks whose deferred paper was not supplied in its term."""
    late = Deferral.objects.filter(supplied_at=None, due_on__lt=today).values("task")
    return ApprovalTask.objects.open().filter(pk__in=late)


@transaction.atomic
def end_missed(task):
    """End a task whose paper did not come (plan art. 7), with a written notice. A second run changes nothing."""
    lock(task.application_id)
    late = task.deferrals.filter(supplied_at=None, due_on__lt=timezone.localdate()).select_related("material")
    names = [one.material.name for one in late]
    if not names or not ApprovalTask.objects.open().filter(pk=task.pk).exists():
        return
    task = claim(task, None, "terminate")
    end_stops(task, list(StopKind), timezone.localdate())
    task.reason = f"容缺受理的材料没有在期限内补齐：{'、'.join(names)}。"
    perform("terminate", Step(task, {"reason": task.reason}, documents.termination(task)))
