"""What one result means for the others: pure on the real catalogue, then on rows."""

import itertools
from datetime import date

import pytest

from exchange.models import Event
from guidance.prerequisites import barriers, gates
from licensing import chain
from routing.decisions import accept, grant, refuse
from routing.models import TaskStatus
from routing.prerequisites import consequences, release_dependents
from routing.splitting import split_application
from routing.tasks import with_consequences
from tests.factories import EnterpriseFactory, PostFactory, uscc_of

NUMBERS = itertools.count(1)
W, R, A = TaskStatus.WAITING, TaskStatus.RECEIVED, TaskStatus.ACCEPTED
GRANTED, REFUSED, TERMINATED = TaskStatus.GRANTED, TaskStatus.REFUSED, TaskStatus.TERMINATED


def pick(catalogue, *codes):
    return {code: catalogue.items[code] for code in codes}


@pytest.mark.parametrize(
    ("item", "other", "kind"),
    [
        pytest.param("bank-account", "business-registration", barriers, id="before, not deferrable: barrier"),
        pytest.param("business-registration", "hazchem", barriers, id="pre-registration: barrier, though deferrable"),
        pytest.param("hotel-special-trade", "fire-safety-check", gates, id="before, deferrable: only the grant waits"),
        pytest.param("food-operation", "business-registration", gates, id="together: only the grant waits"),
        pytest.param("bank-account", "seal-engraving", gates, id="together, not deferrable: only the grant waits"),
    ],
)
def test_a_prerequisite_is_a_barrier_or_a_gate(catalogue, item, other, kind):
    chosen = pick(catalogue, item, other)
    assert kind(chosen[item], chosen) == [other]
    assert ({barriers, gates} - {kind}).pop()(chosen[item], chosen) == []


def test_what_is_not_chosen_here_holds_nothing_up(catalogue):
    chosen = pick(catalogue, "bank-account", "food-operation")
    assert barriers(chosen["bank-account"], chosen) == gates(chosen["food-operation"], chosen) == []


@pytest.mark.parametrize(
    ("statuses", "terminated", "free"),
    [
        pytest.param({"hazchem": A, "business-registration": W, "refined-oil": W}, {}, [], id="nothing decided"),
        pytest.param(
            {"hazchem": GRANTED, "business-registration": W, "refined-oil": W},
            {},
            ["business-registration"],
            id="the next barrier still stands",
        ),
        pytest.param(
            {"hazchem": GRANTED, "business-registration": GRANTED, "refined-oil": W},
            {},
            ["refined-oil"],
            id="all barriers granted",
        ),
        pytest.param(
            {"hazchem": REFUSED, "business-registration": W, "food-operation": A},
            {"business-registration": "hazchem", "food-operation": "business-registration"},
            [],
            id="a refusal travels through a barrier and a gate",
        ),
        pytest.param(
            {"fire-safety-check": REFUSED, "hotel-special-trade": R, "drainage": R},
            {"hotel-special-trade": "fire-safety-check"},
            [],
            id="independents go on",
        ),
        pytest.param(
            {"business-registration": TERMINATED, "food-operation": GRANTED}, {}, [], id="what is decided stays"
        ),
    ],
)
def test_consequences_of_decisions(catalogue, statuses, terminated, free):
    assert consequences(pick(catalogue, *statuses), statuses) == (terminated, free)


@pytest.fixture
def founding(submit):
    """A founder's application: registration first, the bank account behind it, tobacco beside it, by its officers."""
    application = submit(
        "business-registration",
        "bank-account",
        "tobacco-retail",
        "housing-fund",
        enterprise=EnterpriseFactory(founder=True),
    )
    split_application(application_id=application.pk)
    return {task.item_code: task for task in application.tasks.all()}


def officer_of(task):
    return PostFactory(office=task.office).user


def face(**more):
    return {"number": f"N{next(NUMBERS)}", "issued_on": "2026-03-02", "valid_until": None, "scope": "", **more}


def run(tasks):
    release_dependents(application_id=tasks["bank-account"].application_id)
    for task in tasks.values():
        task.refresh_from_db()


def test_when_the_barrier_is_granted_the_task_behind_it_is_received_with_its_clock(founding):
    registration = founding["business-registration"]
    officer = officer_of(registration)
    accept(registration, officer)
    grant(registration, officer, face(uscc=uscc_of(20_000_001), name="阳江市便民便利店有限公司"))
    run(founding)
    waited = founding["bank-account"]
    assert (waited.status, waited.received_at) == (R, founding["business-registration"].decided_at)
    assert waited.committed_due_on > date(2026, 1, 1)
    events = list(waited.application.log.filter(item_code="bank-account").values_list("event", flat=True))
    assert events == ["task.created", "task.received"]
    run(founding)
    assert waited.application.log.filter(item_code="bank-account").count() == 2


def test_a_refused_prerequisite_terminates_its_dependents_with_the_reason_and_announces_each(founding):
    registration = founding["business-registration"]
    officer = officer_of(registration)
    accept(registration, officer)
    refuse(registration, officer, "章程内容不全")
    application_id = registration.application_id
    release_dependents(application_id=application_id, task_id=registration.pk)
    for task in founding.values():
        task.refresh_from_db()
    ended = [task for task in founding.values() if task.status == TERMINATED]
    assert sorted(task.item_code for task in ended) == ["bank-account", "housing-fund", "tobacco-retail"]
    assert all("经营主体设立登记" in task.reason and "章程" not in task.reason for task in ended)
    told = Event.objects.filter(kind="task.decided").values_list("payload", flat=True)
    assert {event["task_id"] for event in told} == {registration.pk, *(task.pk for task in ended)}
    run(founding)
    assert Event.objects.filter(kind="task.decided").count() == 4
    assert chain.verify(registration.application.log) is None


def test_the_sweeper_finds_only_applications_where_something_is_left_to_do(founding):
    registration = founding["business-registration"]
    assert with_consequences() == []
    officer = officer_of(registration)
    accept(registration, officer)
    refuse(registration, officer, "章程内容不全")
    assert with_consequences() == [registration.application_id]
    run(founding)
    assert with_consequences() == []
