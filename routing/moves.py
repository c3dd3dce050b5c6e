"""Every lawful move of a task in one table: from which states, to which, by whom, under which conditions.

What is not in the table does not happen. routing.moving makes the moves.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from guidance.models import Role
from guidance.schema import KINDS, LICENCE
from licensing.models import Application
from routing import conditions, reissues
from routing.models import OPEN, TaskStatus

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
            reissues.prior_stands,
        ),
    ),
    # A paper still to come, or another item's result, would not change that the conditions are not met.
    "refuse": Move(
        "task.refused",
        (ACCEPTED,),
        TaskStatus.REFUSED,
        OFFICER,
        conditions=(conditions.nothing_stopped, reissues.not_deemed_granted),
    ),
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
    "withdraw": Move(
        "task.withdrawn", tuple(OPEN), TaskStatus.WITHDRAWN, APPLICANT, conditions=(reissues.not_deemed_granted,)
    ),
    "withdraw_rest": Move("task.withdrawn", tuple(OPEN), TaskStatus.WITHDRAWN, NOBODY),
    "terminate": Move("task.terminated", tuple(OPEN), TaskStatus.TERMINATED, NOBODY),
    # It lists the enterprise too, which bars it from more than this case: no single officer's decision.
    "end_false_promise": Move(
        "task.terminated",
        (RECEIVED, ACCEPTED),
        TaskStatus.TERMINATED,
        HEAD,
        conditions=(conditions.by_commitment, reissues.not_deemed_granted),
    ),
}


def objection(task, user, name):
    """Return why the user may not make this move on the task, a sentence for them, or ""."""
    move = MOVES[name]
    return (
        not_entitled(task, user, move.by)
        or _not_of_this_kind(task, move)
        or not_in_this_state(task, move)
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
    # The clerk who filled it in for somebody never decides it.
    if user.pk in (application.filer_id, application.clerk_id):
        return True
    return application.enterprise.memberships.filter(user=user).exists()


def _not_of_this_kind(task, move):
    kind = task.as_catalogued.kind
    return "" if kind in move.kinds else f"{kind}事项没有这一步。"


def not_in_this_state(task, move):
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
