from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guidance import releases
from licensing.following import counted, standing_of
from licensing.models import Application
from portal import channels, readiness
from portal.accounts import PRIVACY_VERSION

# The home page shows the beginning of either list; the rest has its own page.
SHOWN_THEMES, SHOWN_APPLICATIONS = 6, 3


def home(request):
    context = {"themes": _themes()}
    if request.user.is_authenticated:
        context |= _own_applications(request.user)
    return render(request, "portal/home.html", context)


def privacy(request):
    return render(request, "portal/privacy.html", {"version": PRIVACY_VERSION})


@require_POST
def kiosk_end(request):
    """The way out on every page of a terminal: sign out, forget all, back to its first page."""
    return channels.end(request)


@require_POST
def kiosk_stay(request):
    """Somebody still types or touches the screen; the channel's middleware has noted it."""
    return HttpResponse(status=204)


@never_cache
def healthz(request):
    """The process answers. Asks nobody else, so that a sick database does not get every web process restarted."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request):
    """Whether to send requests here, with the reasons. Without Redis we are slower, not down."""
    checks = readiness.check()
    return JsonResponse(checks, status=200 if readiness.is_ready(checks) else 503)


def _themes():
    try:
        return list(releases.load(releases.current().pk).themes.values())[:SHOWN_THEMES]
    except releases.NothingPublished:
        return []


def _own_applications(user):
    own = Application.objects.for_applicant(user)
    latest = counted(own.select_related("enterprise").order_by("-updated_at"))[:SHOWN_APPLICATIONS]
    return {
        "applications": [(application, standing_of(application)) for application in latest],
        "open_applications": own.open().count(),
    }
