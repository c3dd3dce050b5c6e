"""The one extension (Licensing Law art. 42): by the head, with its reason told, as the item's law allows."""

import pytest

from routing import extending, stopping
from routing.refusals import NotAllowed
from tests.factories import UserFactory
from tests.routing.acting import at, on, traces

FOOD = "food-operation"


@pytest.fixture
def case(file):
    case = file(FOOD)
    case.accept(FOOD)
    return case


def test_the_head_extends_both_limits_once_and_says_why(case):
    extending.extend(case[FOOD], case.head(FOOD), "需要专家论证")
    task = case[FOOD]
    assert (task.committed_due_on, task.statutory_due_on) == (on("05-26"), on("06-01"))  # 5 working days each
    paragraphs = task.documents.get(kind="extension").paragraphs
    assert "延长5个工作日，到2026年6月1日为止" in paragraphs[0]
    assert paragraphs[1] == "延长的理由：需要专家论证"
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="只能延长一次"):
        extending.extend(case[FOOD], case.head(FOOD), "再延")
    assert traces(case.application) == before


def test_an_officer_who_is_not_the_head_does_not_extend(case):
    for user, sentence in ((case.officer(FOOD), "负责人"), (UserFactory(), "岗位")):
        with pytest.raises(NotAllowed, match=sentence):
            extending.extend(case[FOOD], user, "情况复杂")


def test_an_extension_needs_its_reason(case):
    with pytest.raises(NotAllowed, match="请写明理由"):
        extending.extend(case[FOOD], case.head(FOOD), " ")
    assert not hasattr(case[FOOD], "extension")


def test_where_the_law_gives_no_days_there_is_nothing_to_extend(file):
    case = file("device-class3", "prepackaged-food")
    case.accept("device-class3", "prepackaged-food")
    with pytest.raises(NotAllowed, match="法律没有规定"):
        extending.extend(case["device-class3"], case.head("device-class3"), "情况复杂")
    with pytest.raises(NotAllowed, match="备案事项没有这一步"):
        extending.extend(case["prepackaged-food"], case.head("prepackaged-food"), "情况复杂")


def test_on_the_last_day_it_is_extended_and_the_day_after_no_more(case, time_machine):
    time_machine.move_to(at("05-26", 0))
    with pytest.raises(NotAllowed, match="已经过了"):
        extending.extend(case[FOOD], case.head(FOOD), "情况复杂")
    time_machine.move_to(at("05-25", 23))
    extending.extend(case[FOOD], case.head(FOOD), "情况复杂")
    assert case[FOOD].statutory_due_on == on("06-01")


def test_while_the_law_stops_the_clock_it_has_not_run_out(case, time_machine):
    hearing = {"kind": "hearing", "started_on": "2026-05-11", "expected_on": "2026-06-30", "reason": "听证"}
    stopping.stop(case[FOOD], case.officer(FOOD), hearing)
    time_machine.move_to(at("06-10"))
    extending.extend(case[FOOD], case.head(FOOD), "听证后还要论证")
    assert (case[FOOD].statutory_due_on, case[FOOD].statutory_stopped) == (on("06-01"), True)


def test_stops_and_the_extension_add_up(case, time_machine):
    hearing = {"kind": "hearing", "started_on": "2026-05-11", "expected_on": "2026-05-15", "reason": "听证"}
    stopping.stop(case[FOOD], case.officer(FOOD), hearing)
    extending.extend(case[FOOD], case.head(FOOD), "情况复杂")
    time_machine.move_to(at("05-15"))
    stopping.resume(case[FOOD], case.officer(FOOD), {"ended_on": "2026-05-15"})
    assert case[FOOD].statutory_due_on == on("06-05")  # 10 + 5 working days, and the four of 12 to 15 May
