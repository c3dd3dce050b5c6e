"""不对？: what the applicant says instead of a value that the portal knows."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from licensing import drafts
from licensing.disputes import UNCHANGING
from licensing.forms.dispute import DisputeForm
from licensing.plan import plan_for
from licensing.views.access import agreed_draft
from licensing.wording import shown, value_text


@require_http_methods(["GET", "HEAD", "POST"])
@agreed_draft
def dispute(request, draft, plan, code):
    wanted = next((one for one in plan.elements if one.code == code and plan.is_disputable(code)), None)
    if wanted is None:
        raise Http404
    if request.method == "POST" and "take_back" in request.POST:
        drafts.take_back(draft, code)
        messages.success(request, f"“{wanted.element.label}”还是按登记的来。")
        return redirect(_back(request, draft, plan, code))
    form = _form(request, draft, plan, wanted)
    behind = False
    if request.method == "POST" and form.is_valid() and code not in UNCHANGING:
        behind = not _kept(request, draft, code, form)
        if not behind:
            messages.success(request, f"“{wanted.element.label}”已改成您填的，部门会看到登记的和您的理由。")
            return redirect(_back(request, draft, plan, code))
    return _page(request, draft, plan, wanted, form, behind)


def _kept(request, draft, code, form):
    """Keep it, unless another tab was faster."""
    try:
        drafts.dispute(draft, code, **form.cleaned_data, seen=request.POST.get("seen", ""))
    except drafts.ChangedSinceSeen:
        draft.refresh_from_db()
        return False
    except drafts.NotDisputable:
        raise Http404 from None
    return True


def _form(request, draft, plan, wanted):
    said = plan.disputed.get(wanted.code)
    initial = {"value": said["value"], "reason": said["reason"]} if said else {"value": plan.known[wanted.code].value}
    asked = {"element": wanted.element, "known": plan.known[wanted.code], "premises": draft.premises}
    return DisputeForm(request.POST if request.method == "POST" else None, initial=initial, **asked)


def _page(request, draft, plan, wanted, form, behind):
    plan = plan_for(draft) if behind else plan
    known = plan.known.get(wanted.code)
    context = {
        "draft": draft,
        "form": form,
        "behind": behind,
        "row": shown(plan, wanted),
        "registered": known and value_text(wanted.element, known.value),
        "unchanging": wanted.code in UNCHANGING,
        "on_answers": plan.question_of(wanted.code) is not None,
        "seen": drafts.version_of(plan, wanted.code),
        "back": _back(request, draft, plan, wanted.code),
        "then": _then(request),
    }
    return render(request, "licensing/dispute.html", context)


def _then(request):
    return request.POST.get("then") or request.GET.get("then", "")


def _back(request, draft, plan, code):
    """The page of the form it was asked on, else the review."""
    if _then(request) in {step.slug for step in plan.form_steps}:
        return f"{reverse('licensing:form', args=[draft.public_id, _then(request)])}#known-{code}"
    return f"{reverse('licensing:review', args=[draft.public_id])}#known-{code}"
