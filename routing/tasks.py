import logging
from datetime import timedelta

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from guidance import releases
from licensing.models import Application, OnRefusal, Status
from routing import correcting, deferring, recounting, silence, withdrawing
from routing.clock import WORKING_DAYS, due_on
from routing.counting import rules
from routing.decisions import accept_by_silence
from routing.models import OPEN, ApprovalTask, ClockStop, StopKind
from routing.prerequisites import consequences, release_dependents, waits_no_more
from routing.refusals import NotAllowed
from routing.splitting import split_application
from routing.withdrawing import failures

logger = logging.getLogger(__name__)

# What is younger is still on its way through the outbox.
PATIENCE = timedelta(seconds=30)
# One sweep does no more of each; the next goes on.
BATCH = 500


@shared_task
def sweep():
    """Do what a lost message, or a delivery given up, has left undone, and what a term that has run out brings."""
    for application_id in unsplit(timezone.now() - PATIENCE)[:BATCH]:
        _attempt(split_application, application_id)
    for application_id in with_consequences()[:BATCH]:
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
    """Ids of applications where a decision still has to reach other tasks. One query, over those half decided.

    A second one only where an applicant wanted the rest held, to see what it was held for.
    """
    siblings = ApprovalTask.objects.filter(application=OuterRef("application"))
    half_decided = [Exists(siblings.open()), Exists(siblings.exclude(status__in=OPEN))]
    stops = ClockStop.objects.filter(task=OuterRef("pk"), kind=StopKind.WAITING, ended_on=None)
    tasks = ApprovalTask.objects.filter(*half_decided, application__status=Status.IN_PROGRESS)
    of_application = ("application_id", "application__release_id", "application__on_refusal")
    rows = tasks.annotate(waits=Exists(stops)).values_list(*of_application, "item_code", "status", "waits")
    halves = {}
    for application_id, release_id, on_refusal, code, status, waits in rows.order_by().iterator():
        half = halves.setdefault(application_id, Half(releases.load(release_id).items, on_refusal))
        half.add(code, status, waits)
    wanted_held = [application_id for application_id, half in halves.items() if half.on_refusal == OnRefusal.HOLD]
    held = withdrawing.held_for(wanted_held) if wanted_held else {}
    return [
        application_id
        for application_id, half in halves.items()
        if half.has_consequences(held.get(application_id, frozenset()))
    ]


class Half:
    """A half decided application: what has been decided, and whether the others know."""

    def __init__(self, items, on_refusal):
        self.items, self.on_refusal = items, on_refusal
        self.chosen, self.statuses, self.waiting = {}, {}, []

    def add(self, code, status, waits):
        self.chosen[code], self.statuses[code] = self.items[code], status
        if waits:
            self.waiting.append(code)

    def has_consequences(self, held):
        """held: codes of the failures that the rest was held for already."""
        return (
            any(consequences(self.chosen, self.statuses))
            or any(waits_no_more(code, self.chosen, self.statuses) for code in self.waiting)
            or bool(self.on_refusal != OnRefusal.GO_ON and set(failures(self.chosen, self.statuses)) - held)
        )


def _attempt(step, subject):
    try:
        step(subject)
    except NotAllowed:
        # Somebody was faster, whose name the sentence tells and a log file must not.
        logger.info("%s of %s is not needed any more", step.__name__, getattr(subject, "pk", subject))
    except Exception:
        # One sick application must not keep the others waiting.
        logger.exception("%s of %s failed", step.__name__, getattr(subject, "pk", subject))
