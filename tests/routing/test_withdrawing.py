"""The applicant's own ends: withdrawal at any open time, and what a partial refusal means for the rest."""

import pytest

from exchange.models import Event
from guidance.models import Office
from licensing import chain
from licensing.models import Application
from routing import correcting, decisions, tasks, withdrawing
from routing.models import ClockStop, StopKind, TaskStatus
from routing.refusals import NotAllowed
from tests.factories import MembershipFactory, UserFactory
from tests.routing.acting import at, on, set_term, traces

FOOD, DRAINAGE, AD, HOTEL, FIRE = "food-operation", "drainage", "outdoor-ad", "hotel-special-trade", "fire-safety-check"


def face(number):
    return {"number": number, "issued_on": "2026-05-11"}


def refuse(case, code):
    case.accept(code)
    decisions.refuse(case[code], case.officer(code), "不符合条件")


def test_everything_open_is_withdrawn_with_its_confirmation(file):
    case = file(FOOD, DRAINAGE, AD)
    case.accept(FOOD)
    other = {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    correcting.ask(case[DRAINAGE], case.officer(DRAINAGE), [other])
    withdrawing.withdraw(case.application, case.applicant)
    assert set(case.statuses().values()) == {"withdrawn"}
    assert case.documents(AD) == ["withdrawal"]
    assert correcting.open_correction(case[DRAINAGE]) is None
    assert case[DRAINAGE].clock_stopped is False
    assert case[FOOD].decided_by is None  # nobody of the office has decided
    assert case[FOOD].documents.last().issued_by is None
    assert Event.objects.filter(kind="task.decided").count() == 3
    assert chain.verify(case.application.log) is None


def test_a_second_withdrawal_says_that_nothing_is_left(file):
    case = file(FOOD)
    withdrawing.withdraw(case.application, case.applicant)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="没有可以撤回的"):
        withdrawing.withdraw(case.application, case.applicant)
    assert traces(case.application) == before


def test_some_items_are_withdrawn_and_the_others_go_on(file):
    case = file(FOOD, DRAINAGE)
    withdrawing.withdraw(case.application, case.applicant, [DRAINAGE, DRAINAGE])
    case.release()
    assert case.statuses() == {FOOD: "received", DRAINAGE: "withdrawn"}


def test_what_was_granted_stays_granted(file):
    case = file(FOOD, DRAINAGE)
    case.accept(FOOD)
    decisions.grant(case[FOOD], case.officer(FOOD), face("JY1"))
    withdrawing.withdraw(case.application, case.applicant)
    assert case.statuses() == {FOOD: "granted", DRAINAGE: "withdrawn"}
    with pytest.raises(NotAllowed, match="准予许可"):
        withdrawing.withdraw(case.application, case.applicant, [FOOD])


@pytest.mark.parametrize("codes", [[], ["no-such-item"], ["\0"], [FOOD, "drug-retail"]])
def test_what_is_not_part_of_the_application_is_not_withdrawn(file, codes):
    case = file(FOOD)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="没有"):
        withdrawing.withdraw(case.application, case.applicant, codes)
    assert traces(case.application) == before


def test_a_stranger_and_who_left_the_enterprise_withdraw_nothing(file, time_machine):
    case = file(FOOD)
    former = MembershipFactory(enterprise=case.application.enterprise, until=on("05-10")).user
    before = traces(case.application)
    for user in (UserFactory(), former, case.officer(FOOD)):
        with pytest.raises(NotAllowed, match="不能代表"):
            withdrawing.withdraw(case.application, user)
    assert traces(case.application) == before


def test_a_withdrawal_before_the_split_has_tasks_to_withdraw(submit):
    application = submit(FOOD, DRAINAGE)
    user = MembershipFactory(enterprise=application.enterprise).user
    withdrawing.withdraw(application, user)
    assert set(application.tasks.values_list("status", flat=True)) == {"withdrawn"}
    assert chain.verify(application.log) is None


def test_what_cannot_be_split_is_not_withdrawn_either_and_says_so(submit):
    application = submit(FOOD)
    user = MembershipFactory(enterprise=application.enterprise).user
    Office.objects.filter(department__code="samr").delete()
    with pytest.raises(NotAllowed, match="稍后再试"):
        withdrawing.withdraw(application, user)
    assert not application.tasks.exists()


