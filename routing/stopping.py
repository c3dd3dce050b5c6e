"""Stopping a task's clocks: special procedures (Licensing Law art. 45), surveys, waiting for another item's grant."""

from django.db import transaction
from django.utils import timezone

from guidance.schema import LICENCE
from licensing.wording import day_text
from routing import conditions, documents
from routing.counting import recount_as_recorded, rules
from routing.forms import ResumeForm, StopForm
from routing.models import STATUTORY_STOPS, ClockStop, StopKind
from routing.moving import Step, claim, perform
from routing.refusals import InvalidInput, NotAllowed, cleaned

# What an officer may stop the clocks for; the others come and go with what they are about.
BY_OFFICERS = [
    StopKind.HEARING,
    StopKind.INSPECTION,
    StopKind.EXPERT_REVIEW,
    StopKind.BIDDING,
    StopKind.SURVEY,
    StopKind.WAITING,
]


def kinds_for(task):
    """Return the StopKinds an officer may choose for this task: a hearing is a licence's, a survey its item's."""
    item = task.as_catalogued
    kinds = [kind for kind in BY_OFFICERS if kind != StopKind.SURVEY or item.site_survey]
    if item.kind != LICENCE:
        kinds = [kind for kind in kinds if kind in (StopKind.SURVEY, StopKind.INSPECTION, StopKind.WAITING)]
    return kinds if conditions.open_prerequisites(task) else [kind for kind in kinds if kind != StopKind.WAITING]


@transaction.atomic
def stop(task, officer, data):
    """Stop the clocks from a day on, both for art. 45; data: StopForm's. Raises NotAllowed, InvalidInput."""
    task = claim(task, officer, "stop")
    form = cleaned(StopForm(data, kinds=kinds_for(task), earliest=timezone.localdate(task.accepted_at)))
    _refuse_overlap(task, form.cleaned_data["started_on"])
    _refuse_too_late(task, form.cleaned_data["kind"], form.cleaned_data["started_on"])
    new = ClockStop.objects.create(task=task, opened_by=officer, **form.cleaned_data)
    recount_as_recorded(task, rules())
    document = None if new.kind == StopKind.WAITING else documents.special_procedure(task, new)
    perform("stop", Step(task, {"kind": new.kind, "started_on": new.started_on.isoformat()}, document), officer)
    return task


@transaction.atomic
def resume(task, officer, data):
    """End the officer's open stop on a day, with its result; data: ResumeForm's. Raises NotAllowed, InvalidInput."""
    task = claim(task, officer, "resume")
    running = task.stops.filter(ended_on=None, kind__in=BY_OFFICERS).first()
    if running is None:
        raise NotAllowed("现在的停钟不由审批人员结束：它随容缺材料或者申请人的决定结束。")
    form = cleaned(ResumeForm(data, started_on=running.started_on))
    running.ended_on, running.result = form.cleaned_data["ended_on"], form.cleaned_data["result"]
    running.closed_by = officer
    running.save(update_fields=["ended_on", "result", "closed_by"])
    recount_as_recorded(task, rules())
    perform("resume", Step(task, {"kind": running.kind, "ended_on": running.ended_on.isoformat()}), officer)
    return task


def _refuse_too_late(task, kind, started_on):
    """What has run out is overdue: art. 45 wants the applicant told before, and no later entry takes that back."""
    limits = [("承诺期限", task.committed_due_on, task.clock_stopped)]
    if kind in STATUTORY_STOPS:
        limits.append(("法定期限", task.statutory_due_on, task.statutory_stopped))
    for name, due, stopped in limits:
        if due and started_on <= due < timezone.localdate() and not stopped:
            raise InvalidInput(
                {"started_on": [f"{name} {due} 已经过了，不能补记那天或者更早开始的停钟；开始日期请填 {due} 以后的。"]}
            )


def _refuse_overlap(task, started_on):
    for other in task.stops.filter(kind__in=BY_OFFICERS):
        if other.ended_on is None:
            raise NotAllowed(f"“{other.get_kind_display()}”还没有结束，不能再停一次；请先恢复计时。")
        if started_on <= other.ended_on:
            raise NotAllowed(
                f"和{day_text(other.started_on)}至{day_text(other.ended_on)}的“{other.get_kind_display()}”重叠，请改开始日期。"
            )
