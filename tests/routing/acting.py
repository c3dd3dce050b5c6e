"""A submitted application with its people, for the tests of acts: each office has its officer, colleague and head."""

from datetime import date

from django.utils import timezone

from exchange.models import Event
from guidance import releases
from guidance.models import Role
from licensing.models import Application, LogEntry, SubmittedMaterial
from licensing.snapshots import snapshot_hash
from routing.decisions import accept
from routing.models import ApprovalTask, Term
from routing.prerequisites import release_dependents
from routing.splitting import split_application
from tests.factories import ApplicationFactory, MembershipFactory, PostFactory, UserFactory

MONDAY = "2026-05-11 09:00 +0800"  # no holiday until 19 June


def at(day, hour=9):
    """A moment of 2026 as time_machine takes it: at("05-18")."""
    return f"2026-{day} {hour:02}:00 +0800"


def on(day):
    """A day of 2026: on("05-18")."""
    return date.fromisoformat(f"2026-{day}")


class Case:
    """case["food-operation"] is that task as it is now; officers are made when first asked for."""

    def __init__(self, application):
        self.application = application
        self.applicant = MembershipFactory(enterprise=application.enterprise).user
        self._people = {}

    def __getitem__(self, code):
        return self.application.tasks.select_related("application__enterprise", "item", "office").get(item_code=code)

    def officer(self, code, name="officer", role=Role.OFFICER):
        key = (self[code].office_id, name)
        if key not in self._people:
            self._people[key] = PostFactory(office=self[code].office, role=role, user=UserFactory(name=name)).user
        return self._people[key]

    def head(self, code):
        return self.officer(code, "head", Role.HEAD)

    def accept(self, *codes):
        """Accept these items; returns the last task."""
        for code in codes:
            accept(self[code], self.officer(code))
        return self[codes[-1]]

    def release(self):
        """What the outbox does after a decision."""
        release_dependents(application_id=self.application.pk)

    def statuses(self):
        return {task.item_code: str(task.status) for task in self.application.tasks.all()}

    def paper(self, code):
        return self.application.materials.get(code=code)

    def events(self, code):
        """What the log tells of the item, oldest first, after its creation."""
        rows = self.application.log.filter(item_code=code).exclude(event="task.created")
        return [event.removeprefix("task.") for event in rows.values_list("event", flat=True)]

    def documents(self, code):
        return [document.kind for document in self[code].documents.all()]


def filed(premises, codes, *, committed=(), deferred=(), **traits):
    """Submit these items with their choices of 告知承诺 (items) and 容缺 (papers), and split; returns the Case."""
    application = ApplicationFactory.build(
        submitted=True,
        chosen=list(codes),
        premises=premises,
        filer=UserFactory(),
        **{"enterprise": premises.enterprise, "committed": list(committed)} | traits,
    )
    snapshot = application.snapshot
    items = releases.load(application.release_id).items
    for code in codes:
        snapshot["items"][code]["committed"] = code in committed
        for material in items[code].materials:
            if material.code in deferred:
                paper = snapshot["materials"][material.code]
                days = min(material.defer_days, paper.get("defer_days", material.defer_days))
                paper |= {"how": "deferred", "defer_days": days}
    application.snapshot_sha256 = snapshot_hash(snapshot)
    application.save()
    SubmittedMaterial.objects.bulk_create(
        SubmittedMaterial(application=application, code=code, name=paper["name"], how=paper["how"])
        for code, paper in snapshot["materials"].items()
    )
    split_application(application_id=application.pk)
    return Case(Application.objects.get(pk=application.pk))


def traces(application):
    """All that a refused act must leave as it was: the tasks, the log, the events, the documents."""
    tasks = list(ApprovalTask.objects.filter(application=application).order_by("pk").values())
    documents = sum(task.documents.count() for task in application.tasks.all())
    return tasks, LogEntry.objects.filter(application=application).count(), Event.objects.count(), documents


def set_term(code, value):
    Term.objects.filter(code=code).update(value=value, basis="本市规定")


def today():
    return timezone.localdate()
