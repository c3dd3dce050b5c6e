"""The table of lawful moves, written out a second time by hand: what is not here does not happen."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from guidance.models import Role
from routing import (
    assigning,
    checking,
    correcting,
    decisions,
    extending,
    proposing,
    refusals,
    stopping,
    withdrawing,
)
from routing.models import FAILED, ApprovalTask, ClockStop, Document, StopKind, TaskStatus
from routing.moves import MOVES, lawful, objection
from routing.moving import claim
from tests.factories import (
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    SubmittedMaterialFactory,
    UserFactory,
)
from tests.routing.acting import at, traces

ITEMS = {"行政许可": "food-operation", "备案": "prepackaged-food", "公共服务": "seal-engraving"}
LICENCE, ALL = ["行政许可"], list(ITEMS)
OFFICERS, HEAD, PORTAL = ["officer", "head"], ["head"], ["portal"]
# Who works at the office and belongs to the enterprise too acts for the enterprise, never for the office.
APPLICANTS = ["member", "party"]
W, R, C, A = "waiting", "received", "correction", "accepted"

EXPECTED = {
    "receive": (PORTAL, [W], ALL),
    "accept": (OFFICERS, [R], ALL),
    "accept_by_silence": (PORTAL, [R], LICENCE),
    "ask_correction": (OFFICERS, [R], ALL),
    "answer_correction": (APPLICANTS, [C], ALL),
    "lapse_correction": (PORTAL, [C], ALL),
    "close_correction": (OFFICERS, [C], ALL),
    "decline": (OFFICERS, [R], ALL),
    "grant": (OFFICERS, [A], ALL),
    "refuse": (OFFICERS, [A], ALL),
    "stop": (OFFICERS, [A], ALL),
    "resume": (OFFICERS, [A], ALL),
    "extend": (HEAD, [A], LICENCE),
    "propose": (OFFICERS, [A], ALL),
    "send_back": (OFFICERS, [A], ALL),
    "reassign": (HEAD, [W, R, C, A], ALL),
    "supply": (APPLICANTS, [W, R, C, A], ALL),
    "take": (OFFICERS, [A], ALL),
    "remind": (PORTAL, [A], ALL),
    "hold": (PORTAL, [W, R, C, A], ALL),
    "go_on": (APPLICANTS, [W, R, C, A], ALL),
    "end_hold": (PORTAL, [W, R, C, A], ALL),
    "recount": (PORTAL, [R, C, A], ALL),
    "withdraw": (APPLICANTS, [W, R, C, A], ALL),
    "withdraw_rest": (PORTAL, [W, R, C, A], ALL),
    "terminate": (PORTAL, [W, R, C, A], ALL),
    "end_false_promise": (HEAD, [R, A], ALL),
}
TARGETS = {
    "receive": "received",
    "accept": "accepted",
    "accept_by_silence": "accepted",
    "ask_correction": "correction",
    "answer_correction": "received",
    "lapse_correction": "returned",
    "close_correction": "returned",
    "decline": "declined",
    "grant": "granted",
    "refuse": "refused",
    "withdraw": "withdrawn",
    "withdraw_rest": "withdrawn",
    "terminate": "terminated",
    "end_false_promise": "terminated",
}
LONG_AGO = datetime(2026, 4, 1, 1, tzinfo=UTC)


def task_in(status, item_code):
    """A task by promise in that state, received long ago, its promised clock waiting: so every condition is met."""
    traits = {"waiting": True} if status == W else {"received_at": LONG_AGO}
    if status in ("accepted", "granted", "refused"):
        traits |= {status: True}
    elif status not in (W, R):
        traits |= {"status": status, "reason": "理由", "decided_at": LONG_AGO, "decided_by": UserFactory()}
    if status == "granted":
        traits["face"] = {"number": "1"}
    task = ApprovalTaskFactory(item_code=item_code, by_commitment=True, **traits)
    if status == A:
        ClockStop.objects.create(task=task, kind=StopKind.WAITING, started_on=LONG_AGO.date())
    if status == C:
        task.corrections.create(round=1, issued_by=UserFactory(), issued_at=LONG_AGO)
    return task


def people_around(task):
    party = PostFactory(office=task.office, role=Role.HEAD).user
    MembershipFactory(user=party, enterprise=task.application.enterprise)
    return {
        "officer": PostFactory(office=task.office).user,
        "head": PostFactory(office=task.office, role=Role.HEAD).user,
        "colleague": PostFactory(office__department__code="tobacco", role=Role.HEAD).user,
        "member": MembershipFactory(enterprise=task.application.enterprise).user,
        "stranger": MembershipFactory().user,
        "party": party,
        "portal": None,
    }


@pytest.fixture
def monday(catalogue, time_machine):
    call_command("load_calendar", verbosity=0)
    time_machine.move_to(at("05-11"), tick=False)


def test_the_table_names_every_move_and_where_it_leads():
    assert set(MOVES) == set(EXPECTED)
    assert {name: str(move.target) for name, move in MOVES.items() if move.target} == TARGETS


@pytest.mark.parametrize("status", TaskStatus.values)
@pytest.mark.parametrize("kind", ITEMS)
def test_exactly_the_lawful_moves_are_made_by_exactly_those_who_may(monday, time_machine, kind, status):
    task = task_in(status, ITEMS[kind])
    people, before, wrong = people_around(task), traces(task.application), []
    if status not in (W, R, C, A):  # nobody's, so the nearest to it will do
        people = {person: people[person] for person in ("head", "member", "portal")}
    for name, (who, states, kinds) in EXPECTED.items():
        # What silence has accepted can be neither corrected nor declined any more: each in its own days.
        time_machine.move_to(LONG_AGO if name in ("ask_correction", "decline") else at("05-11"), tick=False)
        if name == "take":
            # A paper that is owed, which would stand in the way of the grant.
            paper = SubmittedMaterialFactory(application=task.application)
            task.deferrals.create(material=paper, due_on=timezone.localdate())
        else:
            task.deferrals.filter(supplied_at=None).update(supplied_at=timezone.now())
        for person, user in people.items():
            expected = person in who and status in states and kind in kinds
            # A claim locks, reads anew and asks the same: made where it should succeed, it shows that it does.
            sentence = tried(task, user, name) if expected else objection(task, user, name)
            if not (sentence == "" if expected else sentence.endswith("。")):
                wrong.append((name, person, sentence))
    assert wrong == []
    assert traces(task.application) == before


def tried(task, user, name):
    try:
        claim(task, user, name)
    except refusals.NotAllowed as refusal:
        return str(refusal)
    return ""


def acts(task, user):
    """Every act on a task, as somebody would try it."""
    stop = {"kind": "hearing", "started_on": "2026-05-11", "expected_on": "2026-05-20", "reason": "听证"}
    point = {"about": "other", "code": "", "label": "说明", "text": "请补充说明"}
    colleague = PostFactory(office=task.office).user
    return {
        "accept": lambda: decisions.accept(task, user),
        "accept_by_silence": lambda: decisions.accept_by_silence(task),
        "decline": lambda: decisions.decline(task, user, {"reason": "不归本机关", "right_authority": "市局"}),
        "grant": lambda: decisions.grant(task, user, {"number": "2", "issued_on": "2026-05-11"}),
        "refuse": lambda: decisions.refuse(task, user, "不符合条件"),
        "ask": lambda: correcting.ask(task, user, [point]),
        "answer": lambda: correcting.answer(task, user, {1: {"answer": "改好了"}}),
        "close": lambda: correcting.close(task, user),
        "stop": lambda: stopping.stop(task, user, stop),
        "resume": lambda: stopping.resume(task, user, {"ended_on": "2026-05-11"}),
        "extend": lambda: extending.extend(task, user, "情况复杂"),
        "propose": lambda: proposing.propose(task, user, "refused", reason="不符合条件"),
        "approve": lambda: proposing.approve(task, user),
        "send_back": lambda: proposing.send_back(task, user, "再看看"),
        "reassign": lambda: assigning.reassign(task, user, colleague),
        "withdraw": lambda: withdrawing.withdraw(task.application, user, [task.item_code]),
        "go_on": lambda: withdrawing.go_on(task.application, user),
        "end_false_promise": lambda: checking.end_false_promise(task, user, "与事实不符"),
    }


@pytest.mark.parametrize("status", [TaskStatus.GRANTED, *FAILED])
def test_on_an_ended_task_every_act_of_everybody_is_refused_and_changes_nothing(monday, status):
    task = task_in(status, "food-operation")
    people, before = people_around(task), traces(task.application)
    for user in people.values():
        for act in acts(task, user).values():
            with pytest.raises(refusals.NotAllowed, match="。"):
                act()
    assert traces(task.application) == before


@pytest.mark.parametrize("person", ["colleague", "stranger", "party"])
def test_strangers_and_parties_do_nothing_for_an_office(monday, person):
    task = task_in(A, "food-operation")
    user, before = people_around(task)[person], traces(task.application)
    for name, act in acts(task, user).items():
        if person == "party" and name in ("withdraw", "go_on"):
            continue
        with pytest.raises(refusals.NotAllowed):
            act()
    assert traces(task.application) == before


@pytest.mark.parametrize("status", [TaskStatus.GRANTED, *FAILED])
def test_the_database_itself_keeps_an_ended_task_as_it_is(monday, status):
    task = task_in(status, "food-operation")
    for change in ({"status": "accepted"}, {"reason": "另一个理由"}, {"committed_due_on": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalTask.objects.filter(pk=task.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        task.delete()


def test_who_comes_second_is_told_who_was_faster_and_not_who_came_since(file, time_machine):
    case = file("food-operation")
    case.accept("food-operation")
    time_machine.move_to(at("05-12"))
    head = case.head("food-operation")
    assigning.reassign(case["food-operation"], head, case.officer("food-operation", "colleague"))
    with pytest.raises(refusals.AlreadyDecided, match="officer 已在 05月11日 09:00 把这件办为“已受理”"):
        decisions.accept(case["food-operation"], head)


def test_a_stranger_is_not_told_what_became_of_a_task(file):
    case = file("food-operation")
    case.accept("food-operation")
    with pytest.raises(refusals.NotAllowed, match="岗位") as refusal:
        decisions.accept(case["food-operation"], UserFactory())
    assert not isinstance(refusal.value, refusals.AlreadyDecided)


def test_a_page_is_given_the_moves_that_fit_and_the_sentences_of_those_that_do_not(file):
    case = file("food-operation")
    task, officer = case.accept("food-operation"), case.officer("food-operation")
    assert lawful(task, officer, ["accept", "refuse", "extend", "grant"]) == ["refuse", "grant"]
    assert objection(task, officer, "grant") == ""
    assert "负责人" in objection(task, officer, "extend")


def test_documents_are_numbered_by_application_and_log_row_and_stay_as_issued(file):
    case = file("food-operation", "drainage")
    case.accept("food-operation", "drainage")
    numbers = list(Document.objects.order_by("pk").values_list("number", flat=True))
    rows = case.application.log.filter(event="task.accepted").values_list("sequence", flat=True)
    assert numbers == [f"{case.application.number}-{sequence}" for sequence in rows]
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.update(title="另一份")


def test_an_end_closes_whatever_was_open(file):
    case = file("food-operation")
    task, officer = case.accept("food-operation"), case.officer("food-operation")
    data = {"kind": "survey", "started_on": "2026-05-11", "reason": "现场核查"}
    stopping.stop(task, officer, data)
    withdrawing.withdraw(case.application, case.applicant)
    task = case["food-operation"]
    assert not task.stops.filter(ended_on=None).exists()
    assert (task.clock_stopped, task.statutory_stopped) == (False, False)
