"""The page behind a code is answered before sessions, sign-in and messages are thought of: it needs none of them.

Measured: that middleware costs more than making the page does.
"""

from django.conf import settings
from django.urls import Resolver404, resolve

from portal.channels import COOKIE

# The benchmark sets its bare view beside it.
PAGES = {"certificates:public"}


class ShortWayMiddleware:
    """Stands right behind what every answer needs: its id, and the headers of security."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        match = _found(request)
        if match is None:
            return self.get_response(request)
        # Raises DisallowedHost: a page under somebody else's domain is not ours to vouch for.
        request.get_host()
        response = match.func(request, *match.args, **match.kwargs)
        # What those that are passed by would have added.
        response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _found(request):
    """The address of a page, if it is asked for by anything but a terminal in the hall, whose time runs on."""
    if not request.path_info.startswith("/e/") or request.method not in ("GET", "HEAD") or COOKIE in request.COOKIES:
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    return match if match.view_name in PAGES else None
