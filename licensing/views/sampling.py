"""The sample form of an item (范例表), for everybody."""

import functools

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from exchange import pdf
from guidance import releases
from guidance.models import Release
from licensing import printing


@require_safe
def sample_form(request, code):
    release = releases.current()
    item = releases.load(release.pk).items.get(code)
    if item is None:
        raise Http404
    # A PDF costs 0.2 s; whoever asks for all of a province's items must not keep others waiting.
    if too_often := ratelimit.consume_or_429(request, action="sample_form", limit_get=True):
        return too_often
    try:
        return pdf.response(_drawn(release.pk, code), f"{item.name}申请表（样例）")
    except pdf.PdfUnavailable as reason:
        messages.error(request, str(reason))
        return redirect("guidance:item", code)


# About 40 kB each.
@functools.lru_cache(maxsize=128)
def _drawn(release_id, code):
    return printing.sample_form(Release.objects.get(pk=release_id), code)
