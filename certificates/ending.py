"""Ending a licence by its own office: 撤回 by the head, 注销 by an officer; 撤销 is in annulling.

撤回 (Licensing Law art. 8) takes away what was rightly granted and costs the state compensation: the head decides.
注销 (art. 70) is the formal close that the law itself demands once its ground is there, without discretion: an officer.
"""

from dataclasses import dataclass

from django.db import transaction

from certificates import documents, log
from certificates.forms import CancelForm, WithdrawForm
from certificates.grounds import ENDED_BEFORE, EXPIRED
from certificates.models import Ending, EndingKind, Licence, LicenceStatus
from exchange import outbox
from guidance.models import Role
from guidance.schema import LICENCE
from routing.moving import hold_post, lock
from routing.refusals import AlreadyDecided, InvalidInput, NotAllowed, cleaned

_IN_FORCE = (LicenceStatus.VALID, LicenceStatus.SUSPENDED)
# What art. 70(4) closes; nothing but this ground fits a licence that has ended so.
_TAKEN_AWAY = (LicenceStatus.ANNULLED, LicenceStatus.WITHDRAWN, LicenceStatus.REVOKED)


@dataclass(frozen=True)
class Way:
    """event: in the licence's log. by: whose decision it is."""

    event: str
    sources: tuple
    target: LicenceStatus
    by: Role


WAYS = {
    EndingKind.ANNUL: Way("annulled", _IN_FORCE, LicenceStatus.ANNULLED, Role.HEAD),
    EndingKind.WITHDRAW: Way("withdrawn", _IN_FORCE, LicenceStatus.WITHDRAWN, Role.HEAD),
    EndingKind.CANCEL: Way(
        "cancelled", (*_IN_FORCE, LicenceStatus.LAPSED, *_TAKEN_AWAY), LicenceStatus.CANCELLED, Role.OFFICER
    ),
}


@transaction.atomic
def withdraw(licence, head, data):
    """撤回 a licence in force; data: WithdrawForm's. Returns its Ending. Raises NotAllowed, InvalidInput."""
    licence = claim(licence, head, EndingKind.WITHDRAW, Role.HEAD)
    return finish(licence, EndingKind.WITHDRAW, head, cleaned(WithdrawForm(data)).cleaned_data)


@transaction.atomic
def cancel(licence, officer, data):
    """注销 a licence; data: CancelForm's. Returns its Ending. Raises NotAllowed, InvalidInput."""
    licence = claim(licence, officer, EndingKind.CANCEL, Role.OFFICER)
    facts = cleaned(CancelForm(data)).cleaned_data
    if why := _ground_does_not_fit(licence, facts["ground"]):
        raise InvalidInput({"ground": [why]})
    return finish(licence, EndingKind.CANCEL, officer, facts)


def objection(licence, user, kind, by):
    """Return why the user may not end the licence this way, a sentence for them, or "". by: the Role it needs."""
    return (
        not_entitled(licence.office, licence.holder, user, by)
        or not_in_force(licence, kind)
        or (licence.proposals.open().exists() and "已经提出撤销这份证照，要等另一位负责人决定。")
        or ""
    )


def not_entitled(office, holder, user, by):
    """Return why the user may not act for the office on what concerns the holder, or ""."""
    posts = office.posts.filter(user=user) if office else None
    if posts is None or not posts.exists():
        return "您现在没有发证机关的岗位，不能办理。"
    if by == Role.HEAD and not posts.filter(role=Role.HEAD).exists():
        return "这一步由本机关负责人办理。"
    if holder.memberships.filter(user=user).exists():
        return "您是持证人一方，应当回避，请交给同事办理。"
    return ""


def not_in_force(licence, kind):
    """Return why the licence, as it stands, cannot be ended this way, or ""."""
    if licence.status not in WAYS[kind].sources:
        return f"这份证照现在是“{licence.status_text}”，不能再{EndingKind(kind).label}。"
    if kind == EndingKind.WITHDRAW and licence.has_expired:
        return "这份证照已经过期，没有可以撤回的；请办理注销。"
    return ""


def _ground_does_not_fit(licence, ground):
    taken_away = licence.status in _TAKEN_AWAY
    if taken_away != (ground == ENDED_BEFORE):
        return f"这份证照现在是“{licence.status_text}”，这项依据不适用。"
    if ground == EXPIRED and not (licence.has_expired or licence.status == LicenceStatus.LAPSED):
        return "有效期还没有届满，这项依据不适用。"
    return ""


def claim(licence, user, kind, by):
    """Lock the licence, then return it as it is now if the user may end it this way. Raises NotAllowed."""
    now = lock_licence(licence)
    hold_post(now.office_id, user)
    if why := objection(now, user, kind, by):
        raise (AlreadyDecided if now.status not in WAYS[kind].sources else NotAllowed)(why)
    return now


def lock_licence(licence):
    """Lock and return the licence as it is now; its application first, as gathering does, so no two lock crosswise."""
    if licence.source_task_id:
        lock(licence.source_task.application_id)
    Licence.objects.select_for_update(no_key=True).only("pk").get(pk=licence.pk)
    related = ("office", "holder", "source_task__application__enterprise", "source_task__item", "source_task__office")
    return Licence.objects.select_related(*related).get(pk=licence.pk)


def finish(licence, kind, actor, facts, proposal=None, more=None):
    """End a claimed licence: guarded UPDATE, log row and document; returns the Ending.

    facts: see documents; more: what else the log says.
    """
    way, before = WAYS[kind], licence.status
    if not Licence.objects.filter(pk=licence.pk, status__in=way.sources).update(status=way.target):
        raise AlreadyDecided("这份证照刚刚被别人办理，您的操作没有生效。")
    licence.status = way.target
    event = log.record(licence, way.event, actor=actor, from_status=before, detail=facts | (more or {}))
    item_kind = licence.source_task.as_catalogued.kind if licence.source_task else LICENCE
    return announced(
        kind=kind,
        ground=facts["ground"],
        office=licence.office,
        holder=licence.holder,
        licence=licence,
        proposal=proposal,
        # The row of the log makes it unique; the licence's number makes it speak.
        number=f"{licence.number}-{event.pk}",
        title=documents.title(kind, item_kind),
        addressee=licence.holder.name,
        paragraphs=documents.paragraphs(kind, documents.of_licence(licence), facts),
        decided_by=actor,
        decided_at=event.at,
    )


def announced(**ending):
    """Write the Ending and tell its holder of it."""
    written = Ending.objects.create(**ending)
    outbox.emit("licence.ended", ending_id=written.pk)
    return written
