"""延续 and 变更 at the officer's desk: what is told of the licence, what the grant begins with."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Reissue
from guidance.models import Office
from licensing.prior import Prior
from routing import proposing
from routing.acts import ACTS
from routing.decisions import grant
from routing.models import TaskStatus
from routing.refusals import NotAllowed
from tests.factories import LicenceFactory, OfficeFactory, PremisesFactory
from tests.licensing.reading import Person
from tests.routing.acting import filed

FOOD = "food-operation"
QUEUE = reverse("admin:routing_approvaltask_changelist")


@pytest.fixture
def carried_on(city):
    """carried_on(purpose, **of the licence) → the licence, of this office, and the Case of its 延续 or 变更."""

    def carried_on(purpose="renew", **of_licence):
        premises = PremisesFactory(division=city)
        office = OfficeFactory(division=city)
        until = timezone.localdate() + timedelta(days=60)
        licence = LicenceFactory(
            holder=premises.enterprise,
            premises=premises,
            **{"office": office, "valid_until": until, "scope": "热食类食品制售"} | of_licence,
        )
        reissue = {"purpose": purpose, "mode": "traditional", "prior": Prior.of(licence).as_json()}
        case = filed(premises, [FOOD], enterprise=premises.enterprise, **reissue)
        Reissue.objects.create(application=case.application, licence=licence)
        return licence, case

    return carried_on


def desk(client, case, move=""):
    officer = case.officer(FOOD)
    officer.is_staff = True
    officer.save()
    page = reverse("admin:routing_approvaltask_change", args=[case[FOOD].public_id])
    return Person(client, officer).open(f"{page}?move={move}")


def test_the_page_tells_of_the_licence_and_by_when_the_law_wants_the_decision(carried_on, client):
    licence, case = carried_on(valid_until=date(2027, 3, 31))
    told = desk(client, case).part("#reissue")
    assert f"延续：原证食品经营许可证，编号 {licence.number}" in told
    assert "有效期至 2027年3月31日" in told
    assert "现在的状态：有效" in told
    assert "要在 2027年3月31日 有效期届满前作出决定 ，逾期没有作出决定的，视为准予延续" in told


def test_a_change_has_no_such_day_and_a_new_licence_no_such_notice(carried_on, client, file):
    _, case = carried_on("change")
    told = desk(client, case).part("#reissue")
    assert "变更：原证" in told
    assert "视为准予延续" not in told
    assert desk(client, file(FOOD)).part("#reissue") == ""


def test_the_queue_tells_of_it_without_a_query_for_each_row(carried_on, client, django_assert_max_num_queries):
    licence, case = carried_on()
    desk(client, case)
    for _ in range(3):
        carried_on()
    with django_assert_max_num_queries(16):
        page = client.get(QUEUE).content.decode()
    assert page.count("否则视为准予延续") == 4
    assert licence.number in page


def test_the_grant_begins_with_the_number_and_scope_of_the_licence(carried_on):
    licence, case = carried_on()
    case.accept(FOOD)
    begun = ACTS["grant"].form(case[FOOD]).initial
    assert (begun["number"], begun["scope"]) == (licence.number, "热食类食品制售")
    assert begun["valid_until"] > licence.valid_until


def test_a_change_leaves_its_term(carried_on):
    licence, case = carried_on("change")
    case.accept(FOOD)
    assert ACTS["grant"].form(case[FOOD]).initial["valid_until"] == licence.valid_until


def test_two_officers_keep_the_number_too(carried_on, client):
    licence, case = carried_on()
    case.accept(FOOD)
    Office.objects.filter(pk=licence.office_id).update(second_review=True)
    face = {"number": licence.number, "issued_on": timezone.localdate().isoformat(), "scope": "", "valid_until": None}
    proposing.propose(case[FOOD], case.officer(FOOD), TaskStatus.GRANTED, face=face)
    proposing.approve(case[FOOD], case.officer(FOOD, "second"))
    assert case[FOOD].face["number"] == licence.number
    assert licence.number in desk(client, case).text


def test_the_number_of_another_office_s_licence_is_given_like_a_new_one(carried_on):
    elsewhere = OfficeFactory(division__code="441704")
    licence, case = carried_on(office=elsewhere)
    case.accept(FOOD)
    LicenceFactory(office=case[FOOD].office, number=licence.number)
    face = {"number": licence.number, "issued_on": timezone.localdate().isoformat(), "scope": "", "valid_until": None}
    with pytest.raises(NotAllowed, match="已经用在本机关的另一份证照上"):
        grant(case[FOOD], case.officer(FOOD), face)
