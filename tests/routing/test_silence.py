"""Licensing Law art. 32(4): a licence whose applicant is told nothing in five working days is accepted."""

import pytest

from routing import correcting, decisions, tasks
from routing.counting import rules
from routing.refusals import NotAllowed
from routing.silence import accepted_by
from tests.routing.acting import at, filed, on, today, traces

FOOD = "food-operation"


def test_on_the_sixth_working_day_it_is_accepted_as_of_the_day_the_papers_came(file, time_machine):
    case = file(FOOD)
    time_machine.move_to(at("05-18", 23))
    tasks.sweep()
    assert case[FOOD].status == "received"
    time_machine.move_to(at("05-19", 0))
    for _ in range(2):
        tasks.sweep()
    task = case[FOOD]
    assert (task.status, task.accepted_at, task.assignee) == ("accepted", task.complete_at, None)
    assert task.statutory_due_on == on("05-25")  # six of its ten working days are gone
    assert case.events(FOOD) == ["accepted_by_silence"]
    document = task.documents.get()
    assert (document.kind, document.issued_by) == ("acceptance", None)
    assert "自收齐申请材料之日（2026年5月11日）起即为受理" in document.paragraphs[0]


def test_weekends_and_holidays_are_no_days_of_silence(submit, time_machine):
    """Thursday 30 April: Labour Day until 5 May, Saturday 9 May is worked; the fifth day is Monday 11 May."""
    time_machine.move_to(at("04-30"), tick=False)
    task = filed(submit("drainage").premises, [FOOD])[FOOD]
    time_machine.move_to(at("05-11", 23))
    assert accepted_by(today(), rules()) == []
    time_machine.move_to(at("05-12", 0))
    assert accepted_by(today(), rules()) == [task]


@pytest.mark.parametrize("code", ["prepackaged-food", "seal-engraving"])
def test_no_filing_and_no_service_is_accepted_by_silence(file, time_machine, code):
    case = file(code)
    time_machine.move_to(at("07-01"))
    tasks.sweep()
    assert case[code].status == "received"
    with pytest.raises(NotAllowed, match="没有这一步"):
        decisions.accept_by_silence(case[code])


def test_under_the_lock_the_days_are_counted_again(file, time_machine):
    """A sweeper that holds an old row must not accept what was answered a moment ago."""
    case = file(FOOD)
    with pytest.raises(NotAllowed, match="还可以告知补正"):
        decisions.accept_by_silence(case[FOOD])
    time_machine.move_to(at("05-19"))
    decisions.accept_by_silence(case[FOOD])
    with pytest.raises(NotAllowed):
        decisions.accept_by_silence(case[FOOD])
    assert case.events(FOOD) == ["accepted_by_silence"]


def test_what_waits_behind_a_barrier_or_for_the_applicant_is_not_accepted(file, time_machine):
    case = file("business-registration", "bank-account", FOOD)
    other = {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    correcting.ask(case[FOOD], case.officer(FOOD), [other])
    time_machine.move_to(at("05-19"))
    tasks.sweep()
    assert case.statuses() == {"business-registration": "accepted", "bank-account": "waiting", FOOD: "correction"}


def test_after_the_fifth_day_nobody_is_told_any_more_though_the_sweeper_has_not_come(file, time_machine):
    """The law has accepted it at midnight; a sweeper that stands still must not give the officer days."""
    case, other = file(FOOD), {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    time_machine.move_to(at("05-19", 0))
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="已经受理"):
        correcting.ask(case[FOOD], case.officer(FOOD), [other])
    with pytest.raises(NotAllowed, match="已经受理"):
        decisions.decline(case[FOOD], case.officer(FOOD), {"reason": "不属于本机关", "right_authority": "省局"})
    assert traces(case.application) == before


def test_whoever_accepts_after_the_fifth_day_accepts_as_of_the_day_the_papers_came(file, time_machine):
    case = file(FOOD)
    time_machine.move_to(at("05-20"))
    task = case.accept(FOOD)
    assert (task.accepted_at, task.statutory_due_on, task.assignee) == (
        task.complete_at,
        on("05-25"),
        case.officer(FOOD),
    )


def test_a_filing_or_service_may_be_asked_about_on_any_day(file, time_machine):
    case, other = file("prepackaged-food"), {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    time_machine.move_to(at("06-30"))
    correcting.ask(case["prepackaged-food"], case.officer("prepackaged-food"), [other])
    assert case["prepackaged-food"].status == "correction"
