"""The first page, with its one field; the page of an enterprise; the hall's day."""

from datetime import date

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from licensing.following import counted, standing_of
from licensing.models import Application, Status
from window import halls, today
from window.forms.counter import LookUpForm
from window.lookup import NotFound, guide_of, holders, look_up, scanned
from window.views.access import at_window

PER_PAGE = 30


@at_window
def home(request, hall):
    """Look up what the person brought; the single match opens at once."""
    form = LookUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            # An enterprise's code leads to its licences, which are seen for a reason that is written first.
            if enterprise := scanned(request, form.cleaned_data["text"]):
                return redirect("certificates:official", enterprise.public_token)
            if guide := guide_of(request, form.cleaned_data["text"]):
                return redirect(f"{reverse('window:start')}?guide={guide.public_id}")
            found = look_up(request, hall, form.cleaned_data["text"])
        except NotFound as error:
            form.add_error("text", _not_found(form.cleaned_data["text"], error))
            # The next code is scanned at once: what was typed before must not stand in its way.
            form.data = {}
        else:
            page = "window:case" if isinstance(found, Application) else "window:holder"
            return redirect(page, found.public_id)
    context = {"hall": hall, "form": form, "counts": today.counts_of(hall, timezone.localdate())}
    return render(request, "window/home.html", context)


@require_POST
@at_window
def hall(request, hall):
    """Work at another hall of one's own."""
    halls.choose_hall(request, request.POST.get("hall", ""))
    return redirect("window:home")


@require_safe
@at_window
def holder(request, hall, public_id):
    """A confirmed enterprise and what it has submitted; drafts are found by their code only."""
    found = get_object_or_404(holders(hall), public_id=public_id)
    filed = counted(found.applications.exclude(status=Status.DRAFT).select_related("premises")).order_by(
        "-submitted_at"
    )
    page = Paginator(filed, PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"application": one, "standing": standing_of(one)} for one in page]
    return render(request, "window/holder.html", {"hall": hall, "holder": found, "page_obj": page, "rows": rows})


@require_safe
@at_window
def day(request, hall):
    now = timezone.localdate()
    chosen = _day(request.GET.get("day", ""), now)
    page = Paginator(today.entries_of(hall, chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "hall": hall,
        "halls": halls.halls_of(request.user),
        "day": chosen,
        "is_today": chosen == now,
        "now": now,
        "counts": today.counts_of(hall, chosen),
        "page_obj": page,
    }
    return render(request, "window/today.html", context)


def _not_found(typed, error):
    return f"“{typed}”：{error}" if typed else str(error)


def _day(text, now):
    """The day that was asked for; today for anything that is none, or has not come yet."""
    try:
        return min(date.fromisoformat(text), now)
    except ValueError:
        return now
