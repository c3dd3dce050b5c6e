"""Making a move of routing.moves: claimed (locked and checked), then performed, all in the caller's transaction.

Performing is one guarded UPDATE with its log rows, documents and events.
"""

from dataclasses import dataclass, field

from django.utils import timezone

from exchange import outbox
from guidance.models import Post
from licensing import log
from licensing.models import Application
from routing.counting import CLOCK_FIELDS, clock_detail, recount_many, rules
from routing.models import ENDED, ApprovalTask, ClockStop, Correction, Document, Proposal, TaskStatus
from routing.moves import HEAD, MOVES, OFFICER, not_in_this_state, objection
from routing.refusals import AlreadyDecided, NotAllowed


@dataclass
class Step:
    """One task's part in a performed move. The task carries its new values already."""

    task: ApprovalTask
    detail: dict = field(default_factory=dict)
    document: Document | None = None


def lock(application_id):
    """Lock the application: whoever changes one of its tasks waits here first, so no two lock crosswise."""
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=application_id)


def claim(task, user, name):
    """Lock the application, then return the task as it is now if this user may make the move. Raises NotAllowed.

    Asked under the lock, so a post taken away or a withdrawal that came first is seen. A task of another office, or
    another applicant's, is refused with the same sentence as none at all.
    """
    lock(task.application_id)
    if MOVES[name].by in (OFFICER, HEAD):
        hold_post(task.office_id, user)
    now = ApprovalTask.objects.select_related("application__enterprise", "item", "office").get(pk=task.pk)
    if why := objection(now, user, name):
        too_late = why == not_in_this_state(now, MOVES[name])
        raise (AlreadyDecided if too_late else NotAllowed)(why)
    return now


def hold_post(office_id, user):
    """Who takes the post away waits for this move to end, or was first; never in between."""
    list(Post.objects.filter(user=user, office=office_id).select_for_update(no_key=True).values_list("pk"))


def perform(name, step, actor=None):
    """Make the move on one claimed task; returns its LogEntry."""
    return perform_many(name, [step], actor)[0]


def perform_many(name, steps, actor=None):
    """Make the move on claimed tasks of one application, in a constant number of queries; returns their LogEntries."""
    move, tasks = MOVES[name], [step.task for step in steps]
    if not tasks:
        return []
    before = {task.pk: task.status for task in tasks}
    for task in tasks:
        _set_state(task, move, actor)
    if move.target in ENDED:
        _close_what_is_open(tasks, actor)
    guarded = ApprovalTask.objects.filter(status__in=move.sources)
    # The lock has let nobody in between; were it ever forgotten, fewer rows would match.
    if guarded.bulk_update(tasks, _FIELDS) != len(tasks):
        raise AlreadyDecided("这件刚刚被别人办理，您的操作没有生效。")
    entries = [_entry(step, move, before[step.task.pk]) for step in steps]
    rows = log.record_many(tasks[0].application, entries, actor=actor)
    issuer = actor if move.by in (OFFICER, HEAD) else None
    issue([(step.document, row) for step, row in zip(steps, rows, strict=True) if step.document], issuer)
    if kind := _announced(move.target):
        outbox.emit_many(kind, [{"task_id": task.pk, "application_id": task.application_id} for task in tasks])
    return rows


def _announced(target):
    return "task.accepted" if target == TaskStatus.ACCEPTED else "task.decided" if target in ENDED else ""


_FIELDS = [
    "status",
    "assignee",
    "by_commitment",
    "received_at",
    "complete_at",
    "accepted_at",
    "decided_at",
    "decided_by",
    "reason",
    "right_authority",
    "face",
    *CLOCK_FIELDS,
]


def _set_state(task, move, actor):
    if move.target is None:
        return
    task.status = move.target
    if move.target in ENDED:
        task.decided_at = timezone.now()
        task.decided_by = actor if move.by in (OFFICER, HEAD) else None
        task.clock_stopped = task.statutory_stopped = False


def _close_what_is_open(tasks, actor):
    """Nothing of an ended task stays open; a stop that ends with it still moves its due dates."""
    now, today = timezone.now(), timezone.localdate()
    stops = ClockStop.objects.filter(task__in=tasks, ended_on=None)
    stopped = set(stops.values_list("task", flat=True))
    if stopped:
        stops.update(ended_on=today, closed_by=actor)
        recount_many([task for task in tasks if task.pk in stopped], rules())
    Correction.objects.filter(task__in=tasks, answered_at=None, closed_at=None).update(closed_at=now)
    proposals = Proposal.objects.filter(task__in=tasks, settled_at=None)
    proposals.update(settled_at=now, settled_by=None, approved=False, remark="这件已经办结，没有复核。")


def _entry(step, move, before):
    return {
        "event": move.event,
        "item_code": step.task.item_code,
        "from_status": before,
        "to_status": step.task.status,
        "detail": clock_detail(step.task) | step.detail,
    }


def issue(documents, actor):
    """Write documents, each with its log row: numbered by it and the application, so no counter, gap or double."""
    for document, row in documents:
        document.number = f"{document.task.application.number}-{row.sequence}"
        document.issued_at, document.issued_by = row.at, actor
    Document.objects.bulk_create([document for document, _ in documents])
