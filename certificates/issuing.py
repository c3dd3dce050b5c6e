"""Issuing: each granted task of an item with a certificate becomes one licence (证照), or the next version of one."""

from datetime import date

from django.db.models.fields.json import KeyTextTransform

from certificates import identifying, log
from certificates.models import Licence, LicenceStatus
from exchange import outbox
from guidance import releases
from licensing.models import Purpose
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
    if application.purpose != Purpose.NEW:
        # A 延续 or 变更 is of one item.
        _follow(_prior_of(application), *licences, application)
    identifying.identify(licences)
    Licence.objects.bulk_create(licences)
    log.record_issued(licences)
    outbox.emit_many("licence.issued", [{"licence_id": licence.pk} for licence in licences])
    return licences


def _prior_of(application):
    """The licence that the application carries on or alters, locked until the transaction ends."""
    return Licence.objects.select_for_update(no_key=True).get(reissues__application=application)


def _follow(prior, licence, application):
    """Make the licence the prior one's next version; the prior one lapses (失效) in the same transaction.

    Whoever ends a licence waits for a granted version of it (reissuing.superseded), so it is in force here. Were that
    ever forgotten, nothing is issued: ValueError.
    """
    in_force = Licence.objects.filter(pk=prior.pk, status=LicenceStatus.VALID)
    if not in_force.update(status=LicenceStatus.LAPSED):
        raise ValueError(f"licence {prior.pk} is {prior.status}, its next version was granted and cannot be issued")
    licence.previous, licence.version = prior, prior.version + 1
    prior.status = LicenceStatus.LAPSED
    detail = {"version": licence.version, "number": licence.number, "application": application.number}
    log.record(
        prior, "superseded", actor=licence.source_task.decided_by, from_status=LicenceStatus.VALID, detail=detail
    )


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
