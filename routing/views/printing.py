"""What is printed of a task: the item's own form for its department, and the documents issued on it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from guidance import releases
from licensing import pdf, printing
from licensing.masking import is_masked
from licensing.pdf import PdfUnavailable
from licensing.views.printing import pdf_response
from routing.models import Document
from routing.values import current_values
from routing.views.finding import find
from routing.views.reading import followed


@require_safe
def item_form(request, public_id):
    """The form as it stands now; numbers that the officer has not asked to see, with a reason, are masked."""
    task = find(request, public_id)
    values, hidden = current_values(task.application), _hidden(task, request.user)
    try:
        content = printing.item_form(task.application, task.item_code, values, hidden=hidden)
    except PdfUnavailable as reason:
        messages.error(request, str(reason))
        return redirect("admin:routing_approvaltask_change", public_id)
    return pdf_response(content, f"{task.item_code}-{task.application.number}.pdf")


@require_safe
def document(request, public_id):
    documents = Document.objects.filter(task__in=followed(request.user)).select_related("task__office")
    found = get_object_or_404(documents, public_id=public_id)
    try:
        content = pdf.render("routing/print_document.html", {"document": found, "heading": found.title})
    except PdfUnavailable as reason:
        messages.error(request, str(reason))
        return redirect("routing:document", public_id)
    return pdf_response(content, f"{found.title}-{found.number}.pdf")


def _hidden(task, officer):
    """Codes of the elements with such numbers, without those for which the officer's reason is on record."""
    elements = releases.load(task.application.release_id).elements
    asked = task.application.snapshot["items"][task.item_code]["elements"]
    seen = task.application.disclosures.filter(viewer=officer).values_list("element_code", flat=True)
    return {code for code in asked if is_masked(elements[code])} - set(seen)
