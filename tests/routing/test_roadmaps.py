"""The map with its dates: before submission as it would go, afterwards as it goes."""

from datetime import date

import pytest
from django.utils import timezone

from licensing.following import tracks_of
from licensing.models import Application
from routing import calendar, correcting, stopping, withdrawing
from routing.decisions import grant, refuse
from routing.models import About
from routing.roadmaps import before, progress
from tests.routing.acting import at, on
from tests.routing.test_decisions import FACE

FOOD, FIRE, HOTEL = "food-operation", "fire-safety-check", "hotel-special-trade"
REGISTRATION, BANK, SEAL = "business-registration", "bank-account", "seal-engraving"
MONDAY = date(2026, 5, 11)


@pytest.fixture
def planned(catalogue):
    """planned(*codes, today=…, committed=…) → the Map before submission, and its rows by item."""

    def planned(*codes, today=MONDAY, committed=(), work=None):
        work = work or calendar.shipped()
        return told(before({code: catalogue.items[code] for code in codes}, work, today, committed=committed))

    return planned


def told(found):
    return found, {row.step.code: row for row in found.rows}


def now(case):
    """The Map of the case as it stands, and its rows by item."""
    application = Application.objects.get(pk=case.application.pk)
    tracks = [track for office in tracks_of(application).values() for track in office]
    return told(progress(application, tracks, calendar.load(), timezone.localdate()))


def asked_to_correct(case, code):
    points = [{"about": About.OTHER, "code": "", "label": "后厨", "text": "请说明。"}]
    correcting.ask(case[code], case.officer(code), points)


class TestBeforeSubmission:
    def test_the_end_is_a_number_of_working_days_and_a_date_if_submitted_today(self, planned):
        found, rows = planned(FOOD)
        assert (found.roadmap.total, found.finish_on) == (6, on("05-19"))
        assert found.start == "今天（5月11日）提交申请"
        assert found.finish == "第 6 个工作日全部办完，5月19日"
        assert (rows[FOOD].begins, rows[FOOD].limit) == ("提交当天", "承诺 6 个工作日")
        assert rows[FOOD].result == "第 6 个工作日出结果，5月19日"

    def test_holidays_are_left_out_as_the_calendar_says(self, planned):
        found, _ = planned(FOOD, today=date(2026, 9, 30))
        assert found.finish_on == calendar.shipped().after(date(2026, 9, 30), 6)
        assert found.finish_on > date(2026, 10, 9)

    def test_what_waits_says_for_what(self, planned):
        _, rows = planned(REGISTRATION, SEAL, BANK, FOOD)
        assert rows[BANK].begins == "“经营主体设立登记”办好以后"
        assert rows[BANK].waits.count("“") == 1
        assert (rows[FOOD].begins, rows[FOOD].waits) == ("提交当天", "“经营主体设立登记”")

    def test_where_several_chains_are_the_longest_it_says_so(self, planned):
        assert planned("drainage", FIRE)[0].has_ties
        assert not planned(REGISTRATION, BANK, FOOD)[0].has_ties

    def test_a_promise_counts_its_own_days_and_says_so(self, planned, catalogue):
        promised = next(code for code, item in catalogue.items.items() if item.commitment and item.committed_days > 1)
        days = catalogue.items[promised].commitment.committed_days
        found, rows = planned(promised, committed=[promised])
        assert (found.roadmap.total, found.finish_on) == (days, calendar.shipped().after(MONDAY, days))
        assert rows[promised].limit == f"告知承诺，{days} 个工作日"

    def test_a_chain_that_begins_on_a_saturday_is_counted_link_by_link(self, planned):
        saturday = date(2026, 5, 16)
        found, _ = planned(REGISTRATION, BANK, today=saturday)
        assert found.finish_on == calendar.shipped().after(saturday, found.roadmap.total)

    def test_days_of_a_year_without_its_notice_are_said_to_be_provisional(self, planned):
        found, _ = planned(FOOD, work=calendar.WorkCalendar())
        assert found.notes == ("2026年的放假安排还没有公布，日期可能调整。",)
        assert planned(FOOD)[0].notes == ()

    def test_a_date_of_another_year_says_its_year(self, planned):
        found, _ = planned(FOOD, today=date(2026, 12, 30))
        assert "2027年1月" in found.finish


