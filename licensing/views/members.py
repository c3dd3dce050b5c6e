"""An owner's page of those who act for the enterprise, and the page an invitation's link opens."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from licensing import members
from licensing.forms.members import EVERYWHERE, InvitationForm, TermsForm, terms_of
from licensing.models import Enterprise

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@get_or_post
def member_list(request, public_id):
    """Everything is posted here: `action` says what, `which` on which row."""
    own = get_object_or_404(Enterprise.objects.for_applicant(request.user), public_id=public_id)
    if not members.may_manage(request.user, own):
        raise Http404
    act = _ACTIONS.get(request.POST.get("action")) if request.method == "POST" else None
    refused = act(request, own) if act else {}
    if act and not refused:
        return redirect("licensing:members", own.public_id)
    return render(request, "licensing/members.html", _context(own) | {"enterprise": own} | _shown(own, refused))


@login_required
@get_or_post
def invitation(request, token):
    found = members.find(token, request.user)
    if found is None:
        return render(request, "licensing/invitation.html", {"refusal": members.NOT_YOURS}, status=404)
    if request.method == "POST":
        try:
            members.accept(found, request.user)
        except members.NotAllowed as reason:
            messages.error(request, str(reason))
            return redirect("licensing:invitation", token)
        messages.success(request, f"您现在是“{found.enterprise.name}”的经办人。")
        return redirect("licensing:enterprise", found.enterprise.public_id)
    context = {"invitation": found, "refusal": members.refusal(found, request.user)}
    return render(request, "licensing/invitation.html", context)


def _invite(request, own):
    form = InvitationForm(own.premises.order_by("name", "pk"), request.POST)
    if form.is_valid():
        sent = "邀请信马上发出。对方接受以前，您可以收回。"
        _try(request, form, sent, lambda: members.invite(own, request.user, **_invited(form)))
    return {"form": form} if form.errors else {}


def _invited(form):
    return form.terms() | {"email": form.cleaned_data["email"]}


def _change(request, own):
    member = _agent(request, own)
    form = TermsForm(own.premises.order_by("name", "pk"), request.POST, prefix=f"m{member.pk}")
    if form.is_valid():
        _try(request, form, "授权已经更改。", lambda: members.change(member, request.user, **form.terms()))
    return {"changing": (member.pk, form)} if form.errors else {}


def _revoke(request, own):
    _say(request, f"{_agent(request, own).user}的授权已经取消。", members.revoke, _agent(request, own))


def _call_back(request, own):
    waiting = {str(one.public_id): one for one in own.invitations.select_related("enterprise")}
    which = waiting.get(request.POST.get("which", ""))
    if which is None:
        raise Http404
    _say(request, "邀请已经收回，信里的链接不能用了。", members.call_back, which)


_ACTIONS = {"invite": _invite, "change": _change, "revoke": _revoke, "call-back": _call_back}


def _try(request, form, done, act):
    try:
        act()
    except members.NotAllowed as reason:
        form.add_error(None, str(reason))
    else:
        messages.success(request, done)


def _say(request, done, act, row):
    try:
        act(row, request.user)
    except members.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, done)


def _agent(request, own):
    agents = {str(one.pk): one for one in members.agents_of(own)}
    if request.POST.get("which") not in agents:
        raise Http404
    return agents[request.POST["which"]]


def _context(own):
    return {
        "owners": own.memberships.current().filter(role="owner").select_related("user").order_by("pk"),
        "invitations": own.invitations.open().select_related("premises"),
    }


def _shown(own, refused):
    """The forms: each agent's own, folded unless it was just refused, and the one that invites."""
    which, bound = refused.get("changing", (None, None))
    places = list(own.premises.order_by("name", "pk"))
    agents = [
        {
            "member": one,
            "current": one.until is None or one.until >= timezone.localdate(),
            "form": bound if one.pk == which else TermsForm(places, prefix=f"m{one.pk}", initial=terms_of(one)),
            "open": one.pk == which,
        }
        for one in members.agents_of(own)
    ]
    return {"agents": agents, "form": refused.get("form") or InvitationForm(places, initial={"place": EVERYWHERE})}
