import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from guidance import releases
from licensing.models import Application, Status
from routing import correcting, deferring, recounting, silence, withdrawing
from routing.clock import WORKING_DAYS, due_on
from routing.counting import rules
from routing.decisions import accept_by_silence
from routing.models import OPEN, ApprovalTask
from routing.prerequisites import consequences, release_dependents
from routing.splitting import split_application

logger = logging.getLogger(__name__)

# What is younger is still on its way through the outbox.
PATIENCE = timedelta(seconds=30)
# One sweep does no more of each; the next goes on.
BATCH = 500


@shared_task
def sweep():
    """Do what a lost message, or a delivery given up, has left undone, and what a term that has run out brings."""
    for application_id in unsplit(timezone.now() - PATIENCE):
        _attempt(split_application, application_id)
    for application_id in with_consequences():
        _attempt(release_dependents, application_id)
    run_out(timezone.localdate())


def run_out(today):
    """What a term brings that has run out: silence, unanswered corrections, papers that did not come, holds."""
    by = rules()
    soon = due_on(today, by.terms["remind_days"] or 0, WORKING_DAYS, by.calendar).day
    for move, waiting in (
        (accept_by_silence, silence.accepted_by(today, by)),
        (correcting.lapse, correcting.lapsed(today)),
        (deferring.remind, deferring.to_remind(soon)),
        (deferring.end_missed, deferring.missed(today)),
        (withdrawing.end_hold, withdrawing.holds_over(today)),
        (recounting.recount_after_notice, recounting.to_recount()),
    ):
        for one in waiting[:BATCH]:
            _attempt(move, one)


def unsplit(before):
    """Ids of applications submitted before that time and still not split, oldest first."""
    left = Application.objects.filter(status=Status.SUBMITTED, submitted_at__lt=before)
    return left.order_by("submitted_at").values_list("pk", flat=True)


def with_consequences():
    """Ids of applications where a decision still has to reach other tasks. One query, over those half decided."""
    siblings = ApprovalTask.objects.filter(application=OuterRef("application"))
    half_decided = [Exists(siblings.open()), Exists(siblings.exclude(status__in=OPEN))]
    tasks = ApprovalTask.objects.filter(*half_decided, application__status=Status.IN_PROGRESS)
    rows = tasks.values_list("application_id", "application__release_id", "item_code", "status")
    applications = {}
    for application_id, release_id, code, status in rows.order_by().iterator():
        applications.setdefault((application_id, release_id), {})[code] = status
    return [
        application_id
        for (application_id, release_id), statuses in applications.items()
        if _has_consequences(releases.load(release_id).items, statuses)
    ]


def _has_consequences(items, statuses):
    return any(consequences({code: items[code] for code in statuses}, statuses))


def _attempt(step, subject):
    try:
        step(subject)
    except Exception:
        # One sick application must not keep the others waiting.
        logger.exception("%s of %s failed", step.__name__, getattr(subject, "pk", subject))
