"""Where somebody comes from: their own machine, or a terminal in the hall (自助终端, plan art. 14).

A terminal's browser starts at /?channel=kiosk. From then on its session is a kiosk's until it ends: by the button, by
coming to that address again, or after a minute without use. Nothing of the last person is left to the next.
"""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

from licensing.models import Channel

# Seconds without use after which a kiosk's session is over; static/kiosk.js tells the last fifteen of them.
IDLE = 60
_CHANNEL, _USED_AT = "channel", "kiosk_used_at"
# A terminal's browser carries it, so that nobody else's request looks into a session for this.
COOKIE = "terminal"
# Files would stay on the terminal, in its downloads or its viewer. Pages hide the links (static/portal.css).
_DOWNLOADS = ("licensing:file", "licensing:item-form", "licensing:package", "licensing:table-template",
              "routing:document-pdf")  # fmt: skip
# The page behind an enterprise's code has a frame of its own, with neither our button nor our script; so has its
# like that was found by name.
_FRAMELESS = ("certificates:look-up", "certificates:public")


class ChannelMiddleware:
    """Set request.channel, and end a kiosk's session that nobody used for a minute. Stands behind the sign-in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.channel = Channel.ONLINE
        if _starts(request):
            # Whoever stood here last may have left without a word.
            logout(request)
            request.session[_CHANNEL] = str(Channel.KIOSK)
            request.session[_USED_AT] = time.time()
        elif COOKIE not in request.COOKIES:
            return self.get_response(request)
        if request.session.get(_CHANNEL) != Channel.KIOSK:
            return self.get_response(request)
        request.channel = Channel.KIOSK
        return _forgetting(self._at_kiosk(request))

    def process_view(self, request, view, args, kwargs):
        if request.channel == Channel.KIOSK and request.resolver_match.view_name in _DOWNLOADS:
            messages.info(request, "自助终端上不能打开或者下载文件，请用手机、电脑打开，或者到窗口打印。")
            return redirect("licensing:list")
        return None

    def _at_kiosk(self, request):
        if time.time() - request.session[_USED_AT] > IDLE:
            return end(request)
        # A page that asks again by itself every few seconds is not used for that.
        if not request.htmx:
            request.session[_USED_AT] = time.time()
        response = self.get_response(request)
        if _CHANNEL not in request.session:
            # Signed out by another button than ours: the terminal stays a terminal.
            return end(request)
        # Signing in may have chosen a cookie that outlives the browser.
        request.session.set_expiry(0)
        if getattr(request.resolver_match, "view_name", "") in _FRAMELESS:
            response.headers["Refresh"] = f"{IDLE}; url={start_address()}"
        return response


def end(request):
    """Sign out and forget everything; the answer leads to the terminal's first page."""
    logout(request)
    start = start_address()
    response = HttpResponseClientRedirect(start) if request.htmx else redirect(start)
    response.delete_cookie("messages")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def start_address():
    return f"{reverse('portal:home')}?channel={Channel.KIOSK}"


def _starts(request):
    """Only the home page's own address, and no link of another site: it would sign its visitors out here."""
    at_home = request.path_info == reverse("portal:home") and request.method in ("GET", "HEAD")
    sent_from_elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
    return at_home and not sent_from_elsewhere and request.GET.get("channel") == Channel.KIOSK


def _forgetting(response):
    """Keep the page out of every cache, so that "back" shows the next person nothing."""
    add_never_cache_headers(response)
    response.set_cookie(COOKIE, "1", httponly=True, samesite="Lax")
    return response
