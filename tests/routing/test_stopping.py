"""Stops: art. 45 stops both clocks, the city's own kinds only the promised one; dates move by what was paused."""

import pytest

from routing import decisions, proposing, stopping, withdrawing
from routing.clock import Lamp
from routing.lamps import lamp_of
from routing.models import StopKind
from routing.refusals import InvalidInput, NotAllowed
from tests.routing.acting import at, on, traces

FOOD, HOTEL, FIRE = "food-operation", "hotel-special-trade", "fire-safety-check"


@pytest.fixture
def case(file):
    """A licence accepted on Monday 11 May: promised for 19 May, by law due on 25 May."""
    case = file(FOOD)
    task = case.accept(FOOD)
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-19"), on("05-25"))
    return case


def stop(case, kind, day, code=FOOD, expected="2026-06-30"):
    data = {"kind": kind, "started_on": f"2026-{day}", "expected_on": expected, "reason": "需要查明"}
    return stopping.stop(case[code], case.officer(code), data)


def resume(case, day, code=FOOD):
    return stopping.resume(case[code], case.officer(code), {"ended_on": f"2026-{day}", "result": "查明了"})


@pytest.mark.parametrize("kind", ["hearing", "inspection", "expert_review", "bidding"])
def test_what_the_law_does_not_count_stops_both_clocks(case, kind, time_machine):
    stop(case, kind, "05-11")
    task = case[FOOD]
    assert (task.clock_stopped, task.statutory_stopped) == (True, True)
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-19"), on("05-25"))  # as they were meanwhile
    time_machine.move_to(at("05-15"))
    resume(case, "05-15")
    task = case[FOOD]
    assert (task.clock_stopped, task.statutory_stopped) == (False, False)
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-25"), on("05-29"))  # 12 to 15 May: four days
    assert case.events(FOOD) == ["accepted", "stopped", "resumed"]


def test_a_survey_stops_only_what_was_promised_and_its_notice_says_so(case, time_machine):
    time_machine.move_to(at("05-13"))
    stop(case, "survey", "05-13", expected="")
    task = case[FOOD]
    assert (task.clock_stopped, task.statutory_stopped) == (True, False)
    document = task.documents.get(kind="special_procedure")
    assert document.paragraphs[-1] == "所需时间不计算在承诺期限内；法定期限照常计算。"
    resume(case, "05-13")
    task = case[FOOD]
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-20"), on("05-25"))


def test_a_special_procedure_is_told_with_reason_and_expected_end(case):
    with pytest.raises(InvalidInput, match="书面告知") as refusal:
        stop(case, "hearing", "05-11", expected="")
    assert list(refusal.value.errors) == ["expected_on"]
    stop(case, "hearing", "05-11", expected="2026-05-20")
    paragraphs = case[FOOD].documents.get(kind="special_procedure").paragraphs
    assert "预计到2026年5月20日结束" in paragraphs[0]
    assert paragraphs[1:] == ["事由：需要查明", "所需时间依法不计算在办理期限内。"]


def test_a_stop_expected_to_last_for_years_is_taken_for_a_slip(case):
    with pytest.raises(InvalidInput, match="超过一年"):
        stop(case, "hearing", "05-11", expected="2029-05-20")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("05-12", "不能晚于今天"), ("05-10", "不能早于受理"), ("02-30", "日期")],
)
def test_a_stop_in_the_future_or_before_acceptance_or_on_no_day_is_refused(case, day, sentence):
    before = traces(case.application)
    with pytest.raises(InvalidInput, match=sentence):
        stop(case, "hearing", day)
    assert traces(case.application) == before
    assert not case[FOOD].stops.exists()


def test_a_stop_ends_neither_before_it_starts_nor_in_the_future(case, time_machine):
    time_machine.move_to(at("05-14"))
    stop(case, "hearing", "05-13")
    for day, sentence in (("05-12", "不能早于开始"), ("05-15", "不能晚于今天"), ("", "请填写")):
        with pytest.raises(InvalidInput, match=sentence):
            resume(case, day) if day else stopping.resume(case[FOOD], case.officer(FOOD), {})
    assert case[FOOD].stops.get().ended_on is None


def test_stops_of_officers_do_not_overlap(case, time_machine):
    time_machine.move_to(at("05-15"))
    stop(case, "survey", "05-12")
    with pytest.raises(NotAllowed, match="还没有结束"):
        stop(case, "hearing", "05-14")
    resume(case, "05-13")
    with pytest.raises(NotAllowed, match="重叠"):
        stop(case, "hearing", "05-13")
    stop(case, "hearing", "05-14")
    resume(case, "05-15")
    task = case[FOOD]
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-25"), on("05-27"))  # four days, two of them by law


