"""The e-licence file: handed to its holder and its office, asked for, and verified for anybody."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.elicences import making, verifying
from certificates.elicences.forms import VerifyForm
from certificates.file_links import handed_out
from certificates.models import Licence

# In settings.ACCOUNT_RATE_LIMITS: each try costs a second of a processor.
_LIMIT = "licence_verify"
_TOO_MANY = "这个网络地址查验得太频繁了，请一分钟以后再试。"


@never_cache
@login_required
@require_safe
def file(request, public_id):
    """The file as a download; while there is none, a page that says why and when to look again."""
    licence = _find(request.user, public_id)
    current = licence.files.current().select_related("licence").first()
    if current and current.made_at and (response := handed_out(current)):
        return response
    # An officer comes from the desk and goes back there.
    holds = Licence.objects.for_applicant(request.user).filter(pk=licence.pk).exists()
    context = {"licence": licence, "state": _state(licence, current), "holds": holds}
    return render(request, "certificates/elicences/file.html", context)


@login_required
@require_POST
def ask_file(request, public_id):
    """Ask for the file of a licence that has none, as an imported one; asking twice asks once."""
    licence = _find(request.user, public_id)
    if not making.ask(licence).made_at:
        messages.success(request, "已经在生成了，一般一分钟以内就好。")
    return redirect("certificates:file", licence.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Whether a PDF is an e-licence of ours; nothing of it is kept."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context = {"form": form}
    if request.method == "POST" and not ratelimit.consume(request, action=_LIMIT):
        form.add_error("file", _TOO_MANY)
    elif request.method == "POST" and form.is_valid():
        try:
            context["verdict"] = verifying.verdict(form.cleaned_data["file"].read())
        except verifying.Busy as busy:
            form.add_error("file", str(busy))
    return render(request, "certificates/elicences/verify.html", context)


def _find(user, public_id):
    """A licence of whom the user acts for, or of an office where they hold a post."""
    own = Licence.objects.for_applicant(user) | Licence.objects.for_officer(user)
    return get_object_or_404(own.distinct().select_related("holder"), public_id=public_id)


def _state(licence, current):
    """unidentified, none, waiting, given_up or missing."""
    if current and current.made_at:
        return "missing"
    if not licence.identifier:
        return "unidentified"
    if current is None:
        return "none"
    return "given_up" if current.attempts >= making.MAX_ATTEMPTS else "waiting"
