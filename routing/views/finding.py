"""Looking for what a page is about, among what is the user's own: a stranger's answers like a missing one."""

import uuid

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from licensing.models import Application, Status
from routing.models import ApprovalTask

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
# More than a page shows was not ticked on one.
MOST_TICKED = 100


def find(request, public_id):
    """The task, or Http404: another office's answers like a missing one."""
    related = ("item", "office", "assignee", "decided_by", "extension")
    own = ApprovalTask.objects.for_officer(request.user)
    own = own.select_related(*related, "application__enterprise", "application__premises__division")
    return get_object_or_404(own.prefetch_related("stops"), public_id=public_id)


def ticked(request):
    """The tasks whose boxes were ticked, of the user's own offices, the most urgent first."""
    wanted = filter(None, map(_as_id, request.POST.getlist("task")[:MOST_TICKED]))
    own = ApprovalTask.objects.for_officer(request.user).filter(public_id__in=list(wanted))
    return list(own.select_related("item", "office", "application"))


def _as_id(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def submitted(request, public_id):
    """The submitted application of the applicant, or Http404."""
    own = Application.objects.for_applicant(request.user).exclude(status=Status.DRAFT)
    return get_object_or_404(own.select_related("enterprise", "premises"), public_id=public_id)
