"""What every page of the window begins with: a clerk, the hall, and a case this hall may open."""

import functools

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect

from licensing.models import Application, Status
from window.halls import hall_of
from window.lookup import cases


def at_window(view):
    """Call view(request, hall, …) for a clerk at the hall worked at; for anybody else there is no such page."""

    @login_required
    @functools.wraps(view)
    def found(request, **options):
        return view(request, hall_of(request), **options)

    return found


def of_case(view):
    """Call view(request, hall, application, …); another hall's case answers like a missing one."""

    @at_window
    @functools.wraps(view)
    def found(request, hall, public_id, **options):
        return view(request, hall, get_object_or_404(cases(hall), public_id=public_id), **options)

    return found


def of_draft(view):
    """Call view(request, hall, draft, …); one submitted meanwhile, or gone, leads back to where it stands."""

    @of_case
    @functools.wraps(view)
    def found(request, hall, draft, **options):
        if draft.status != Status.DRAFT:
            return redirect("window:case", draft.public_id)
        try:
            return view(request, hall, draft, **options)
        except Application.DoesNotExist:
            # Submitted or deleted from another browser between the lines above and the lock.
            return redirect("window:case", draft.public_id)

    return found


def refuse(form, error):
    """Say at the top of the form why nothing was done. error: a ValidationError, or one whose text is the sentence."""
    form.add_error(None, error if isinstance(error, ValidationError) else str(error))
