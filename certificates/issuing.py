"""Issuing: each granted task of an item with a certificate becomes one licence (证照)."""

from datetime import date

from django.db.models.fields.json import KeyTextTransform

from certificates import log
from certificates.models import Licence
from guidance import releases
from licensing.prefilling import NUMBER_ELEMENTS
from licensing.registration import REGISTRATION
from routing.models import ApprovalTask, TaskStatus
from routing.values import values_at

# What the printed licence says, besides its number and dates, that later forms ask for again.
_FROM_LICENCES = "licence"


def awaiting_licence():
    """Granted tasks of items with a certificate that have no licence yet."""
    granted = ApprovalTask.objects.alias(certificate=KeyTextTransform("certificate_name", "item__definition"))
    return granted.filter(status=TaskStatus.GRANTED, certificate__isnull=False, licence=None)


def issue_missing(application):
    """Issue a licence for each granted task of the application that awaits one; returns them.

    The caller holds the application's row locked, so that two callers do not issue twice; the unique source_task
    stands last. Raises IntegrityError when the office has already given that number to another licence.
    """
    tasks = list(awaiting_licence().filter(application=application).select_related("office").order_by("pk"))
    if not tasks:
        return []
    # A worker may come late: what another office had corrected since the grant, this one has not decided on.
    catalogue, values = releases.load(application.release_id), values_at(application, {t.decided_at for t in tasks})
    licences = [_licence(task, application, catalogue, values[task.decided_at]) for task in tasks]
    Licence.objects.bulk_create(licences)
    log.record_issued(licences)
    return licences


def _licence(task, application, catalogue, signed):
    item, face = catalogue.items[task.item_code], task.face
    return Licence(
        holder_id=application.enterprise_id,
        premises_id=None if item.code == REGISTRATION else application.premises_id,
        item_code=item.code,
        name=item.certificate_name,
        number=face["number"],
        office=task.office,
        authority=task.office.name,
        issued_on=date.fromisoformat(face["issued_on"]),
        valid_until=date.fromisoformat(face["valid_until"]) if face.get("valid_until") else None,
        scope=face.get("scope") or "",
        face=_face(item, face, signed, catalogue.elements),
        source_task=task,
    )


def _face(item, face, signed, elements):
    """What the licence shows, by element code: the values as they stand, then what the officer has given."""
    shown = [code for code in item.form_fields if elements[code].source == _FROM_LICENCES and code in signed]
    values = {code: signed[code] for code in shown}
    if item.code == REGISTRATION:
        values |= {"uscc": face["uscc"], "entity_name": face["name"], "establish_date": face["issued_on"]}
    if item.code in NUMBER_ELEMENTS:
        values[NUMBER_ELEMENTS[item.code]] = face["number"]
    return values
