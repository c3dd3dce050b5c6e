"""The city the machine plays in, and an application as submission leaves it."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from exchange import outbox
from guidance.models import Office, Role
from licensing import log
from licensing.models import Application, Premises, Status, SubmittedMaterial
from licensing.snapshots import snapshot_hash
from tests.factories import ApplicationFactory, MembershipFactory, PostFactory, PremisesFactory, UserFactory

OFFICIALS = ("officer", "second", "head", "elsewhere", "party")
CITIZENS = ("applicant", "former", "stranger")


@dataclass
class World:
    """persons: {role: User}. Officials but `elsewhere` hold a post in every office, so that any task can be played."""

    premises: Premises
    catalogue: object
    persons: dict


def build(city, catalogue):
    """An enterprise with its people, one of them an official too, and the officials of every office."""
    premises = PremisesFactory(division=city)
    persons = {role: UserFactory(name=role) for role in OFFICIALS + CITIZENS}
    for role in ("applicant", "party"):
        MembershipFactory(user=persons[role], enterprise=premises.enterprise)
    MembershipFactory(user=persons["former"], enterprise=premises.enterprise, until=date(2020, 1, 1))
    for office in Office.objects.all():
        for role in ("officer", "second", "party"):
            PostFactory(user=persons[role], office=office)
        PostFactory(user=persons["head"], office=office, role=Role.HEAD)
    PostFactory(user=persons["elsewhere"], office=Office.objects.get(department__code="tobacco", division=city))
    return World(premises, catalogue, persons)


@transaction.atomic
def submit(world, codes, *, committed, deferred, on_refusal):
    """Submit these items: frozen, logged and announced in one transaction.

    committed: codes filed by promise; deferred: codes of papers left for later.
    """
    application = ApplicationFactory.build(
        enterprise=world.premises.enterprise,
        premises=world.premises,
        filer=world.persons["applicant"],
        chosen=list(codes),
        committed=list(committed),
        on_refusal=on_refusal,
        submitted=True,
    )
    _promise(application.snapshot, [world.catalogue.items[code] for code in codes], committed, deferred)
    application.snapshot |= {
        "on_refusal": on_refusal,
        "commitments": {code: {"version": "1", "text": ["我承诺符合条件。"]} for code in committed},
        "deferral_promise": "我承诺按期补交。",
    }
    application.snapshot_sha256 = snapshot_hash(application.snapshot)
    application.save()
    SubmittedMaterial.objects.bulk_create(
        SubmittedMaterial(application=application, code=code, name=paper["name"], how=paper["how"])
        for code, paper in application.snapshot["materials"].items()
    )
    steps = {"from_status": Status.DRAFT, "to_status": Status.SUBMITTED}
    log.record(application, "application.submitted", actor=application.filer, **steps)
    outbox.emit("application.submitted", application_id=application.pk)
    return Application.objects.get(pk=application.pk)


def _promise(snapshot, items, committed, deferred):
    days = {}
    for item in items:
        snapshot["items"][item.code]["committed"] = item.code in committed
        for material in item.materials:
            if material.code in deferred:
                days[material.code] = min(material.defer_days, days.get(material.code, material.defer_days))
    for code, paper in snapshot["materials"].items():
        paper |= {"how": "deferred", "defer_days": days[code]} if code in days else {"how": "department"}


def deferrable(world, codes):
    """Codes of papers that every chosen item that asks for them lets come later, in a stable order."""
    asked = [(paper, world.catalogue.items[code]) for code in codes for paper in world.catalogue.items[code].materials]
    strict = {paper.code for paper, item in asked if not (item.deferrable and paper.deferrable and paper.defer_days)}
    return [code for code in dict.fromkeys(paper.code for paper, _ in asked) if code not in strict]
