"""An enterprise's code for the people who act for it: as a picture, as a sign for the door, and another one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certificates import door_sign as sign
from certificates.qr import CONTENT_TYPES, SIZES, picture, public_address
from licensing import members, recoding
from licensing.models import Enterprise
from licensing.views.printing import printed


@never_cache
@require_safe
def qr(request, public_id, kind):
    """The code as a picture; ?size= one of SIZES. There is none before the enterprise has a public page."""
    enterprise = _confirmed(request.user, public_id)
    size = request.GET.get("size", "screen")
    if kind not in CONTENT_TYPES or size not in SIZES:
        raise Http404
    response = HttpResponse(picture(public_address(enterprise), kind, size), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(False, f"企业码-{enterprise.uscc}.{kind}")
    return response


@require_safe
def door_sign(request, public_id, paper):
    """The sign for the door as a PDF, portrait; paper: one of door_sign.PAPERS."""
    enterprise = _confirmed(request.user, public_id)
    if paper not in sign.PAPERS:
        raise Http404
    name = f"企业码门牌-{paper.upper()}-{enterprise.uscc}"
    return printed(request, name, lambda: sign.draw(enterprise, paper), "licensing:enterprise", public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recode(request, public_id):
    """换发企业码, by an owner: first what will happen, then it happens."""
    enterprise = _confirmed(request.user, public_id)
    if not members.may_manage(request.user, enterprise):
        raise Http404
    if request.method != "POST":
        context = {"enterprise": enterprise, "mark": recoding.mark_of(enterprise), "most": recoding.MOST_A_DAY}
        return render(request, "certificates/recode.html", context)
    try:
        recoding.recode(enterprise, request.user, request.POST.get("mark", ""))
    except members.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, "企业码已经换成新的。旧的码从现在起打不开了，请打印新的门牌换上。")
    return redirect("licensing:enterprise", public_id)


def _confirmed(user, public_id):
    own = Enterprise.objects.for_applicant(user).filter(verified_at__isnull=False)
    return get_object_or_404(own, public_id=public_id)
