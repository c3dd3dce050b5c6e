"""Looking at an enterprise's licences by office: what staff see who have scanned its code, and who has looked."""

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certificates import faces, file_links, official
from certificates.forms import OfficialLookupForm
from certificates.holding import changes_of_status
from certificates.models import Ending, Licence, LicenceStatus
from certificates.wording import life_in_words
from licensing.members import may_manage
from licensing.models import Enterprise

PER_PAGE = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request, token):
    """First the reason, which goes on record; then, for ten minutes, all licences with all that staff may see."""
    enterprise = _for_staff(request, token)
    form = OfficialLookupForm(request.POST or None, offices=official.offices_of(request.user))
    if request.method == "POST" and form.is_valid():
        official.look(enterprise, request.user, form.office, **form.why)
        return redirect("certificates:official", token)
    looked = official.going_on(enterprise, request.user)
    frame = "admin/base_site.html" if request.user.is_officer else "window/base.html"
    context = {"enterprise": enterprise, "form": form, "looked": looked, "frame": frame}
    if looked and not form.errors:
        context |= _licences(request, enterprise)
    return render(request, "certificates/official.html", context)


@never_cache
@require_safe
def file(request, token, public_id, key):
    """The e-licence, by a link of the page above."""
    enterprise = _for_staff(request, token)
    if not file_links.opens(key, public_id, request.user):
        raise Http404
    files = file_links.made_files().filter(licence__holder=enterprise).select_related("licence")
    return file_links.found_or_404(files.filter(licence__public_id=public_id))


@require_safe
def lookups(request, public_id):
    """Who has looked at the licences by office, for the enterprise's owners: the authority, when and why."""
    enterprise = get_object_or_404(Enterprise.objects.for_applicant(request.user), public_id=public_id)
    if not may_manage(request.user, enterprise):
        raise Http404
    found = Paginator(official.looked_up_of(enterprise), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/lookups.html", {"enterprise": enterprise, "page": found})


def _for_staff(request, token):
    """The enterprise, for officers with a post and clerks; an operator without one has no work with it."""
    user = request.user
    if not (user.is_clerk or user.posts.exists()):
        raise Http404
    return get_object_or_404(official.confirmed(), public_token=token)


def _licences(request, enterprise):
    """{"page", "rows": [{"licence", "later", "change", "face", "file_key", "sample"}]}."""
    files = Prefetch("files", file_links.made_files().select_related("key"), to_attr="made")
    endings = Prefetch("endings", Ending.objects.order_by("decided_at"))
    found = Licence.objects.filter(holder=enterprise).select_related("premises", "office", "previous", "next")
    found = found.prefetch_related(files, endings, changes_of_status()).order_by("-issued_on", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    elements = faces.elements_now()
    return {"page": page, "rows": [_row(licence, request.user, elements) for licence in page]}


def _row(licence, user, elements):
    return {
        "licence": licence,
        "later": getattr(licence, "next", None),
        "change": _change(licence),
        "face": faces.lines(licence, elements),
        "file_key": file_links.key_for(licence, user) if licence.made else "",
        "sample": bool(licence.made) and licence.made[0].key.development,
    }


def _change(licence):
    """What took it out of force, on what document; None where the version or the decision beside it tells."""
    if licence.status == LicenceStatus.VALID or hasattr(licence, "next") or licence.endings.all():
        return None
    # What the holder said to it is between the holder and that authority.
    changes = life_in_words(licence.changes[-1:])
    return changes[0] if changes else None
