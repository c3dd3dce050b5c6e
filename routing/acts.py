"""What each button of the desk asks for and does: one form, one call of the module whose rule it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone

from guidance import releases
from guidance.schema import LICENCE
from licensing.wording import day_text, value_text
from routing import assigning, checking, correcting, decisions, deferring, extending, proposing, reissues, stopping
from routing.asking import CorrectionForm, Target
from routing.correctable import correctable
from routing.forms import (
    ApprovalForm,
    DeclineForm,
    GrantForm,
    ReassignForm,
    RefusalForm,
    ResumeForm,
    StopForm,
    TakeForm,
    suggested_face,
)
from routing.models import About, TaskStatus
from routing.values import current_values
from routing.wording import HOW


@dataclass(frozen=True)
class Act:
    """move: the one of routing.moves behind it. form(task, data) → its form; do(task, user, form) makes the move.

    look: how the button looks, primary (the way on), secondary or danger (an end against the applicant).
    """

    move: str
    form: Callable
    do: Callable
    look: str = "secondary"


def _nothing(task, data=None):
    return forms.Form(data)


def _reason(task, data=None):
    return RefusalForm(data)


def _remark(task, data=None):
    form = RefusalForm(data)
    form.fields["reason"].label, form.fields["reason"].help_text = "意见", "只有本机关看到。"
    return form


def _seen(task, data=None):
    return ApprovalForm(data, initial={"proposal": proposing.open_proposal(task).pk})


def _right_authority(task, data=None):
    return DeclineForm(data)


def _face(task, data=None):
    item = task.as_catalogued
    suggested = suggested_face(item, current_values(task.application)) | reissues.suggested_face(task)
    return GrantForm(item, data, initial=suggested)


def _stop(task, data=None):
    return StopForm(data, kinds=stopping.kinds_for(task), earliest=timezone.localdate(task.accepted_at))


def _resume(task, data=None):
    running = next(stop for stop in task.stops.all() if stop.ended_on is None and stop.kind in stopping.BY_OFFICERS)
    return ResumeForm(data, started_on=running.started_on)


def _taken(task, data=None):
    return TakeForm(data, owed=deferring.owed(task))


def _points(task, data=None):
    return CorrectionForm(data, task=task, targets=_targets(task))


def _targets(task):
    application = task.application
    elements, values = releases.load(application.release_id).elements, current_values(application)
    asked = (elements[code] for code in correctable(task))
    papers = application.snapshot["materials"]
    return [
        Target(
            About.ELEMENT,
            each.code,
            each.label,
            value_text(each, values.get(each.code), hide=True) or "没有填写",
            each.group,
        )
        for each in asked
    ] + [
        Target(About.MATERIAL, code, papers[code]["name"], HOW[papers[code]["how"]], "材料")
        for code in application.snapshot["items"][task.item_code]["materials"]
    ]


def _colleague(task, data=None):
    return ReassignForm(data, officers=officers_of(task.office).exclude(pk=task.assignee_id))


def officers_of(office):
    """Everybody who may be put in charge of a task of the office."""
    return get_user_model().objects.filter(posts__office=office, is_active=True).order_by("name", "pk")


def _given_reason(form):
    return form.cleaned_data["reason"]


def _propose(outcome):
    def propose(task, user, form):
        face, reason = (form.face, "") if outcome == TaskStatus.GRANTED else (None, _given_reason(form))
        return proposing.propose(task, user, outcome, face=face, reason=reason)

    return propose


# In the order of the buttons.
ACTS = {
    "accept": Act("accept", _nothing, lambda task, user, form: decisions.accept(task, user), "primary"),
    "ask_correction": Act("ask_correction", _points, lambda task, user, form: correcting.ask(task, user, form.points)),
    "decline": Act(
        "decline", _right_authority, lambda task, user, form: decisions.decline(task, user, form.cleaned_data), "danger"
    ),
    "grant": Act("grant", _face, lambda task, user, form: decisions.grant(task, user, form.face), "primary"),
    "refuse": Act(
        "refuse", _reason, lambda task, user, form: decisions.refuse(task, user, _given_reason(form)), "danger"
    ),
    "propose_grant": Act("propose", _face, _propose(TaskStatus.GRANTED), "primary"),
    "propose_refuse": Act("propose", _reason, _propose(TaskStatus.REFUSED), "danger"),
    "approve": Act(
        "send_back",
        _seen,
        lambda task, user, form: proposing.approve(task, user, form.cleaned_data["proposal"]),
        "primary",
    ),
    "send_back": Act(
        "send_back", _remark, lambda task, user, form: proposing.send_back(task, user, _given_reason(form))
    ),
    "stop": Act("stop", _stop, lambda task, user, form: stopping.stop(task, user, form.cleaned_data)),
    "resume": Act(
        "resume", _resume, lambda task, user, form: stopping.resume(task, user, form.cleaned_data), "primary"
    ),
    "take": Act("take", _taken, lambda task, user, form: deferring.take(task, user, **form.cleaned_data), "primary"),
    "extend": Act("extend", _reason, lambda task, user, form: extending.extend(task, user, _given_reason(form))),
    "close_correction": Act(
        "close_correction", _nothing, lambda task, user, form: correcting.close(task, user), "danger"
    ),
    "end_false_promise": Act(
        "end_false_promise",
        _reason,
        lambda task, user, form: checking.end_false_promise(task, user, _given_reason(form)),
        "danger",
    ),
    "reassign": Act(
        "reassign",
        _colleague,
        lambda task, user, form: assigning.reassign(task, user, form.cleaned_data["officer"]),
    ),
}


def done(name, task):
    """The sentence after the act; task: as it is now."""
    if name == "accept":
        return _accepted(task)
    if name in ("grant", "refuse", "approve"):
        return f"已决定：{task.status_text}。"
    return DONE[name]


def _accepted(task):
    word = "已容缺受理" if task.clock_stopped else "已受理" if task.as_catalogued.kind == LICENCE else "已收下材料"
    day = f"，承诺 {day_text(task.committed_due_on)} 前办结" if task.committed_due_on else ""
    return f"{word}{day}。"


DONE = {
    "ask_correction": "已一次性告知申请人。",
    "decline": "已作出决定，决定书已发给申请人。",
    "propose_grant": "已提出，等第二人复核。",
    "propose_refuse": "已提出，等第二人复核。",
    "send_back": "已退回，可以重新提出决定。",
    "stop": "已停钟。",
    "resume": "已恢复计时，到期日已经重新计算。",
    "take": "已登记收到的材料。",
    "extend": "已延长，到期日已经重新计算。",
    "close_correction": "已退回申请。",
    "end_false_promise": "已终止办理。",
    "reassign": "已改派。",
}
