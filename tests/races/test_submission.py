"""One draft submitted many times at once, and a catalogue published meanwhile (each with its control run)."""

import threading
import time
from functools import partial

import pytest

from exchange.models import Event
from guidance import releases
from guidance.loading import publish
from guidance.models import Release
from licensing import plan, submission
from licensing.models import Application
from licensing.submission import ChangedSinceSeen, NotSubmittable, submit
from routing import splitting
from routing.splitting import split_application
from tests.factories import MembershipFactory
from tests.licensing.drafting import RESTAURANT, ready
from tests.races.harness import PAUSE, ROUNDS, Constraints, prove
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("storage_folder")]
# A submission is a second's work twenty times over.
FEW = max(1, ROUNDS // 10)
REFUSALS = (NotSubmittable, ChangedSinceSeen)


def submitted(draft):
    """How many rows of the log and how many events tell of its submission."""
    told = Event.objects.filter(kind="application.submitted", payload__application_id=draft.pk).count()
    return draft.log.filter(event="application.submitted").count(), told


@pytest.fixture
def slow_submission(monkeypatch):
    """Widen the gap between what a submission checks and what it writes."""
    problems_of = submission.problems_of

    def slow(*seen):
        time.sleep(PAUSE)
        return problems_of(*seen)

    monkeypatch.setattr(submission, "problems_of", slow)


@pytest.mark.usefixtures("slow_submission")
@pytest.mark.parametrize("clicks", [2, 20])
def test_a_draft_sent_many_times_is_submitted_once(city, catalogue, guards, clicks):
    # One signature for each application stands behind the lock.
    guards.constraints = Constraints("licensing_signature", "licensing_signature_application_id_key")

    def race(number):
        draft = ready(catalogue, RESTAURANT, division=city)
        # Two tabs: the second is a colleague's.
        people = [draft.filer, MembershipFactory(enterprise=draft.enterprise).user]
        outcomes = at_once(*[partial(submit, draft, people[click % 2]) for click in range(clicks)])
        at_once(*[partial(split_application, draft.pk)] * 2)
        draft.refresh_from_db()
        numbers = {outcome.number for outcome in outcomes if isinstance(outcome, Application)}
        once = submitted(draft) == (1, 1) and numbers == {draft.number}
        return not once or draft.tasks.count() != len(draft.chosen)

    prove(race, guards, FEW)


class WhateverIsInForce:
    """The draft is planned, signed and split by today's catalogue instead of by its own."""

    def __init__(self):
        self.patch = pytest.MonkeyPatch()

    def off(self):
        load, current = releases.load, releases.current

        class Releases:
            @staticmethod
            def load(release_id):
                return load(current().pk)

        for module in (plan, splitting):
            self.patch.setattr(module, "releases", Releases)

    def on(self):
        self.patch.undo()


def test_a_catalogue_published_meanwhile_never_mixes_with_the_drafts_own(city, catalogue, monkeypatch):
    plan_for, published = submission.plan_for, threading.Event()

    def slow_plan(application):
        # The submission has begun; the catalogue comes before it has read its own.
        published.wait(timeout=10)
        return plan_for(application)

    def publish_now(documents):
        publish(documents)
        published.set()

    def race(number):
        draft = ready(releases.load(releases.current().pk), RESTAURANT, division=city)
        documents = releases.documents(draft.release)
        for item in documents["items"]["items"]:
            item["name"] = f"{item['name'][:20]}改{number}"
            item["committed_days"] = item["committed_days"] % 9 + 1
        if number % 3:
            published.clear()
        first, outcome, _ = at_once(
            partial(publish_now, documents), partial(submit, draft, draft.filer), partial(split_application, draft.pk)
        )
        assert not isinstance(first, Exception), first
        assert not isinstance(outcome, Exception) or isinstance(outcome, REFUSALS), outcome
        split_application(draft.pk)
        draft.refresh_from_db()
        return draft.status != "draft" and _is_mixed(draft)

    monkeypatch.setattr(submission, "plan_for", slow_plan)
    prove(race, WhateverIsInForce(), FEW + 1)
    assert Release.objects.count() > 2 * FEW


def _is_mixed(application):
    own = releases.load(application.release_id)
    names = {code: item["name"] for code, item in application.snapshot["items"].items()}
    tasks = list(application.tasks.select_related("item"))
    return (
        names != {code: own.items[code].name for code in names}
        or {task.item.release_id for task in tasks} != {application.release_id}
        or any(task.item.definition["committed_days"] != own.items[task.item_code].committed_days for task in tasks)
    )
