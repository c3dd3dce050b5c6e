"""What applicants print: an item's own form, and the package for the window."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from exchange import pdf
from exchange.alone import Work, alone
from licensing import printing
from licensing.finding import find_application
from licensing.models import Status
from licensing.plan import plan_for
from licensing.views.access import unknown_page


@require_safe
@login_required
def item_form(request, public_id, code):
    """The form as filled in so far, or as signed."""
    application = find_application(request.user, public_id)
    if earlier := _unready(application):
        return earlier
    name = f"{code}-{application.label}"
    try:
        return printed(request, name, lambda: printing.item_form(application, code), "licensing:detail", public_id)
    except KeyError:
        raise Http404 from None


@require_safe
@login_required
def package(request, public_id):
    application = find_application(request.user, public_id)
    if earlier := _unready(application):
        return earlier
    name = f"材料包-{application.label}"
    return printed(request, name, lambda: printing.package(application), "licensing:detail", public_id)


def printed(request, name, draw, *page):
    """The answer that shows the PDF of draw(); where this machine can make none, back to the page, saying why.

    page: what redirect() takes. The PDF is kept by no cache, framed by nobody, and loads nothing.
    """
    try:
        # One at a time for each person: a table of 2,000 rows takes many seconds.
        with alone(Work.PRINTING, request.user.pk) as mine:
            if not mine:
                raise pdf.PdfUnavailable("您的另一份 PDF 还在生成，请等它打开以后再试。")
            content = draw()
    except pdf.PdfUnavailable as reason:
        messages.error(request, str(reason))
        return redirect(*page)
    return pdf.response(content, name)


def _unready(application):
    """A redirect to who applies, where, or a question still open: before that a draft has no forms."""
    if application.status != Status.DRAFT:
        return None
    return unknown_page(application, plan_for(application))
