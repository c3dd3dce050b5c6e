"""What was decided of a licence outside the portal and is written into the register: penalties, lapse, transfer.

暂扣 and 吊销 are penalties with a decision of their own, and so are named here by its number, date and authority.
"""

from datetime import date

from django.db import transaction

from certificates import log
from certificates.forms import MEASURES
from certificates.moves import MOVES
from certificates.moving import change_status, claim
from exchange import outbox
from licensing.wording import day_text
from routing.refusals import InvalidInput, cleaned


@transaction.atomic
def take(licence, user, name, data):
    """Write a measure (one of MEASURES) into the register; data: its form's. Returns the LicenceEvent.

    Raises NotAllowed, InvalidInput.
    """
    licence = claim(licence, user, name, MOVES[name].by)
    facts = cleaned(MEASURES[name](data)).cleaned_data
    if facts["document_date"] < licence.issued_on:
        said = f"文书的日期早于发证日期（{day_text(licence.issued_on)}），请核对。"
        raise InvalidInput({"document_date": [said]})
    before = change_status(licence, name)
    event = log.record(licence, MOVES[name].event, actor=user, from_status=before, detail=_as_json(facts))
    outbox.emit("licence.moved", licence_event_id=event.pk)
    return event


def suspended_until(licence):
    """Return the last day of the licence's present suspension, or None when it is not suspended."""
    if licence.status != MOVES["suspend"].target:
        return None
    last = licence.events.filter(event=MOVES["suspend"].event).order_by("-sequence").first()
    until = last and last.detail.get("until")
    return date.fromisoformat(until) if until else None


def _as_json(facts):
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items() if value}