def test_what_has_run_out_stays_overdue_whatever_is_stopped_afterwards(case, time_machine):
    time_machine.move_to(at("05-20"))
    stop(case, "hearing", "05-20")
    task = case[FOOD]
    # Promised for 19 May: that is over and stays so. The law's limit of 25 May stands.
    assert (lamp_of(task), task.clock_stopped, task.statutory_stopped) == (Lamp.YELLOW, False, True)


def test_nothing_to_resume_is_told(case):
    with pytest.raises(NotAllowed, match="没有停钟"):
        resume(case, "05-11")


def test_while_a_hearing_runs_nothing_is_decided(case):
    stop(case, "hearing", "05-11")
    for decide in (
        lambda: decisions.refuse(case[FOOD], case.officer(FOOD), "不符合条件"),
        lambda: decisions.grant(case[FOOD], case.officer(FOOD), {"number": "1", "issued_on": "2026-05-11"}),
        lambda: proposing.propose(case[FOOD], case.officer(FOOD), "refused", reason="不符合条件"),
    ):
        with pytest.raises(NotAllowed, match="还在停钟：听证"):
            decide()


def test_the_kinds_offered_are_those_of_the_item(file):
    case = file(FOOD, "prepackaged-food", "entertainment-security", "business-registration")
    special = [StopKind.HEARING, StopKind.INSPECTION, StopKind.EXPERT_REVIEW, StopKind.BIDDING]
    assert stopping.kinds_for(case[FOOD]) == [*special, StopKind.SURVEY, StopKind.WAITING]
    assert stopping.kinds_for(case["business-registration"]) == special  # no survey, nothing to wait for
    assert stopping.kinds_for(case["prepackaged-food"]) == [StopKind.INSPECTION, StopKind.WAITING]
    case.accept("business-registration")
    with pytest.raises(InvalidInput, match="选择"):
        stop(case, "survey", "05-11", "business-registration")


@pytest.fixture
def hotel(file):
    """A hotel whose grant waits for the fire check, and stands for it since 11 May."""
    case = file(HOTEL, FIRE)
    case.accept(FIRE, HOTEL)
    stop(case, "waiting", "05-11", HOTEL, expected="")
    return case


def test_waiting_for_another_item_ends_by_itself_when_that_is_granted(hotel, time_machine):
    before = hotel[HOTEL].committed_due_on
    assert (before, hotel[HOTEL].clock_stopped) == (on("05-27"), True)
    time_machine.move_to(at("05-13"))
    decisions.grant(hotel[FIRE], hotel.officer(FIRE), {"number": "消1", "issued_on": "2026-05-13"})
    for _ in range(2):
        hotel.release()
    task = hotel[HOTEL]
    assert (task.committed_due_on, task.clock_stopped) == (on("05-29"), False)  # 12 and 13 May
    assert task.statutory_due_on == on("06-08")
    assert hotel.events(HOTEL) == ["accepted", "stopped", "resumed"]


def test_a_grant_that_overtakes_the_message_ends_the_waiting_too(hotel, time_machine):
    time_machine.move_to(at("05-13"))
    decisions.grant(hotel[FIRE], hotel.officer(FIRE), {"number": "消1", "issued_on": "2026-05-13"})
    decisions.grant(hotel[HOTEL], hotel.officer(HOTEL), {"number": "特1", "issued_on": "2026-05-13"})
    task = hotel[HOTEL]
    assert (task.committed_due_on, task.stops.get().ended_on) == (on("05-29"), on("05-13"))
    hotel.release()
    assert hotel.events(HOTEL) == ["accepted", "stopped", "granted"]


def test_waiting_does_not_keep_an_officer_from_refusing(hotel):
    decisions.refuse(hotel[HOTEL], hotel.officer(HOTEL), "治安条件不合格")
    assert not hotel[HOTEL].stops.filter(ended_on=None).exists()


def test_a_stop_still_open_at_the_end_ends_with_it(case, time_machine):
    stop(case, "hearing", "05-11")
    time_machine.move_to(at("05-15"))
    withdrawing.withdraw(case.application, case.applicant)
    assert case[FOOD].stops.get().ended_on == on("05-15")
    assert case[FOOD].clock_stopped is False


@pytest.mark.parametrize("kind", ["hearing", "survey"])
def test_no_later_entry_takes_back_that_a_limit_has_run_out(case, kind, time_machine):
    """Promised for 19 May: on the 20th nobody finds a hearing that had begun on the 12th."""
    time_machine.move_to(at("05-20"))
    before = traces(case.application)
    with pytest.raises(InvalidInput, match="已经过了") as refusal:
        stop(case, kind, "05-12")
    assert list(refusal.value.errors) == ["started_on"]
    assert traces(case.application) == before
    time_machine.move_to(at("05-26"))
    with pytest.raises(InvalidInput, match="法定期限 2026-05-25"):
        stop(case, "hearing", "05-20")
