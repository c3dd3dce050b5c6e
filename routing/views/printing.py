"""What is printed of a task: the item's own form for its department, and the documents issued on it."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from exchange import pdf
from licensing import printing
from licensing.views.printing import printed
from routing.dossier_fields import masked_of
from routing.models import Document
from routing.values import current_values
from routing.views.finding import find
from routing.views.reading import followed


@require_safe
def item_form(request, public_id):
    """The form as it stands now; numbers that the officer has not asked to see, with a reason, are masked."""
    task = find(request, public_id)
    values, hidden = current_values(task.application), _hidden(task, request.user)
    return printed(
        request,
        f"{task.item_code}-{task.application.number}",
        lambda: printing.item_form(task.application, task.item_code, values, hidden=hidden),
        "admin:routing_approvaltask_change",
        public_id,
    )


@require_safe
def document(request, public_id):
    documents = Document.objects.filter(task__in=followed(request.user)).select_related("task__office")
    found = get_object_or_404(documents, public_id=public_id)
    context = {"document": found, "heading": found.title}
    return printed(
        request,
        f"{found.title}-{found.number}",
        lambda: pdf.render("routing/print_document.html", context),
        "routing:document",
        public_id,
    )


def _hidden(task, officer):
    """Codes of the elements with such numbers, without those for which the officer's reason is on record."""
    seen = task.application.disclosures.filter(viewer=officer).values_list("element_code", flat=True)
    return set(masked_of(task)) - set(seen)
