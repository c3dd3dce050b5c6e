"""The draft a page works on, and keeping the pages in order: who, questions, plan, form, papers, signing."""

import functools

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect

from licensing.finding import find_application
from licensing.models import Application, Status
from licensing.plan import plan_for


def own_draft(view):
    """Call view(request, draft) for the user's own draft; one already submitted is shown instead."""

    @login_required
    @functools.wraps(view)
    def found(request, public_id, **options):
        draft = find_application(request.user, public_id)
        if draft.status != Status.DRAFT:
            return redirect("licensing:detail", public_id)
        try:
            return view(request, draft, **options)
        except Application.DoesNotExist:
            # Submitted from another tab between the lines above and the lock of drafts.py.
            return redirect("licensing:detail", public_id)

    return found


def agreed_draft(view):
    """Call view(request, draft, plan) once it is known who applies where and the applicant agreed to today's plan."""

    @own_draft
    @functools.wraps(view)
    def agreed(request, draft, **options):
        plan = plan_for(draft)
        earlier = unsettled_page(draft, plan)
        return earlier or view(request, draft, plan, **options)

    return agreed


def unknown_page(draft, plan):
    """A redirect to who applies, where, or the question still open; None once there is a plan to show."""
    if draft.enterprise_id is None:
        return redirect("licensing:who", draft.public_id)
    if draft.premises_id is None:
        return redirect("licensing:where", draft.public_id)
    if plan.situation.next:
        return redirect("licensing:question", draft.public_id, plan.situation.next)
    return None


def unsettled_page(draft, plan):
    """A redirect to the page that must come before the form, or None."""
    agreed = plan.is_agreed(draft) and plan.chosen
    return unknown_page(draft, plan) or (None if agreed else redirect("licensing:plan", draft.public_id))
