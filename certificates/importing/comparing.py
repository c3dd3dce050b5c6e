"""A slice of rows beside the register: which licences are there already, and what the register says otherwise.

The number of queries is the same for any number of rows.
"""

from django.db.models.fields.json import KT

from certificates.importing.cells import FOR_EVER
from certificates.models import Licence, LicenceStatus, Outcome
from licensing.models import Enterprise
from routing.models import ApprovalTask, TaskStatus


def outcomes(batch, rows, headings):
    """Return {row number: Outcome} of rows that were checked, adding to their problems and warnings."""
    good = [row for row in rows if not row.problems]
    registered, identified, granted = _registered(batch, good), _identified(good), _granted(batch, good)
    names = _names(good)
    found = {}
    for row in good:
        licence = registered.get(row.values["number"])
        if licence:
            row.problems |= differences(licence, row.values, headings)
        elif row.values["number"] in granted:
            row.problems[headings["number"]] = "这个编号刚刚在这里准予，证照马上生成，请核对后去掉这一行"
        elif row.values["identifier"] in identified:
            where = headings["identifier"]
            row.problems[where] = f"已经登记在另一份证照上（编号 {identified[row.values['identifier']]}），请核对"
        name = names.get(row.values["uscc"])
        if name and name != row.values["holder"]:
            row.warnings[headings["holder"]] = f"登记的名称是“{name}”，导入时以登记的为准"
        found[row.number] = Outcome.SAME if licence else Outcome.NEW
    return {row.number: Outcome.BAD if row.problems else found[row.number] for row in rows}


def differences(licence, values, headings):
    """Return {name of the column: sentence} for what a row says otherwise than the licence of its number.

    A column that the file does not have says nothing.
    """
    premises = licence.premises.address if licence.premises else ""
    sides = {
        "uscc": (licence.holder.uscc, values["uscc"]),
        "issued_on": (licence.issued_on.isoformat(), values["issued_on"]),
        "valid_until": (_last_day(licence.valid_until), _last_day(values["valid_until"])),
        "scope": (licence.scope, values["scope"]),
        "address": (premises, values["address"]),
        "status": (LicenceStatus(licence.status).label, LicenceStatus(values["status"]).label),
    }
    if values["identifier"]:
        sides["identifier"] = (licence.identifier or "", values["identifier"])
    return {
        headings.get(field, headings["number"]): f"这个编号已经登记，登记的是“{_shown(there)}”，和这里不同，请核对"
        for field, (there, here) in sides.items()
        if there != here and (field in headings or field == "status")
    }


def _registered(batch, rows):
    """{number: the latest version of its licence of this office and item}"""
    numbers = [row.values["number"] for row in rows]
    found = Licence.objects.filter(office=batch.office_id, item_code=batch.item_code, number__in=numbers)
    return {each.number: each for each in found.select_related("holder", "premises").order_by("version")}


def _granted(batch, rows):
    """The numbers that were granted here and whose licence is issued in a moment."""
    numbers = [row.values["number"] for row in rows]
    tasks = ApprovalTask.objects.alias(number=KT("face__number")).filter(licence=None, status=TaskStatus.GRANTED)
    of_ours = tasks.filter(office=batch.office_id, item_code=batch.item_code, number__in=numbers)
    return set(of_ours.values_list("face__number", flat=True))


def _identified(rows):
    """{identifier: number of the licence that has it}"""
    wanted = [row.values["identifier"] for row in rows if row.values["identifier"]]
    return dict(Licence.objects.filter(identifier__in=wanted).values_list("identifier", "number"))


def _names(rows):
    verified = Enterprise.objects.filter(verified_at__isnull=False, uscc__in={row.values["uscc"] for row in rows})
    return dict(verified.values_list("uscc", "name"))


def _last_day(day):
    return str(day) if day else FOR_EVER


def _shown(text):
    return (text[:40] + "…" if len(text) > 40 else text) or "没有"