def test_what_needed_a_withdrawn_item_ends_with_its_reason(file):
    case = file(HOTEL, FIRE, DRAINAGE)
    withdrawing.withdraw(case.application, case.applicant, [FIRE])
    for _ in range(2):
        case.release()
    assert case.statuses() == {HOTEL: "terminated", FIRE: "withdrawn", DRAINAGE: "received"}
    assert "没有办成" in case[HOTEL].reason
    assert case.documents(HOTEL) == ["termination"]


@pytest.mark.parametrize("choice", ["hold", "withdraw"])
def test_withdrawing_one_item_is_no_refusal_whatever_it_takes_with_it(file, choice):
    case = file("business-registration", "radiation-safety", "radiology", DRAINAGE, FOOD, on_refusal=choice)
    withdrawing.withdraw(case.application, case.applicant, ["radiation-safety"])
    case.release()
    assert case.statuses()[DRAINAGE] == "received"
    assert case.statuses()["radiology"] == "terminated"
    assert not ClockStop.objects.exists()


def test_the_rest_goes_on_after_a_refusal_unless_the_applicant_chose_otherwise(file):
    case = file(FOOD, DRAINAGE)
    refuse(case, FOOD)
    case.release()
    assert case.statuses() == {FOOD: "refused", DRAINAGE: "received"}
    assert case.events(DRAINAGE) == []


def test_the_rest_is_withdrawn_after_a_refusal_where_the_applicant_chose_so(file):
    case = file(FOOD, DRAINAGE, AD, on_refusal="withdraw")
    case.accept(AD)
    decisions.grant(case[AD], case.officer(AD), face("广1"))
    refuse(case, FOOD)
    for _ in range(2):
        case.release()
    assert case.statuses() == {FOOD: "refused", DRAINAGE: "withdrawn", AD: "granted"}
    assert case.events(DRAINAGE) == ["withdrawn"]
    assert case.documents(DRAINAGE) == ["withdrawal"]


@pytest.fixture
def held(file):
    """Three licences; one was refused on 11 May, and the others stand until the applicant decides."""
    case = file(FOOD, DRAINAGE, AD, on_refusal="hold")
    case.accept(DRAINAGE)
    refuse(case, FOOD)
    case.release()
    return case


def test_the_rest_stands_once_until_the_applicant_decides(held):
    held.release()
    assert held.events(DRAINAGE) == ["accepted", "held"]
    assert held.events(AD) == ["held"]
    task = held[DRAINAGE]
    assert (task.clock_stopped, task.statutory_stopped) == (True, False)
    assert task.stops.get().expected_on == on("05-25")  # 10 working days
    with pytest.raises(NotAllowed, match="申请人要求暂停"):
        decisions.grant(task, held.officer(DRAINAGE), face("排1"))


def test_the_applicant_goes_on_and_the_clocks_run_from_there(held, time_machine):
    before = held[DRAINAGE].committed_due_on
    time_machine.move_to(at("05-13"))
    with pytest.raises(NotAllowed, match="不能代表"):
        withdrawing.go_on(held.application, UserFactory())
    withdrawing.go_on(held.application, held.applicant)
    held.release()
    assert (before, held[DRAINAGE].committed_due_on) == (on("05-20"), on("05-22"))
    assert held.events(AD) == ["held", "went_on"]
    with pytest.raises(NotAllowed, match="没有暂停"):
        withdrawing.go_on(held.application, held.applicant)


def test_the_applicant_withdraws_the_rest_instead(held):
    withdrawing.withdraw(held.application, held.applicant)
    assert held.statuses() == {FOOD: "refused", DRAINAGE: "withdrawn", AD: "withdrawn"}
    assert not ClockStop.objects.filter(ended_on=None).exists()


def test_acceptance_leaves_a_held_task_standing(held):
    held.accept(AD)
    assert held[AD].clock_stopped is True


