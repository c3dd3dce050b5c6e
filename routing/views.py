"""The officers' pages: the queue, and one page per task. Every task is looked for among the user's own offices'."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from routing import decisions, refusals
from routing.dossier import dossier_of
from routing.forms import GrantForm, QueueForm, RefusalForm, suggested_face
from routing.models import ApprovalTask, TaskStatus
from routing.queue import STATES, queue_for

PER_PAGE = 30


@require_safe
def queue(request):
    form = QueueForm(request.GET)
    tasks = queue_for(request.user, form.chosen, form.text)
    page = Paginator(tasks, PER_PAGE).get_page(request.GET.get("page"))
    states = [(code, label) for code, (label, _) in STATES.items()]
    return render(request, "routing/queue.html", {"form": form, "page": page, "states": states})


@require_safe
def task(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def accept(request, public_id):
    found = _find(request, public_id)
    try:
        accepted = decisions.accept(found, request.user)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        day = accepted.committed_due_on
        messages.success(request, f"已受理，承诺 {day.month}月{day.day}日 前办结。")
    return redirect("admin:routing_approvaltask_change", public_id)


@require_POST
def grant(request, public_id):
    found = _find(request, public_id)
    form = _grant_form(found, request.POST)
    return _decide(request, found, form, "granting", lambda: decisions.grant(found, request.user, form.face))


@require_POST
def refuse(request, public_id):
    found = _find(request, public_id)
    form = RefusalForm(request.POST)
    return _decide(
        request, found, form, "refusing", lambda: decisions.refuse(found, request.user, form.cleaned_data["reason"])
    )


def _decide(request, task, form, name, decision):
    """Take the decision and go back to the task; a form that is wrong is shown again with what was typed."""
    try:
        if form.is_valid():
            messages.success(request, f"已决定：{decision().status_text}。")
            return redirect("admin:routing_approvaltask_change", task.public_id)
    except refusals.InvalidInput as wrong:
        for field, sentences in wrong.errors.items():
            form.add_error(field, sentences)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("admin:routing_approvaltask_change", task.public_id)
    return _page(request, task, **{name: form})


def _find(request, public_id):
    own = ApprovalTask.objects.for_officer(request.user)
    related = ("item", "office", "decided_by", "application__enterprise", "application__premises__division")
    return get_object_or_404(own.select_related(*related), public_id=public_id)


def _page(request, task, **forms):
    context = dossier_of(task)
    if task.status == TaskStatus.ACCEPTED:
        context |= {"granting": _grant_form(task), "refusing": RefusalForm()}
    return render(request, "routing/task.html", context | forms)


def _grant_form(task, data=None):
    item = task.as_catalogued
    return GrantForm(item, data, initial=suggested_face(item, task.application.snapshot["values"]))
