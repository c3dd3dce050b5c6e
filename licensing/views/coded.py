"""Going on with a draft by its code (申请码), at a phone or a terminal after another device; or with a guidance's."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guidance.models import GuidanceSession
from licensing.forms.draft_code import CodeForm
from licensing.models import Application

# In settings.ACCOUNT_RATE_LIMITS; only what found nothing counts. A code alone opens nothing, but is not to be guessed.
_LIMIT = "draft_code_missed"
NOT_FOUND = "没有找到这个申请码的申请。请核对申请码，并确认用的是填这份申请的账号，或者是能代表这个主体的账号。"
TOO_MANY = "试的次数太多了，请 10 分钟以后再试，或者从“我的办件”里找。"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request):
    """Another's code and one that nobody has get the same answer."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        tries = {"action": _LIMIT, "key": str(request.user.pk)}
        may_try = ratelimit.consume(request, dry_run=True, **tries)
        if may_try and (own := _own(request.user, form.cleaned_data["code"])):
            return redirect("licensing:detail", own.public_id)
        if may_try and (guide := GuidanceSession.objects.filter(code=form.cleaned_data["code"]).first()):
            return redirect("guidance:resume", guide.public_id)
        ratelimit.consume(request, **tries)
        form.add_error("code", NOT_FOUND if may_try else TOO_MANY)
    return render(request, "licensing/by_code.html", {"form": form})


def _own(user, code):
    return Application.objects.for_applicant(user).filter(draft_code=code).first()