def test_a_hold_ends_by_itself_the_day_after_its_term(held, time_machine):
    time_machine.move_to(at("05-25", 23))
    tasks.sweep()
    assert held[DRAINAGE].clock_stopped is True
    time_machine.move_to(at("05-26", 0))
    for _ in range(2):
        tasks.sweep()
    assert held[DRAINAGE].clock_stopped is False
    assert held.events(DRAINAGE) == ["accepted", "held", "hold_ended"]


def test_a_hold_leaves_the_office_three_working_days_before_the_statutory_limit(file, time_machine):
    case = file(FOOD, DRAINAGE, on_refusal="hold")
    case.accept(FOOD, DRAINAGE)
    time_machine.move_to(at("05-20"))
    decisions.refuse(case[FOOD], case.officer(FOOD), "布局不符")
    case.release()
    task = case[DRAINAGE]
    assert (task.statutory_due_on, task.stops.get().expected_on) == (on("06-01"), on("05-27"))


def test_a_second_refusal_holds_the_rest_again(held):
    withdrawing.go_on(held.application, held.applicant)
    decisions.refuse(held[DRAINAGE], held.officer(DRAINAGE), "管径不够")
    held.release()
    assert held.events(AD) == ["held", "went_on", "held"]
    held.release()
    assert held.events(AD) == ["held", "went_on", "held"]


def test_a_second_refusal_during_the_hold_prolongs_it(held, time_machine):
    time_machine.move_to(at("05-13"))
    point = {"reason": "不归本机关", "right_authority": "市城管局"}
    decisions.decline(held[AD], held.officer(AD), point)
    held.release()
    stop = held[DRAINAGE].stops.get(kind=StopKind.HOLD)
    assert (stop.started_on, stop.expected_on) == (on("05-11"), on("05-27"))


def test_what_is_behind_a_barrier_is_held_without_a_clock(file):
    case = file("business-registration", "bank-account", "private-school", DRAINAGE, on_refusal="hold")
    refuse(case, DRAINAGE)
    case.release()
    assert case.events("bank-account") == ["held"]
    assert not ClockStop.objects.filter(task=case["bank-account"]).exists()
    assert case["bank-account"].status == TaskStatus.WAITING


@pytest.mark.parametrize(
    ("statuses", "failed"),
    [
        ({FOOD: "refused", DRAINAGE: "received"}, [FOOD]),
        ({FOOD: "withdrawn", DRAINAGE: "declined"}, [DRAINAGE]),
        ({FIRE: "refused", HOTEL: "terminated"}, [FIRE]),
        ({FIRE: "withdrawn", HOTEL: "terminated"}, []),
        ({FIRE: "granted", HOTEL: "terminated"}, [HOTEL]),
        ({"hazchem": "withdrawn", "business-registration": "terminated", FOOD: "terminated"}, []),
    ],
)
def test_only_what_failed_by_itself_counts_as_a_refusal(catalogue, statuses, failed):
    chosen = {code: catalogue.items[code] for code in statuses}
    assert withdrawing.failures(chosen, statuses) == failed


def test_a_lost_message_of_a_refusal_is_made_up_by_the_sweeper(file):
    held, withdrawn = (file(FOOD, DRAINAGE, on_refusal=choice) for choice in ("hold", "withdraw"))
    for case in (held, withdrawn):
        refuse(case, FOOD)
    assert set(tasks.with_consequences()) == {held.application.pk, withdrawn.application.pk}
    tasks.sweep()
    assert tasks.with_consequences() == []
    assert held[DRAINAGE].clock_stopped is True
    assert withdrawn[DRAINAGE].status == "withdrawn"


def test_the_queries_of_a_hold_do_not_grow_with_the_items(file, catalogue, django_assert_max_num_queries):
    codes = [code for code, item in catalogue.items.items() if item.kind == "行政许可" and not item.pre_registration]
    set_term("hold_days", 10)
    small, large = (file(*codes[:size], on_refusal="hold") for size in (5, 20))
    counts = {}
    for case in (small, large):
        code = next(code for code in codes[1:] if case[code].status == "received")
        refuse(case, FOOD if FOOD in case.statuses() else code)
        with django_assert_max_num_queries(60) as queries:
            case.release()
        counts[case] = len(queries)
    assert counts[small] == counts[large]
    assert Application.objects.count() == 2
