"""Ending a licence by its own office: 撤回 by the head, 注销 by an officer; 撤销 is in annulling.

撤回 (Licensing Law art. 8) takes away what was rightly granted and costs the state compensation: the head decides.
注销 (art. 70) is the formal close that the law itself demands once its ground is there, without discretion: an officer.
"""

from django.db import transaction

from certificates import documents, log
from certificates.forms import CancelForm, WithdrawForm
from certificates.grounds import ENDED_BEFORE, EXPIRED
from certificates.models import Ending, EndingKind, LicenceStatus
from certificates.moves import MOVES, TAKEN_AWAY
from certificates.moving import change_status, claim
from exchange import outbox
from guidance.models import Role
from guidance.schema import LICENCE
from routing.refusals import InvalidInput, cleaned


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


def _ground_does_not_fit(licence, ground):
    taken_away = licence.status in TAKEN_AWAY
    if taken_away != (ground == ENDED_BEFORE):
        return f"这份证照现在是“{licence.status_text}”，这项依据不适用。"
    if ground == EXPIRED and not (licence.has_expired or licence.status == LicenceStatus.LAPSED):
        return "有效期还没有届满，这项依据不适用。"
    return ""


def finish(licence, kind, actor, facts, proposal=None, more=None):
    """End a claimed licence: guarded UPDATE, log row and document; returns the Ending.

    facts: see documents; more: what else the log says.
    """
    before = change_status(licence, kind)
    event = log.record(licence, MOVES[kind].event, actor=actor, from_status=before, detail=facts | (more or {}))
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
