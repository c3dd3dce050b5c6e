"""One task's page: what there is to read, the moves as buttons, and the form of the one that was chosen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from guidance.models import Role
from licensing.disclosures import seen_in_full, show_in_full
from licensing.files import uploads
from licensing.models import StoredFile
from routing import refusals
from routing.acts import ACTS, done
from routing.desk import Desk
from routing.dossier import dossier_of, face_of
from routing.dossier_fields import masked_of
from routing.values import current_values
from routing.views.finding import find


@require_safe
def task(request, public_id):
    found = find(request, public_id)
    desk = Desk(found, request.user)
    return _page(request, desk, desk.offer(request.GET.get("move", "")))


@require_POST
def move(request, public_id, move):
    """Make the move, or show its form again with what was typed and what is wrong."""
    found = find(request, public_id)
    if move not in ACTS:
        raise Http404
    desk = Desk(found, request.user)
    offer = desk.offer(move)
    if offer is None:
        messages.error(request, desk.why_not(move))
        return redirect("admin:routing_approvaltask_change", public_id)
    form = ACTS[move].form(found, request.POST)
    if form.is_valid() and _done(request, found, move, form):
        return redirect("admin:routing_approvaltask_change", public_id)
    return _page(request, desk, offer, form)


def _done(request, task, name, form):
    """Make the move and say so; False when its form says what is wrong."""
    try:
        ACTS[name].do(task, request.user, form)
    except refusals.AlreadyDecided as reason:
        messages.error(request, str(reason))
        return True
    except refusals.InvalidInput as wrong:
        for field, sentences in wrong.errors.items():
            form.add_error(field if field in form.fields else None, sentences)
        return False
    except refusals.NotAllowed as reason:
        form.add_error(None, str(reason))
        return False
    messages.success(request, done(name, find(request, task.public_id)))
    return True


@require_POST
def disclose(request, public_id, code):
    """Show one masked element of the item in full, this once: on the answer to a POST, never under an address."""
    found = find(request, public_id)
    if code not in masked_of(found):
        raise Http404
    desk = Desk(found, request.user)
    if desk.barred:
        messages.error(request, desk.barred)
        return redirect("admin:routing_approvaltask_change", public_id)
    try:
        show_in_full(
            request.user, found.application, code, request.POST.get("reason"), values=current_values(found.application)
        )
    except ValidationError as wrong:
        return _page(request, desk, None, refused={"code": code, "text": wrong.messages[0]})
    return _page(request, desk, None, full=[code])


def _page(request, desk, offer, form=None, *, full=(), refused=None):
    """full: codes of elements to show unmasked; refused: {"code", "text"} of a disclosure that was not made."""
    task = desk.task
    if offer and form is None:
        form = ACTS[offer.name].form(task)
    context = dossier_of(task, full) | {
        "refused": refused,
        "disclosures": seen_in_full(task.application, masked_of(task)) if _heads(request.user, task) else [],
        "desk": desk,
        "offer": offer,
        "form": form,
        "proposed_face": face_of(task.as_catalogued, desk.proposal.face) if desk.proposal else [],
    }
    return render(request, "routing/task.html", context)


def _heads(user, task):
    """Only who answers for the office sees who of it has looked."""
    return task.office.posts.filter(user=user, role=Role.HEAD).exists()


@require_safe
@xframe_options_sameorigin
def preview(request, file_id):
    """A PDF to be read inside a task's page."""
    files = StoredFile.objects.visible_to(request.user).filter(content_type="application/pdf")
    return redirect(uploads.link(get_object_or_404(files, public_id=file_id), request.user, "preview"))
