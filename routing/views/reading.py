"""Why this date, and the documents: read by the applicant and by the officers of the task's office."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from guidance.models import Office
from licensing.models import Application, Status
from routing import explaining
from routing.models import ApprovalTask, Document

_OF_A_TASK = ("item", "office", "application__enterprise")


@require_safe
def why(request, public_id):
    """Both clocks counted line by line."""
    found = followed(request.user).select_related(*_OF_A_TASK)
    task = get_object_or_404(found, public_id=public_id)
    context = {"task": task, "why": explaining.why(task), "is_applicant": _is_applicant(request.user, task)}
    return render(request, "routing/applicant/why.html", context)


@require_safe
def document_list(request, public_id):
    """The documents of an application; an officer sees those of their own offices' tasks."""
    tasks = followed(request.user).filter(application__public_id=public_id)
    documents = Document.objects.filter(task__in=tasks).select_related("task__item", "task__office")
    application = Application.objects.filter(public_id=public_id).exclude(status=Status.DRAFT).first()
    own = application and Application.objects.for_applicant(request.user).filter(pk=application.pk).exists()
    if not (own or tasks.exists()):
        raise Http404
    context = {"application": application, "documents": documents.order_by("-issued_at", "-pk"), "is_applicant": own}
    return render(request, "routing/applicant/documents.html", context)


@require_safe
def document(request, public_id):
    """One document as it was issued, to be read and printed."""
    documents = Document.objects.filter(task__in=followed(request.user))
    found = get_object_or_404(
        documents.select_related("task__item", "task__office", "task__application"), public_id=public_id
    )
    return render(request, "routing/document.html", {"document": found})


def followed(user):
    """The tasks that the user follows as an applicant, and those of their offices."""
    # By the few applications and offices of a person; by the ids of an office's tasks it would be 200,000.
    own, offices = Application.objects.for_applicant(user), Office.objects.filter(posts__user=user)
    return ApprovalTask.objects.filter(Q(application__in=own) | Q(office__in=offices))


def _is_applicant(user, task):
    return Application.objects.for_applicant(user).filter(pk=task.application_id).exists()
