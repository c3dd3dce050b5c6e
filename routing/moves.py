"""Every lawful move of a task in one table: from which states, to which, by whom, under which conditions.

A move is claimed (locked and checked), then performed: one guarded UPDATE, its log rows, documents and events, all in
the caller's transaction. What is not in the table does not happen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from exchange import outbox
from guidance.models import Post, Role
from guidance.schema import KINDS, LICENCE
from licensing import log
from licensing.models import Application
from routing import conditions
from routing.counting import CLOCK_FIELDS, clock_detail, recount_many, rules
from routing.models import ENDED, OPEN, ApprovalTask, ClockStop, Correction, Document, Proposal, TaskStatus
from routing.refusals import AlreadyDecided, NotAllowed

WAITING, RECEIVED, CORRECTION, ACCEPTED = OPEN
RUNNING = (RECEIVED, CORRECTION, ACCEPTED)

OFFICER, HEAD, APPLICANT, NOBODY = "officer", "head", "applicant", "nobody"


@dataclass(frozen=True)
class Move:
    """target None: the task stays where it is. by: who may; NOBODY is the portal itself, when a term has run out."""

    event: str
    sources: tuple
    target: TaskStatus | None
    by: str
    kinds: tuple = KINDS
    conditions: tuple[Callable, ...] = field(default=())


MOVES = {
    "receive": Move("task.received", (WAITING,), RECEIVED, NOBODY),
    "accept": Move("task.accepted", (RECEIVED,), ACCEPTED, OFFICER, conditions=(conditions.not_barred,)),
    # Licensing Law art. 32(4): a licence's only; a filing or service has no acceptance that silence could mean.
    "accept_by_silence": Move(
        "task.accepted_by_silence", (RECEIVED,), ACCEPTED, NOBODY, (LICENCE,), (conditions.nothing_told_in_time,)
    ),
    "ask_correction": Move(
        "task.correction_asked", (RECEIVED,), CORRECTION, OFFICER, conditions=(conditions.still_to_be_told,)
    ),
    "answer_correction": Move("task.correction_answered", (CORRECTION,), RECEIVED, APPLICANT),
    "lapse_correction": Move("task.returned", (CORRECTION,), TaskStatus.RETURNED, NOBODY),
    "close_correction": Move(
        "task.returned", (CORRECTION,), TaskStatus.RETURNED, OFFICER, conditions=(conditions.has_term_left_open,)
    ),
    "decline": Move(
        "task.declined", (RECEIVED,), TaskStatus.DECLINED, OFFICER, conditions=(conditions.still_to_be_told,)
    ),
    "grant": Move(
        "task.granted",
        (ACCEPTED,),
        TaskStatus.GRANTED,
        OFFICER,
        conditions=(
            conditions.prerequisites_granted,
            conditions.prerequisites_stand,
            conditions.nothing_stopped,
            conditions.papers_supplied,
            conditions.not_barred,
        ),
    ),
    # A paper still to come, or another item's result, would not change that the conditions are not met.
    "refuse": Move("task.refused", (ACCEPTED,), TaskStatus.REFUSED, OFFICER, conditions=(conditions.nothing_stopped,)),
    "stop": Move("task.stopped", (ACCEPTED,), None, OFFICER, conditions=(conditions.nothing_proposed,)),
    "resume": Move("task.resumed", (ACCEPTED,), None, OFFICER, conditions=(conditions.something_stopped,)),
    "extend": Move("task.extended", (ACCEPTED,), None, HEAD, (LICENCE,), (conditions.extendable,)),
    "propose": Move("task.proposed", (ACCEPTED,), None, OFFICER, conditions=(conditions.nothing_proposed,)),
    "send_back": Move("task.proposal_returned", (ACCEPTED,), None, OFFICER),
    "reassign": Move("task.reassigned", tuple(OPEN), None, HEAD),
    "supply": Move("task.supplied", tuple(OPEN), None, APPLICANT),
    "take": Move("task.paper_taken", (ACCEPTED,), None, OFFICER, conditions=(conditions.paper_owed,)),
    "remind": Move("task.reminded", (ACCEPTED,), None, NOBODY),
    "hold": Move("task.held", tuple(OPEN), None, NOBODY),
    "go_on": Move("task.went_on", tuple(OPEN), None, APPLICANT),
    "end_hold": Move("task.hold_ended", tuple(OPEN), None, NOBODY),
    "recount": Move("task.recounted", RUNNING, None, NOBODY),
    "withdraw": Move("task.withdrawn", tuple(OPEN), TaskStatus.WITHDRAWN, APPLICANT),
    "withdraw_rest": Move("task.withdrawn", tuple(OPEN), TaskStatus.WITHDRAWN, NOBODY),
    "terminate": Move("task.terminated", tuple(OPEN), TaskStatus.TERMINATED, NOBODY),
    "end_false_promise": Move(
        "task.terminated", (RECEIVED, ACCEPTED), TaskStatus.TERMINATED, OFFICER, conditions=(conditions.by_commitment,)
    ),
}


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
        too_late = why == _not_in_this_state(now, MOVES[name])
        raise (AlreadyDecided if too_late else NotAllowed)(why)
    return now


def hold_post(office_id, user):
    """Who takes the post away waits for this move to end, or was first; never in between."""
    list(Post.objects.filter(user=user, office=office_id).select_for_update(no_key=True).values_list("pk"))


def objection(task, user, name):
    """Return why the user may not make this move on the task, a sentence for them, or ""."""
    move = MOVES[name]
    return (
        not_entitled(task, user, move.by)
        or _not_of_this_kind(task, move)
        or _not_in_this_state(task, move)
        or unmet(task, name)
    )


def unmet(task, name):
    """Return which condition of the move does not hold yet, a sentence, or ""."""
    return next(filter(None, (condition(task) for condition in MOVES[name].conditions)), "")


def lawful(task, user, names):
    """Return the names of the moves, in that order, whose state, kind and person fit; conditions are not asked."""
    fitting = [name for name in names if task.status in MOVES[name].sources]
    fitting = [name for name in fitting if not _not_of_this_kind(task, MOVES[name])]
    # Asked once for all moves of officers, and once for those of a head.
    entitled = {by: not not_entitled(task, user, by) for by in {MOVES[name].by for name in fitting}}
    return [name for name in fitting if entitled[MOVES[name].by]]


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
    if move.target in ENDED:
        ends = [{"task_id": task.pk, "application_id": task.application_id} for task in tasks]
        outbox.emit_many("task.decided", ends)
    return rows


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


def not_entitled(task, user, by):
    """Return why the user may make no move of that sort (OFFICER, HEAD, ...) on the task, a sentence, or ""."""
    if by == NOBODY:
        return "" if user is None else "这一步由系统自动办理。"
    if by == APPLICANT:
        own = Application.objects.for_applicant(user).filter(pk=task.application_id)
        return "" if own.exists() else "您现在不能代表这个主体办理。"
    posts = task.office.posts.filter(user=user)
    if not posts.exists():
        return "您现在没有这个机关的岗位，不能办理这件。"
    if by == HEAD and not posts.filter(role=Role.HEAD).exists():
        return "这一步由本机关负责人办理。"
    if is_party(user, task.application):
        return "您是这件申请的申请人一方，应当回避，请交给同事办理。"
    return ""


def is_party(user, application):
    return application.filer_id == user.pk or application.enterprise.memberships.filter(user=user).exists()


def _not_of_this_kind(task, move):
    kind = task.as_catalogued.kind
    return "" if kind in move.kinds else f"{kind}事项没有这一步。"


def _not_in_this_state(task, move):
    if task.status in move.sources:
        return ""
    if task.status == WAITING:
        return "前置事项还没有办成，这件还不能办理。"
    if task.status == RECEIVED:
        return "这件还没有受理，请先受理。"
    moved = task.application.log.filter(item_code=task.item_code, to_status=task.status)
    last = moved.exclude(from_status=task.status).select_related("actor").last()
    if last is None or last.actor is None:
        return f"这件已经{task.status_text}，没有再改动。"
    at = timezone.localtime(last.at)
    return f"{last.actor} 已在 {at:%m月%d日 %H:%M} 把这件办为“{task.status_text}”，您的操作没有生效。"
