"""The clerks' pages: comparing added enterprises with the pictures of their licences."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from licensing import enterprises
from licensing.forms.confirmation import ConfirmationForm, MergeForm, RejectionForm
from licensing.forms.keyboard import ready_to_type
from licensing.models import Enterprise

PER_PAGE = 20


@login_required
@require_safe
def confirmations(request):
    _require_clerk(request.user)
    waiting = Enterprise.objects.for_clerk(request.user).select_related("added_by").order_by("added_at", "pk")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "licensing/confirmations.html", {"page": page})


@login_required
def confirmation(request, public_id):
    _require_clerk(request.user)
    waiting = Enterprise.objects.for_clerk(request.user).select_related("added_by", "licence_picture")
    enterprise = waiting.filter(public_id=public_id).first()
    if enterprise is None:
        return _gone(request)
    into = enterprises.existing(enterprise)
    rejecting = request.POST.get("action") == "reject"
    data = request.POST or None
    confirming = (
        MergeForm(None if rejecting else data) if into else ConfirmationForm(None if rejecting else data, enterprise)
    )
    rejection = RejectionForm(data if rejecting else None)
    if rejecting and rejection.is_valid():
        return _answer(request, enterprises.reject, enterprise, request.user, rejection.cleaned_data["reason"])
    if data and not rejecting:
        if data.get("into", "") != _seen(into):
            messages.warning(request, "这个统一社会信用代码的登记情况刚刚有变化，请重新核对。")
            return redirect("licensing:confirmation", public_id)
        if confirming.is_valid():
            return _answer(request, enterprises.confirm, enterprise, request.user, confirming.facts(), into=into)
    ready_to_type(confirming, request.user)
    context = {
        "enterprise": enterprise,
        "added": enterprise.memberships.select_related("user").order_by("pk"),
        "events": enterprise.events.select_related("actor"),
        "into": into,
        "seen": _seen(into),
        "members": into.memberships.select_related("user").order_by("pk") if into else [],
        "form": confirming,
        "rejection": rejection,
    }
    return render(request, "licensing/confirmation.html", context)


def _answer(request, decide, enterprise, *args, **options):
    try:
        decide(enterprise, *args, **options)
    except enterprises.NotConfirmable as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"“{enterprise.name}”已处理，添加人会看到结果。")
    return redirect("licensing:confirmations")


def _seen(into):
    """The confirmed row that the page showed: who joins whom is the clerk's decision, on what they saw."""
    return str(into.public_id) if into else ""


def _gone(request):
    """A stale page was sent off: say so. An address that never was answers like any other missing page."""
    if request.method != "POST":
        raise Http404
    messages.warning(request, "这一条已经不在待确认的列表里，可能另一位窗口人员刚刚处理过。")
    return redirect("licensing:confirmations")


def _require_clerk(user):
    if not user.clerkships.exists():
        raise Http404
