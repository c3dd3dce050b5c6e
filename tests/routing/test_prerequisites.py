"""What one result means for the others: pure on the real catalogue, then on rows."""

import itertools
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.models import Event
from guidance.prerequisites import barriers, gates
from licensing import chain
from routing.correcting import ask, close, open_correction
from routing.decisions import accept, decline, grant, refuse
from routing.models import TaskStatus
from routing.prerequisites import consequences, release_dependents
from routing.proposing import open_proposal, propose
from routing.refusals import NotAllowed
from routing.splitting import split_application
from routing.stopping import stop
from routing.tasks import with_consequences
from routing.withdrawing import withdraw
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


FIRE, HOTEL = "fire-safety-check", "hotel-special-trade"


@pytest.mark.parametrize("end", ["decline", "return", "withdraw"])
def test_every_end_without_a_grant_ends_what_needed_it(file, end):
    case = file(FIRE, HOTEL)
    officer, point = case.officer(FIRE), {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    if end == "decline":
        decline(case[FIRE], officer, {"reason": "不归本机关"})
    elif end == "withdraw":
        withdraw(case.application, case.applicant, [FIRE])
    else:
        ask(case[FIRE], officer, [point])
        close(case[FIRE], officer)
    for _ in range(2):
        case.release()
    assert case[HOTEL].status == TERMINATED
    assert case.events(HOTEL) == ["terminated"]
    assert case[HOTEL].decided_by is None


def test_who_ends_with_a_prerequisite_leaves_no_correction_stop_or_proposal_open(file):
    case = file(FIRE, HOTEL, "entertainment-venue", "internet-cafe")
    point = {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    ask(case[HOTEL], case.officer(HOTEL), [point])
    case.accept(FIRE, "entertainment-venue", "internet-cafe")
    survey = {"kind": "survey", "started_on": "2026-05-11", "reason": "核查"}
    stop(case["entertainment-venue"], case.officer("entertainment-venue"), survey)
    propose(case["internet-cafe"], case.officer("internet-cafe"), REFUSED, reason="不符合条件")
    refuse(case[FIRE], case.officer(FIRE), "疏散通道太窄")
    case.release()
    assert {case[code].status for code in (HOTEL, "entertainment-venue", "internet-cafe")} == {TERMINATED}
    assert open_correction(case[HOTEL]) is None
    assert not case["entertainment-venue"].stops.filter(ended_on=None).exists()
    assert open_proposal(case["internet-cafe"]) is None


def test_a_promise_whose_prerequisite_failed_is_not_granted_in_the_meantime(file):
    case = file(FIRE, HOTEL)
    case.accept(FIRE, HOTEL)
    refuse(case[FIRE], case.officer(FIRE), "疏散通道太窄")
    with pytest.raises(NotAllowed, match="要先办成"):
        grant(case[HOTEL], case.officer(HOTEL), face())


def test_the_queries_of_a_release_do_not_grow_with_what_it_receives(file, django_assert_max_num_queries):
    behind = ["bank-account", "seal-engraving", "tax-invoice", "social-insurance", "housing-fund"]
    counts = []
    for number, codes in enumerate((behind[:1], behind)):
        case = file("business-registration", *codes, enterprise=EnterpriseFactory(founder=True))
        case.accept("business-registration")
        code = uscc_of(50_000_000 + number)
        grant(
            case["business-registration"],
            case.officer("business-registration"),
            face(uscc=code, name=f"阳江市第{number}商行"),
        )
        with django_assert_max_num_queries(40) as queries:
            case.release()
        assert {case[code].status for code in codes} == {R}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_was_signed_is_read_once_not_once_for_every_task(submit):
    """At 300 tasks a decision took seconds to reach the others: the snapshot grows with them as well."""
    application = submit("food-operation", "drainage", "outdoor-ad")
    split_application(application.pk)
    with CaptureQueriesContext(connection) as queries:
        release_dependents(application_id=application.pk)
    assert sum("snapshot" in query["sql"] for query in queries) == 1
