"""Gathering the decisions of an application's departments: its licences first, then its end (办结, 撤回)."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from certificates.issuing import awaiting_licence, issue_missing
from certificates.telling import tell_of_the_end
from licensing import log
from licensing.models import Application, Status
from routing.models import ApprovalTask
from routing.outcome import status_of

_EVENTS = {Status.COMPLETED: "application.completed", Status.WITHDRAWN: "application.withdrawn"}


@transaction.atomic
def gather(application_id, task_id=None):
    """Issue what is missing and end the application when no task is open; a second run changes nothing.

    The row lock lets one gatherer of an application run at a time: of two last decisions, the later sees both. Every
    move of a task takes the same lock, so a grant and a withdrawal of it are never both here. The licences are in the
    same transaction, so "completed" implies that they exist.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=application_id)
    if application.status != Status.IN_PROGRESS:
        return
    # Asked first: a task decided between the two statements would otherwise end the application without its licence.
    status = status_of(application.tasks.values_list("status", flat=True))
    issue_missing(application)
    if status in _EVENTS:
        _end(application, status)


def left_behind(before):
    """Ids of applications with something to gather whose last decision was taken before that time, oldest first.

    Looks at applications in progress only, by their own index: the work does not grow with what was ever completed.
    """
    tasks = ApprovalTask.objects.filter(application=OuterRef("pk"))
    ripe = (Exists(tasks) & ~Exists(tasks.open())) | Exists(awaiting_licence().filter(application=OuterRef("pk")))
    in_progress = Application.objects.filter(ripe, status=Status.IN_PROGRESS)
    return (
        in_progress.exclude(Exists(tasks.filter(decided_at__gt=before)))
        .order_by("submitted_at")
        .values_list("pk", flat=True)
    )


def _end(application, status):
    """completed_at is the time of either end: a withdrawn application has come to its end as well (办结时间)."""
    in_progress = Application.objects.filter(pk=application.pk, status=Status.IN_PROGRESS)
    if in_progress.update(status=status, completed_at=timezone.now()):
        log.record(application, _EVENTS[status], from_status=Status.IN_PROGRESS, to_status=status)
        tell_of_the_end(application, status)
