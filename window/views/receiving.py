"""收件: the papers of a case on the counter, and the receipt for them."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from exchange import barcodes, pdf
from licensing import papers
from licensing.files import uploads
from licensing.models import Application
from licensing.plan import plan_for
from licensing.views.access import unknown_page
from licensing.views.printing import printed
from window import assisting, intake
from window.forms.counter import AllSeenForm, HandInForm, PaperForm
from window.forms.person import PersonForm
from window.models import Receipt
from window.views.access import at_window, of_draft, refuse


@of_draft
def receive(request, hall, draft):
    """Tick what was seen, scan what is needed, say what is missing; then the receipt."""
    plan = plan_for(draft)
    if unknown_page(draft, plan) or not plan.chosen:
        messages.warning(request, "这份申请还没有填到材料这一步，先帮申请人填完，再收件。")
        return redirect("window:case", draft.public_id)
    standing = assisting.standing_for(draft, hall)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    person = HandInForm(data, initial={"person_name": standing.person_name}) if standing else None
    person = person or PersonForm(data, files, enterprise=draft.enterprise, autofocus=True)
    seen = AllSeenForm(data, autofocus=bool(standing))
    rows = [PaperForm(data, files, paper=paper) for paper in papers.ways(draft, plan) if not paper.spared]
    if request.method == "POST" and all([person.is_valid(), seen.is_valid(), *(row.is_valid() for row in rows)]):
        receipt = _received(request, hall, draft, person, rows, all_seen=seen.cleaned_data["all_seen"])
        if receipt:
            return redirect("window:receipt", receipt.public_id)
    context = {"hall": hall, "draft": draft, "person": person, "seen": seen, "rows": rows, "standing": standing}
    return render(request, "window/receive.html", context)


def _received(request, hall, draft, person, rows, *, all_seen):
    """The Receipt, or None with the reason in the forms. Scans kept before a refusal stay in the draft."""
    try:
        _stand_in(request, hall, draft, person)
    except (assisting.NotAssistable, ValidationError) as error:
        refuse(person, error)
        return None
    for row in rows:
        if not _attached(draft, row, request.user):
            return None
    try:
        lines = [row.line(all_seen=all_seen) for row in rows]
        return intake.give_receipt(draft, hall, request.user, person.cleaned_data["person_name"], lines)
    except intake.NothingToReceive as error:
        person.add_error(None, str(error))
        return None


def _stand_in(request, hall, draft, person):
    """Whoever takes papers in for a draft fills it for the person who brought them, on record."""
    if isinstance(person, PersonForm):
        with uploads.stored(person.proofs, request.user) as proof:
            assisting.begin(draft, hall, request.user, person.person(*proof))
    else:
        assisting.take_over(draft, hall, request.user)


def _attached(draft, row, clerk):
    scan = row.cleaned_data.get("scan")
    try:
        if scan:
            papers.attach(draft, row.paper, [scan], clerk)
    except ValidationError as error:
        row.add_error("scan", error)
    return not row.errors


@require_safe
@at_window
def receipt(request, hall, public_id):
    found = get_object_or_404(_receipts().filter(hall=hall), public_id=public_id)
    return render(request, "window/receipt.html", {"hall": hall, "receipt": found})


@require_safe
@at_window
def receipt_pdf(request, hall, public_id):
    found = get_object_or_404(_receipts().filter(hall=hall), public_id=public_id)
    context = {"receipt": found, "barcode": barcodes.code128_svg(found.number)}
    draw = partial(pdf.render, "window/print/receipt.html", context)
    return printed(request, found.number, draw, "window:receipt", public_id)


@require_safe
@login_required
def own_receipt(request, public_id):
    """The applicant's own copy."""
    own = Application.objects.for_applicant(request.user)
    found = get_object_or_404(_receipts().filter(application__in=own), public_id=public_id)
    return render(request, "window/own_receipt.html", {"receipt": found})


def _receipts():
    return Receipt.objects.select_related("hall", "clerk", "previous", "application")
