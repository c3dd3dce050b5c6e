"""From the guidance to a draft: who applies, and where."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from guidance.models import GuidanceSession
from licensing import drafts, members
from licensing.forms.applicant import FOUND, NEW, WhereForm, WhoForm
from licensing.forms.enterprise import PremisesForm
from licensing.forms.keyboard import ready_to_type
from licensing.models import Application, Enterprise, Purpose, Status
from licensing.views.access import own_draft
from licensing.views.knowing import begun_at


@login_required
def start(request):
    """Turn the chosen plan of a guidance session into a draft; coming again leads to the same one."""
    try:
        guide = uuid.UUID(request.GET.get("guide", ""))
    except ValueError:
        raise Http404 from None
    session = get_object_or_404(GuidanceSession.objects.select_related("release"), public_id=guide)
    try:
        draft = drafts.start(session, request.user)
    except drafts.TakenByAnother:
        messages.info(request, "这次问答的结果已经有人用来办理了，请重新回答几个问题。")
        return redirect("guidance:themes")
    if draft.status != Status.DRAFT:
        messages.info(request, "这次问答的结果已经提交过了，下面是它的办理情况。")
        return redirect("licensing:detail", draft.public_id)
    if draft.enterprise_id is None and (place := begun_at(request, session)):
        drafts.settle_at(drafts.apply_for(draft, place.enterprise), place)
        return redirect("licensing:resume", draft.public_id)
    if draft.enterprise_id:
        return redirect("licensing:resume", draft.public_id)
    return redirect("licensing:who", draft.public_id)


@own_draft
def who(request, draft):
    if _assists(request.user, draft) or draft.purpose != Purpose.NEW:
        # For whom a clerk fills was settled at the window, with the proof of it; a licence has its holder.
        return redirect("licensing:where", draft.public_id)
    enterprises = Enterprise.objects.for_applicant(request.user).order_by("name", "pk")
    form = WhoForm(enterprises, request.POST or None, initial=_likely_applicant(draft, enterprises))
    if request.method == "POST" and form.is_valid():
        if form.enterprise:
            drafts.apply_for(draft, form.enterprise)
        else:
            drafts.found_enterprise(draft, request.user, form.cleaned_data["name"])
        return redirect("licensing:where", draft.public_id)
    return render(request, "licensing/who.html", {"draft": draft, "form": form, "has_any": bool(form.enterprises)})


@own_draft
def where(request, draft):
    """Pick premises of the enterprise, or add some right here."""
    if draft.enterprise is None:
        return redirect("licensing:who", draft.public_id)
    if drafts.is_settled(draft):
        return redirect("licensing:plan", draft.public_id)
    places, may_add = _places(request.user, draft)
    form = WhereForm(places, request.POST or None, may_add=may_add, initial=_likely_place(draft, places))
    adding = may_add and (not form.places or request.POST.get("where") == NEW)
    added = PremisesForm(draft.enterprise, request.POST if adding and request.method == "POST" else None)
    if request.method == "POST":
        premises = added.save() if adding and added.is_valid() else None
        if not adding and form.is_valid():
            premises = form.premises
        if premises:
            drafts.settle_at(draft, premises)
            return redirect("licensing:resume", draft.public_id)
    ready_to_type(form if form.places else added, request.user)
    context = {"draft": draft, "form": form, "added": added, "has_any": bool(form.places), "may_add": may_add}
    context["assisted"] = _assists(request.user, draft)
    return render(request, "licensing/where.html", context)


def _assists(user, draft):
    return user.is_clerk and Application.objects.assisted_by(user).filter(pk=draft.pk).exists()


def _places(user, draft):
    """The premises to choose from, and whether new ones may be added: an agent for one shop has that one only.

    A clerk who assists acts for the person before them, so for all.
    """
    places = draft.enterprise.premises.select_related("division").order_by("name", "pk")
    may_add = members.acts_everywhere(user, draft.enterprise)
    if may_add or _assists(user, draft):
        return places, True
    return places.filter(pk__in=members.premises_for(user, draft.enterprise)), False


def _likely_applicant(draft, enterprises):
    if draft.enterprise:
        return {"who": str(draft.enterprise.public_id)}
    if draft.answers.get("has_licence") == "none" or not enterprises:
        return {"who": FOUND}
    licensed = [one for one in enterprises if not one.founding]
    return {"who": str(licensed[0].public_id)} if len(licensed) == 1 else {}


def _likely_place(draft, places):
    if draft.premises:
        return {"where": str(draft.premises.public_id)}
    return {"where": str(places[0].public_id)} if len(places) == 1 else {}
