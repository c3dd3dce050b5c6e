"""复核: where the office asks for it, one officer proposes and another decides."""

import pytest

from guidance.models import Office
from routing import decisions, proposing, stopping, withdrawing
from routing.refusals import InvalidInput, NotAllowed
from tests.factories import LicenceFactory
from tests.routing.acting import traces

FOOD = "food-operation"
FACE = {"number": "JY1", "issued_on": "2026-05-11", "valid_until": "2031-05-10", "scope": "热食"}


@pytest.fixture
def case(file):
    case = file(FOOD)
    Office.objects.update(second_review=True)
    case.accept(FOOD)
    return case


def propose_grant(case):
    return proposing.propose(case[FOOD], case.officer(FOOD), "granted", face=FACE)


def test_one_proposes_and_another_grants_both_are_on_record(case):
    propose_grant(case)
    task = case[FOOD]
    assert (task.status, task.face) == ("accepted", None)
    second = case.officer(FOOD, "second")
    proposing.approve(case[FOOD], second)
    task = case[FOOD]
    assert (task.status, task.face, task.decided_by) == ("granted", FACE, second)
    assert case.events(FOOD) == ["accepted", "proposed", "granted"]
    assert case.application.log.last().detail["proposed_by"] == case.officer(FOOD).pk
    proposal = task.proposals.get()
    assert (proposal.approved, proposal.settled_by) == (True, second)


def test_a_refusal_is_proposed_with_its_reason(case):
    with pytest.raises(NotAllowed, match="请写明理由"):
        proposing.propose(case[FOOD], case.officer(FOOD), "refused", reason="")
    proposing.propose(case[FOOD], case.officer(FOOD), "refused", reason="后厨太小")
    proposing.approve(case[FOOD], case.officer(FOOD, "second"))
    assert (case[FOOD].status, case[FOOD].reason) == ("refused", "后厨太小")
    assert case.documents(FOOD) == ["acceptance", "refusal"]


def test_who_proposed_does_not_approve(case):
    propose_grant(case)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="不能自己复核"):
        proposing.approve(case[FOOD], case.officer(FOOD))
    assert traces(case.application) == before
    assert proposing.open_proposal(case[FOOD])


def test_alone_nobody_decides_where_two_are_asked_for(case):
    before = traces(case.application)
    for decide in (
        lambda: decisions.grant(case[FOOD], case.head(FOOD), FACE),
        lambda: decisions.refuse(case[FOOD], case.head(FOOD), "不符合条件"),
    ):
        with pytest.raises(NotAllowed, match="第二人复核"):
            decide()
    with pytest.raises(NotAllowed, match="没有等复核"):
        proposing.approve(case[FOOD], case.officer(FOOD, "second"))
    assert traces(case.application) == before


def test_a_proposal_is_checked_like_the_decision(case):
    with pytest.raises(InvalidInput, match="不能早于发证日期"):
        proposing.propose(case[FOOD], case.officer(FOOD), "granted", face=FACE | {"valid_until": "2026-05-10"})
    propose_grant(case)
    with pytest.raises(NotAllowed, match="等第二人复核"):
        propose_grant(case)
    assert case[FOOD].proposals.count() == 1


def test_sent_back_with_a_remark_it_may_be_proposed_again(case):
    propose_grant(case)
    proposing.send_back(case[FOOD], case.officer(FOOD, "second"), "面积没有核对")
    proposal = case[FOOD].proposals.get()
    assert (proposal.approved, proposal.remark) == (False, "面积没有核对")
    with pytest.raises(NotAllowed, match="没有等复核"):
        proposing.send_back(case[FOOD], case.officer(FOOD, "second"), "再退一次")
    propose_grant(case)
    assert case.events(FOOD) == ["accepted", "proposed", "proposal_returned", "proposed"]


def test_while_a_proposal_waits_the_clock_is_not_stopped(case):
    propose_grant(case)
    hearing = {"kind": "hearing", "started_on": "2026-05-11", "expected_on": "2026-05-20", "reason": "听证"}
    with pytest.raises(NotAllowed, match="等第二人复核"):
        stopping.stop(case[FOOD], case.officer(FOOD), hearing)


def test_a_proposal_that_cannot_be_decided_stays_as_it_was(case):
    propose_grant(case)
    LicenceFactory(office=case[FOOD].office, number="JY1", item_code=FOOD)
    before = traces(case.application)
    with pytest.raises(InvalidInput, match="已经用在"):
        proposing.approve(case[FOOD], case.officer(FOOD, "second"))
    assert proposing.open_proposal(case[FOOD])
    assert traces(case.application) == before


def test_when_the_applicant_withdraws_the_proposal_falls(case):
    propose_grant(case)
    withdrawing.withdraw(case.application, case.applicant)
    proposal = case[FOOD].proposals.get()
    assert (proposal.approved, proposal.settled_by, proposal.remark) == (False, None, "这件已经办结，没有复核。")
    with pytest.raises(NotAllowed):
        proposing.approve(case[FOOD], case.officer(FOOD, "second"))
