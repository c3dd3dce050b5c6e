"""What the applicant may still do with a submitted application: supply a paper, withdraw, decide on the rest."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from licensing.models import How
from routing import deferring, refusals, withdrawal, withdrawing
from routing.applicant_forms import SupplyForm, WithdrawalForm
from routing.views.finding import get_or_post, submitted


@get_or_post
def supply(request, public_id, code):
    """Hand in a paper that was left for later (容缺)."""
    application = submitted(request, public_id)
    material = get_object_or_404(application.materials.filter(how=How.DEFERRED), code=code)
    tasks = deferring.waiting_for(application, material)
    closed = deferring.why_not_supplied(application, material, tasks)
    posted = request.method == "POST" and not closed
    form = SupplyForm(request.POST, request.FILES) if posted else SupplyForm()
    if posted and form.is_valid():
        try:
            deferring.supply(application, material, form.cleaned_data["files"], request.user)
        except ValidationError as error:
            form.add_error("files", error)
        except refusals.NotAllowed as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, f"“{material.name}”已经补交，用到它的部门都能看到。")
    if posted and form.is_valid():
        return redirect("licensing:detail", public_id)
    context = {"application": application, "material": material, "closed": closed, "form": form}
    context["terms"] = deferring.terms_of(material, tasks)
    return render(request, "routing/applicant/supply.html", context)


@get_or_post
def withdraw(request, public_id):
    """Choose items, see what their withdrawal means, confirm it by a POST."""
    application = submitted(request, public_id)
    try:
        # Told at once, not after choosing and reading.
        withdrawing.check_right(application, request.user)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("licensing:detail", public_id)
    open_items = withdrawal.open_items(application)
    if not open_items:
        messages.info(request, "这次申请的事项都已经办结，没有可以撤回的。")
        return redirect("licensing:detail", public_id)
    given = request.POST if request.method == "POST" else request.GET
    form = WithdrawalForm(given if "items" in given or given is request.POST else None, open_items=open_items)
    chosen = form.cleaned_data["items"] if form.is_valid() else None
    if chosen and request.method == "POST":
        return _withdraw(request, application, chosen)
    context = {"application": application, "form": form}
    context["meaning"] = chosen and withdrawal.meaning_of(application, chosen)
    return render(request, "routing/applicant/withdraw.html", context)


def _withdraw(request, application, codes):
    try:
        tasks = withdrawing.withdraw(application, request.user, codes)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        names = "、".join(f"“{task.item.name}”" for task in tasks)
        messages.success(request, f"已经撤回：{names}。撤回申请确认书在“文书”里。")
    return redirect("licensing:detail", application.public_id)


@get_or_post
def hold(request, public_id):
    """After a partial refusal, where the applicant chose to decide then: a POST goes on, withdrawing has its page."""
    application = submitted(request, public_id)
    held = withdrawing.held_tasks(application)
    if not held:
        messages.info(request, "现在没有暂停的事项，不用您决定。")
        return redirect("licensing:detail", public_id)
    if request.method == "POST":
        return _go_on(request, application)
    context = {
        "application": application,
        "held": held,
        "rest": withdrawal.open_items(application),
        "until": withdrawing.held_until(application),
        "failed": withdrawal.failed_tasks(application),
    }
    return render(request, "routing/applicant/hold.html", context)


def _go_on(request, application):
    try:
        withdrawing.go_on(application, request.user)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, "其余事项继续办理，从今天起接着计时。")
    return redirect("licensing:detail", application.public_id)
