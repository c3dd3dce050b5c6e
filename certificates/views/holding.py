"""The page of an enterprise's licences for the people who act for it, and its calendar of what ends when."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates import expiry_calendar, holding, icalendar
from certificates.models import Ending
from licensing.models import Enterprise

PER_PAGE = 50


@never_cache
@require_safe
def register(request, public_id):
    """?state= one of holding.STATES; anything else shows all."""
    own = find(request.user, public_id)
    held = holding.held_by(own, request.user)
    counts = holding.counts(held)
    state = request.GET.get("state") if request.GET.get("state") in holding.STATES else ""
    page = Paginator(holding.in_state(held, state) if state else held, PER_PAGE).get_page(request.GET.get("page"))
    months = expiry_calendar.by_month(held)
    listed, most = sum(len(group) for _, group in months), expiry_calendar.MOST_LISTED
    ended = Ending.objects.readable_by(request.user).filter(holder=own).exclude(task=None)
    context = {
        "enterprise": own,
        "page": page,
        "groups": _by_premises(holding.shown(page.object_list, request.user)),
        "state": state,
        "states": [(code, label, counts[code]) for code, label in holding.STATES.items()],
        "total": sum(number for code, number in counts.items() if code != "soon"),
        "months": months,
        "span": expiry_calendar.MONTHS,
        "cut_at": most if listed == most else None,
        "grants_ended": ended.select_related("task__item"),
    }
    return render(request, "certificates/holding.html", context)


@never_cache
@require_safe
def calendar(request, public_id):
    own = find(request.user, public_id)
    file = expiry_calendar.as_file(holding.held_by(own, request.user), own)
    response = HttpResponse(file, content_type=icalendar.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, "证照到期日历.ics")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def find(user, public_id):
    return get_object_or_404(Enterprise.objects.for_applicant(user), public_id=public_id)


def _by_premises(held):
    """[(premises or None, [Held])], in the order they come."""
    return [(place, list(group)) for place, group in groupby(held, lambda one: one.licence.premises)]
