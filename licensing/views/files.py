"""How a file's bytes are reached: an address that stays asks who may, and leads to one that lasts five minutes."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from licensing.files import uploads
from licensing.models import StoredFile
from licensing.views.access import own_draft

_ANSWERS = {"download": uploads.served, "preview": uploads.previewed}


@never_cache
@login_required
@require_safe
def file(request, public_id):
    """Lead to the file as a download."""
    return redirect(uploads.link(_find(request.user, public_id), request.user))


@never_cache
@login_required
@require_safe
@xframe_options_sameorigin
def preview(request, public_id):
    """Lead to the file as the browser shows it."""
    return redirect(uploads.link(_find(request.user, public_id), request.user, "preview"))


@login_required
@require_safe
def file_bytes(request, public_id, kind, token):
    """The bytes, for whom the address was made; whose rights have ended since gets what a missing file gives."""
    if kind not in _ANSWERS or not uploads.is_for(request.user, public_id, token):
        raise Http404
    return _ANSWERS[kind](_find(request.user, public_id))


@never_cache
@require_safe
@own_draft
def file_row(request, draft, file_id):
    """One file of a draft as its page shows it, asked for while it is checked; nothing when it is gone."""
    file = StoredFile.objects.filter(materials__application=draft, public_id=file_id).first()
    if file is None:
        return HttpResponse()
    return render(request, "licensing/includes/file_row.html", {"file": file, "application": draft})


def _find(user, public_id):
    return get_object_or_404(StoredFile.objects.visible_to(user).select_related("blob"), public_id=public_id)
