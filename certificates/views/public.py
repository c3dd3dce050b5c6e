"""What anybody may open: the page behind a QR code, and the look-up by name or USCC for whoever has no code."""

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from certificates.public import cache, facts, finding, pages
from certificates.public.pages import CHINESE, ENGLISH

# It says what holds now, so nobody keeps it; and it is found by its code only, not by a search engine.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_TOO_MANY = "查得太频繁了，请过 10 分钟再查，或者扫经营者的二维码，扫码不受影响。"


@require_safe
def public(request, token):
    """What a stranger sees who scans the code. Rendered without the request: no visitor, no session, no cookie.

    Whatever a code is that leads nowhere, unknown, revoked or not even a code, the answer is the same.
    """
    language = ENGLISH if request.GET.get("lang") == ENGLISH else CHINESE
    number = _number(request.GET.get("page"))
    # Only first pages are kept: of further ones anybody could ask for any number.
    kept = cache.pages() if number == 1 else None
    page = kept and kept.get(token, language)
    if page:
        return HttpResponse(page, headers=_HEADERS)
    reading = kept and kept.reading()
    found = facts.look_up(token)
    if found is None:
        return _missing(request, language)
    page = pages.enterprise(found, language, number)
    if kept:
        kept.keep(token, language, page, reading)
    return HttpResponse(page, headers=_HEADERS)


@csrf_exempt  # It changes nothing, so there is nothing to forge; and a page for everybody sets no cookie.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request):
    """Asked by POST, so that names stay out of addresses and logs. The answer does not tell the code."""
    form = finding.LookUpForm(request.POST if request.method == "POST" else None)
    several, status = [], 200
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        if not _may_look_up(request):
            form.add_error("text", _TOO_MANY)
            status = 429
        elif len(several := finding.named(text)) == 1 and (found := facts.look_up_uscc(several[0]["uscc"])):
            page = pages.enterprise(found, number=_number(request.POST.get("page")), asked=("text", text))
            return HttpResponse(page, headers=_HEADERS)
        elif not several:
            form.add_error("text", finding.why_not(text))
    listed = {"several": several[: finding.LISTED], "more": len(several) > finding.LISTED}
    return render(request, "certificates/look_up.html", {"form": form} | listed, status=status)


def _missing(request, language):
    # Only what found nothing counts: the hall's visitors, or a whole quarter, come from one address. A GET counts too.
    if ratelimit.consume_or_429(request, action="public_page_missed", limit_get=True):
        return HttpResponse(pages.too_many(language), status=429, headers=_HEADERS | {"Retry-After": "600"})
    return HttpResponse(pages.missing(language), status=404, headers=_HEADERS)


def _may_look_up(request):
    """By address; whoever is signed in has a budget of their own, whatever others at their address do."""
    if request.user.is_authenticated:
        return ratelimit.consume(request, action="look_up_signed_in", key=str(request.user.pk))
    return ratelimit.consume(request, action="look_up")


def _number(text):
    """The number of a page that was asked for; 1 for anything that is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 1
