"""A slice of good rows becomes licences: holders and premises found or made, the register's rows, and their log.

One transaction for the slice; each row goes in wholly or not at all. The number of queries does not grow with the rows.
"""

import uuid
from datetime import date

from django.utils import timezone

from certificates import identifying, log
from certificates.importing import comparing
from certificates.importing.checking import Row
from certificates.models import ImportRow, Licence, Outcome
from guidance.models import Division, Office
from licensing.enterprises import TYPES
from licensing.models import Enterprise, EnterpriseEvent, Premises


def enter(batch, rows):
    """Make licences of ImportRows that were found new; return how many. Must run inside a transaction.

    What another import or a grant has taken since the check becomes SAME or BAD; the rows are saved.
    """
    headings = batch.columns["fields"]
    # Imports of an office come one after another here: of two that say otherwise of one number the second sees it.
    Office.objects.select_for_update(no_key=True).only("pk").get(pk=batch.office_id)
    free = _still_free(batch, rows, headings)
    holders = _holders(free, batch.decided_by_id)
    premises = _premises(free, holders)
    licences = {row.pk: _licence(batch, row.values, holders, premises) for row in free}
    identifying.identify(list(licences.values()))
    entered = _insert(licences)
    log.record_imported(
        [licences[row.pk] for row in free if row.pk in entered],
        batch.decided_by,
        [_detail(batch, row) for row in free if row.pk in entered],
    )
    for row in free:
        if row.pk in entered:
            row.outcome = Outcome.DONE
    if beaten := [row for row in free if row.pk not in entered]:
        _judge_again(batch, beaten, headings)
    _save(rows)
    return len(entered)


def _still_free(batch, rows, headings):
    _judge(batch, rows, headings)
    _leave_to_others(batch.decided_by_id, rows, headings)
    return [row for row in rows if row.outcome == Outcome.NEW]


def _leave_to_others(officer_id, rows, headings):
    """Nobody writes the licences of an enterprise of their own into the register."""
    usccs = {row.values["uscc"] for row in rows if row.outcome == Outcome.NEW}
    own = Enterprise.objects.filter(uscc__in=usccs, memberships__user=officer_id).values_list("uscc", flat=True)
    own = set(own)
    for row in rows:
        if row.outcome == Outcome.NEW and row.values["uscc"] in own:
            row.outcome = Outcome.BAD
            row.problems = {headings["uscc"]: "您是持证人一方，应当回避，请交给同事导入"}


def _judge(batch, rows, headings):
    """Hold the rows against the register as it is now."""
    beside = {row.number: Row(row.number, row.cells, row.values) for row in rows}
    outcomes = comparing.outcomes(batch, list(beside.values()), headings)
    for row in rows:
        row.outcome, row.problems = outcomes[row.number], beside[row.number].problems


def _judge_again(batch, rows, headings):
    """Rows whose number or identifier another transaction took a moment ago."""
    _judge(batch, rows, headings)
    for row in rows:
        if row.outcome == Outcome.NEW:
            # Two rows of this slice with one identifier.
            where = headings.get("identifier", headings["number"])
            row.outcome, row.problems = Outcome.BAD, {where: "和刚刚登记的另一份证照相同，请核对"}


def _holders(rows, officer_id):
    """{USCC: its verified enterprise}; those that are not there are registered, in the officer's name."""
    wanted = {row.values["uscc"]: row.values["holder"] for row in reversed(rows)}
    found = _verified(wanted)
    now = timezone.now()
    made = [
        Enterprise(
            uscc=uscc,
            name=name,
            entity_type=_type(uscc),
            added_by_id=officer_id,
            verified_at=now,
            verified_by_id=officer_id,
        )
        for uscc, name in sorted(wanted.items())
        if uscc not in found
    ]
    if not made:
        return found
    # A clerk may confirm one of them in this very moment: then that row counts.
    Enterprise.objects.bulk_create(made, ignore_conflicts=True)
    found = _verified(wanted)
    ours = {each.public_id for each in made}
    EnterpriseEvent.objects.bulk_create(
        EnterpriseEvent(enterprise=each, kind=EnterpriseEvent.Kind.REGISTERED, actor_id=officer_id)
        for each in found.values()
        if each.public_id in ours
    )
    return found


def _verified(usccs):
    return {each.uscc: each for each in Enterprise.objects.filter(verified_at__isnull=False, uscc__in=list(usccs))}


def _type(uscc):
    kinds = TYPES.get(uscc[:2], ())
    return kinds[0] if len(kinds) == 1 else ""


def _premises(rows, holders):
    """{(holder's key, address): Premises} of the rows that name an address; new ones are added."""
    wanted = {}
    for row in rows:
        if row.values["address"]:
            wanted.setdefault((holders[row.values["uscc"]].pk, row.values["address"]), row.values)
    if not wanted:
        return {}
    divisions = dict(Division.objects.values_list("code", "pk"))
    # Those that are there stay as they are.
    Premises.objects.bulk_create(
        (
            Premises(
                enterprise_id=holder,
                name=values["premises"] or values["holder"],
                division_id=divisions[values["division"]],
                address=address,
            )
            for (holder, address), values in sorted(wanted.items(), key=lambda each: each[0])
        ),
        ignore_conflicts=True,
    )
    found = Premises.objects.filter(
        enterprise__in={holder for holder, _ in wanted}, address__in={address for _, address in wanted}
    )
    return {(each.enterprise_id, each.address): each for each in found}


def _licence(batch, values, holders, premises):
    holder = holders[values["uscc"]]
    return Licence(
        public_id=uuid.uuid4(),
        holder=holder,
        premises=premises.get((holder.pk, values["address"])),
        item_code=batch.item_code,
        name=batch.name,
        number=values["number"],
        identifier=values["identifier"],
        office=batch.office,
        authority=batch.office.name,
        issued_on=date.fromisoformat(values["issued_on"]),
        valid_until=values["valid_until"] and date.fromisoformat(values["valid_until"]),
        scope=values["scope"],
        status=values["status"],
        version=values.get("version", 1),
        imported_in=batch,
    )


def _insert(licences):
    """Insert the licences, in the order of their numbers; return the keys of those that no other came before.

    licences: {key: Licence}; what is inserted gets its primary key.
    """
    ordered = sorted(licences.values(), key=lambda licence: licence.number)
    Licence.objects.bulk_create(ordered, ignore_conflicts=True)
    ids = [licence.public_id for licence in ordered]
    there = dict(Licence.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    for licence in ordered:
        licence.pk = there.get(licence.public_id)
    return {key for key, licence in licences.items() if licence.pk}


def _detail(batch, row):
    values = {name: row.values[name] for name in ("status_on", "document") if row.values.get(name)}
    return {"row": row.number, "sha256": batch.sha256} | values


def _save(rows):
    done = [row.pk for row in rows if row.outcome == Outcome.DONE]
    ImportRow.objects.filter(pk__in=done).update(outcome=Outcome.DONE)
    ImportRow.objects.bulk_update([row for row in rows if row.outcome != Outcome.DONE], ["outcome", "problems"])
