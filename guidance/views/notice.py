"""The one-time notice (一次性告知书) on a page and on paper, and coming back to it by its code (导办码)."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from exchange import pdf
from exchange.alone import Work, alone
from exchange.barcodes import code128_svg, qr_svg
from guidance import releases
from guidance.codes import grouped
from guidance.forms import CodeForm
from guidance.models import GuidanceSession
from guidance.notice import notice_of
from guidance.views.finding import find

# In settings.ACCOUNT_RATE_LIMITS.
_MISSED, _GUESSED, _PRINTED = "guidance_code_missed", "guidance_code_guessed", "notice_pdf"
NOT_FOUND = "没有找到这个导办码，请对照告知书核对。申请码请登录以后在“用申请码接着办”里输入。"
TOO_MANY = "试的次数太多了，请 10 分钟以后再试，或者重新回答问题。"


@require_safe
def notice(request, public_id):
    session, catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    return render(request, "guidance/notice.html", _context(session, catalogue, situation))


@require_safe
def notice_pdf(request, public_id):
    """The same on paper; where this machine can make no PDF, back to the page, saying why."""
    session, catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    # Nobody signs in for it, and one of many items takes some seconds of a processor.
    if too_many := ratelimit.consume_or_429(request, action=_PRINTED, limit_get=True):
        return too_many
    try:
        with alone(Work.NOTICE, session.pk) as mine:
            if not mine:
                raise pdf.PdfUnavailable("这份告知书正在生成，请等它打开以后再试。")
            content = pdf.render("guidance/print/notice.html", _context(session, catalogue, situation))
    except pdf.PdfUnavailable as reason:
        messages.error(request, str(reason))
        return redirect("guidance:notice", session.public_id)
    return pdf.response(content, f"一次性告知书-{grouped(session.code)}")


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request):
    """Whoever has the code may see the session: it holds no personal data."""
    form, status = CodeForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        # Ten times as many misses as people make are a machine's: then it learns nothing any more.
        guessed = not ratelimit.consume(request, action=_GUESSED, dry_run=True)
        session = None if guessed else GuidanceSession.objects.filter(code=form.cleaned_data["code"]).first()
        if session:
            return redirect("guidance:resume", session.public_id)
        # Misses alone are counted, so that who tries too often in a hall keeps nobody there from what is theirs.
        counted = ratelimit.consume(request, action=_MISSED) and not guessed
        ratelimit.consume(request, action=_GUESSED)
        form.add_error("code", NOT_FOUND if counted else TOO_MANY)
        status = 404 if counted else 429
    return render(request, "guidance/come_back.html", {"form": form}, status=status)


def _context(session, catalogue, situation):
    release, current = session.release, releases.current()
    return {
        "session": session,
        "notice": notice_of(catalogue, situation, session.declined),
        "heading": "一次性告知书",
        "code": grouped(session.code),
        "barcode": code128_svg(session.code),
        "qr": qr_svg(settings.PUBLIC_URL + reverse("guidance:resume", args=[session.public_id])),
        "today": timezone.localdate(),
        "release": release,
        # The catalogue went on since: what is told here may not be what is asked for today.
        "newer": current if current.pk != release.pk else None,
    }
