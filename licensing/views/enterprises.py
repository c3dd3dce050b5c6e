"""The applicant's enterprises: list, page, adding one, adding premises."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from licensing import enterprises, history, members
from licensing.files import quarantine, uploads
from licensing.following import counted, standing_of
from licensing.forms.enterprise import EnterpriseForm, PremisesForm
from licensing.models import Application, Enterprise

SHOWN_APPLICATIONS = 10
# Days before the end from which a licence is said to end soon.
SOON = 90


@login_required
@require_safe
def enterprise_list(request):
    own = Enterprise.objects.for_applicant(request.user).order_by("name", "pk")
    return render(request, "licensing/enterprises.html", {"enterprises": own})


@login_required
@require_safe
def enterprise(request, public_id):
    own = _find(request.user, public_id)
    visible = Application.objects.for_applicant(request.user).filter(enterprise=own)
    latest = visible.select_related("premises").order_by("-created_at")
    may_manage = members.may_manage(request.user, own)
    context = {
        "enterprise": own,
        "licences": _licences(request.user, own),
        "premises": members.premises_for(request.user, own).select_related("division").order_by("name", "pk"),
        "may_add": members.acts_everywhere(request.user, own),
        "may_manage": may_manage,
        "history": history.latest(own) if may_manage else [],
        "members": own.memberships.current().select_related("user", "premises").order_by("pk"),
        "applications": [(one, standing_of(one)) for one in counted(latest)[:SHOWN_APPLICATIONS]],
    }
    return render(request, "licensing/enterprise.html", context)


@login_required
def enterprise_add(request):
    """?again=<id>: mend what a clerk sent back; ?next=<address>: where to go on."""
    again = _rejected(request)
    form = EnterpriseForm(request.POST or None, request.FILES or None, initial=model_to_dict(again) if again else {})
    if request.method == "POST" and form.is_valid():
        try:
            with quarantine.cleared([form.cleaned_data["picture"]], request.user) as (picture,):
                added = enterprises.add(request.user, **form.facts(), picture=picture)
                if added.licence_picture_id != picture.pk:
                    uploads.remove([picture])
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            # The same words whether or not somebody else has this enterprise here.
            messages.success(request, f"“{added.name}”已经添加到您的企业里。")
            return redirect(_next(request) or reverse("licensing:enterprise", args=[added.public_id]))
    return render(request, "licensing/enterprise_add.html", {"form": form, "again": again, "next": _next(request)})


@login_required
def premises_add(request, public_id):
    own = _find(request.user, public_id)
    if not members.acts_everywhere(request.user, own):
        raise Http404
    form = PremisesForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        premises = form.save()
        messages.success(request, f"已添加经营场所“{premises.name}”。")
        return redirect(_next(request) or reverse("licensing:enterprise", args=[own.public_id]))
    return render(request, "licensing/premises_add.html", {"form": form, "enterprise": own, "next": _next(request)})


def _licences(user, own):
    """What the page says of the licences that the user sees: how many, how many of them in force, which ends first."""
    newest = own.licences.for_applicant(user).filter(next=None)
    held, valid = newest.count(), newest.valid()
    in_force = valid.count()
    ending = valid.exclude(valid_until=None).select_related("premises").order_by("valid_until", "pk")
    return {
        "held": held,
        "valid": in_force,
        "not_valid": held - in_force,
        "soon": ending.filter(valid_until__lte=timezone.localdate() + timedelta(days=SOON)).count(),
        "days": SOON,
        "next": ending.first(),
        "grants_ended": own.endings.exclude(task=None).exists(),
    }


def _find(user, public_id):
    return get_object_or_404(Enterprise.objects.for_applicant(user), public_id=public_id)


def _rejected(request):
    public_id = request.GET.get("again")
    if not public_id:
        return None
    try:
        return (
            Enterprise.objects.for_applicant(request.user).exclude(rejected_at=None).filter(public_id=public_id).get()
        )
    except (Enterprise.DoesNotExist, ValidationError):
        raise Http404 from None


def _next(request):
    """Where the person came from, if it is a page of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    return address if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=secure) else ""
