"""取件架: what waits at this hall, and handing it over."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from exchange import barcodes, pdf
from licensing.files import uploads
from licensing.forms.text import tidied
from licensing.masking import masked
from licensing.views.printing import printed
from window import shelf
from window.forms.counter import HandOverForm
from window.models import Handover
from window.views.access import at_window, refuse

PER_PAGE = 20
_LONGEST = 60


@require_safe
@at_window
def on_shelf(request, hall):
    text = tidied(request.GET.get("q", "").replace("\0", ""))[:_LONGEST]
    waiting = shelf.ready(hall).select_related("enterprise", "premises").order_by("-submitted_at", "-pk")
    page = Paginator(shelf.matching(waiting, text) if text else waiting, PER_PAGE).get_page(request.GET.get("page"))
    things = shelf.things_of(page.object_list)
    rows = [{"application": one, "things": things[one.pk]} for one in page]
    return render(request, "window/shelf.html", {"hall": hall, "page_obj": page, "rows": rows, "text": text})


@at_window
def hand_over(request, hall, public_id):
    application = shelf.ready(hall).select_related("enterprise", "premises").filter(public_id=public_id).first()
    if application is None:
        return _nothing_left(request, hall, public_id)
    things = shelf.things_of([application])[application.pk]
    options = {"things": things, "enterprise": application.enterprise, "autofocus": True}
    form = HandOverForm(request.POST or None, request.FILES or None, **options)
    if request.method == "POST" and form.is_valid() and _handed_over(request, hall, application, form):
        messages.success(request, "已交付，申请人会在消息里看到。")
        return redirect("window:given", application.public_id)
    return render(request, "window/hand_over.html", {"hall": hall, "application": application, "form": form})


@require_safe
@at_window
def given(request, hall, public_id):
    """What this hall gave out for a case, to whom: the number of who came is masked from now on."""
    rows = _given(hall, public_id).select_related("licence", "document", "clerk").order_by("-pk")
    rows = [{"row": row, "id_number": masked("id_number", row.person_id_number)} for row in rows]
    if not rows:
        raise Http404
    return render(request, "window/given.html", {"hall": hall, "rows": rows})


@require_safe
@at_window
def slip(request, hall, public_id):
    """取件单, to be signed by whoever takes the things."""
    application = get_object_or_404(shelf.ready(hall).select_related("enterprise", "premises"), public_id=public_id)
    context = {
        "hall": hall,
        "application": application,
        "things": shelf.things_of([application])[application.pk],
        "barcode": barcodes.code128_svg(application.number),
    }
    draw = partial(pdf.render, "window/print/slip.html", context)
    return printed(request, application.number, draw, "window:hand-over", public_id)


def _nothing_left(request, hall, public_id):
    """What was given out here a moment ago is shown, not given out twice; anything else is not there."""
    if not _given(hall, public_id).exists():
        raise Http404
    messages.warning(request, "这些结果已经交付过了，没有再交付一次。")
    return redirect("window:given", public_id)


def _given(hall, public_id):
    licences = Handover.objects.filter(hall=hall, licence__source_task__application__public_id=public_id)
    return licences | Handover.objects.filter(hall=hall, document__task__application__public_id=public_id)


def _handed_over(request, hall, application, form):
    """Were they given out? If not, the form says why."""
    data = form.cleaned_data
    scans = [*form.proofs, *([data["slip"]] if data["slip"] else [])]
    try:
        with uploads.stored(scans, request.user) as kept:
            kept = list(kept)
            proof = kept.pop(0) if form.proofs else None
            slip = kept.pop() if kept else None
            signed = {"slip": slip, "signed_on_paper": data["signed"]}
            shelf.hand_over(application, data["things"], hall, request.user, form.person(proof), **signed)
    except (shelf.NotHandedOver, ValidationError) as error:
        refuse(form, error)
    return not form.errors
