"""Who is in charge (承办人): the head names another of the office."""

import pytest

from routing import assigning
from routing.refusals import NotAllowed
from tests.factories import MembershipFactory, PostFactory, UserFactory
from tests.routing.acting import traces

FOOD = "food-operation"


def test_the_head_puts_a_colleague_in_charge_and_it_is_logged(file):
    case = file(FOOD)
    case.accept(FOOD)
    colleague = case.officer(FOOD, "colleague")
    assigning.reassign(case[FOOD], case.head(FOOD), colleague)
    assert case[FOOD].assignee == colleague
    assert case.application.log.last().detail["assignee"] == colleague.pk
    with pytest.raises(NotAllowed, match="已经由colleague承办"):
        assigning.reassign(case[FOOD], case.head(FOOD), colleague)


def test_who_accepts_is_in_charge_unless_the_head_named_another(file):
    case = file(FOOD, "drainage")
    assigning.reassign(case[FOOD], case.head(FOOD), case.officer(FOOD, "colleague"))
    case.accept(FOOD, "drainage")
    assert case[FOOD].assignee == case.officer(FOOD, "colleague")
    assert case["drainage"].assignee == case.officer("drainage")


def test_nobody_without_a_post_there_or_of_the_applicants_own_is_put_in_charge(file):
    case = file(FOOD)
    party = PostFactory(office=case[FOOD].office).user
    MembershipFactory(user=party, enterprise=case.application.enterprise)
    gone = PostFactory(office=case[FOOD].office, user__is_active=False).user
    before = traces(case.application)
    for officer, sentence in ((UserFactory(), "岗位"), (gone, "岗位"), (party, "回避")):
        with pytest.raises(NotAllowed, match=sentence):
            assigning.reassign(case[FOOD], case.head(FOOD), officer)
    with pytest.raises(NotAllowed, match="负责人"):
        assigning.reassign(case[FOOD], case.officer(FOOD), case.officer(FOOD, "colleague"))
    assert traces(case.application) == before