class TestAfterwards:
    def test_each_item_says_its_state_and_the_day_its_own_clock_gives_it(self, file):
        case = file(FOOD, FIRE)
        case.accept(FOOD)
        found, rows = now(case)
        assert (rows[FOOD].state, rows[FIRE].state) == ("已受理", "已收件")
        assert rows[FOOD].result == "最晚5月19日"
        assert rows[FOOD].step.lane == "江城区市场监督管理局"
        assert found.finish_on == max(case[FOOD].committed_due_on, case[FIRE].committed_due_on)
        assert found.finish == f"预计在5月{found.finish_on.day}日全部办完，是提交后第 {found.roadmap.total} 个工作日"

    def test_what_waits_behind_a_barrier_is_expected_after_it(self, file):
        case = file(REGISTRATION, BANK)
        _, rows = now(case)
        assert (rows[BANK].state, rows[BANK].begins) == ("等待前置事项", "“经营主体设立登记”办好以后")
        assert (rows[BANK].step.starts, rows[BANK].tone) == (rows[REGISTRATION].step.ends, "stands")

    def test_a_barrier_that_is_late_moves_what_waits_behind_it(self, file, time_machine):
        case = file(REGISTRATION, BANK)
        planned, _ = now(case)
        time_machine.move_to(at("05-20"))
        found, rows = now(case)
        assert "过了承诺的日期" in rows[REGISTRATION].state
        assert found.finish_on > planned.finish_on
        assert found.finish_on > on("05-20")
        assert "实际会更晚" in "".join(found.notes)

    def test_a_lamp_is_said_in_words(self, file, time_machine):
        case = file(FOOD)
        case.accept(FOOD)
        time_machine.move_to(at("05-19"))
        assert "预警：快到承诺的日期" in now(case)[1][FOOD].state
        time_machine.move_to(at("05-20"))
        assert "黄牌：过了承诺的日期" in now(case)[1][FOOD].state
        time_machine.move_to(at("06-20"))
        assert "红牌：过了法定的日期" in now(case)[1][FOOD].state

    def test_a_grant_says_how_many_days_it_took_and_holds_nothing_up_any_more(self, file, time_machine):
        case = file(FOOD, FIRE)
        case.accept(FOOD, FIRE)
        time_machine.move_to(at("05-13"))
        grant(case[FOOD], case.officer(FOOD), FACE)
        found, rows = now(case)
        assert (rows[FOOD].state, rows[FOOD].result) == ("准予许可", "5月13日办结，用了 2 个工作日")
        assert (rows[FOOD].tone, rows[FOOD].step.critical, rows[FIRE].step.critical) == ("done", False, True)
        assert found.today == 2

    def test_a_refusal_is_shown_as_one_and_ends_what_needed_it(self, file):
        case = file(FIRE, HOTEL)
        case.accept(FIRE, HOTEL)
        refuse(case[FIRE], case.officer(FIRE), "疏散通道不够宽。")
        assert now(case)[1][HOTEL].result.endswith("没有办成，将终止办理")
        case.release()
        found, rows = now(case)
        assert (rows[FIRE].state, rows[HOTEL].state) == ("不予许可", "终止办理")
        assert {rows[FIRE].tone, rows[HOTEL].tone} == {"failed"}
        assert "没有办成" in rows[FIRE].result
        assert found.finish == "5月11日已经全部办结，是提交当天"
        assert (found.today, found.notes) == (None, ())

    def test_a_correction_counts_anew_from_the_answer_and_says_so(self, file, time_machine):
        case = file(FOOD)
        asked_to_correct(case, FOOD)
        time_machine.move_to(at("05-14"))
        found, rows = now(case)
        assert rows[FOOD].state == "待补正"
        assert rows[FOOD].result == "今天补正的话，预计5月22日"
        assert found.finish_on == on("05-22")
        assert "晚一天补正" in found.notes[0]

    def test_one_to_be_corrected_still_waits_for_the_result_that_its_own_hangs_on(self, file):
        case = file("entertainment-venue", "entertainment-security")
        asked_to_correct(case, "entertainment-security")
        _, rows = now(case)
        step, venue = rows["entertainment-security"].step, rows["entertainment-venue"].step
        assert (step.worked, step.ends) == (case["entertainment-security"].committed_days, venue.ends)
        assert step.worked < step.ends

    def test_a_stopped_clock_says_that_the_day_will_move(self, file):
        case = file(FOOD)
        case.accept(FOOD)
        stop = {"kind": "survey", "started_on": "2026-05-11", "expected_on": "", "reason": "需要查明"}
        stopping.stop(case[FOOD], case.officer(FOOD), stop)
        found, rows = now(case)
        assert (rows[FOOD].state, rows[FOOD].result) == ("已受理，停钟", "原定最晚5月19日，会推后")
        assert "恢复以后日期会推后" in found.notes[0]

    def test_what_was_withdrawn_says_so_and_was_never_received_where_it_still_waited(self, file):
        case = file(REGISTRATION, BANK)
        withdrawing.withdraw(case.application, case.applicant)
        found, rows = now(case)
        assert {row.state for row in rows.values()} == {"已撤回"}
        assert (rows[BANK].begins, rows[BANK].result) == ("没有收件", "5月11日结束")
        assert found.roadmap.total == 0

    def test_a_result_that_waits_for_another_is_expected_when_that_comes(self, file):
        case = file(FIRE, HOTEL)
        _, rows = now(case)
        slower = max(case[FIRE].committed_due_on, case[HOTEL].committed_due_on)
        assert rows[HOTEL].waits == "“公众聚集场所投入使用、营业前消防安全检查”"
        assert f"{slower.month}月{slower.day}日" in rows[HOTEL].result
