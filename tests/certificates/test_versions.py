"""The next version of a licence (变更, 延续): granted, issued in the place of the one before, once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from certificates import annulling, ending, identifiers
from certificates.gathering import gather
from certificates.models import Licence, LicenceStatus, Reissue
from exchange.models import Event
from licensing import chain
from licensing.prior import Prior
from routing.decisions import grant
from routing.models import TaskStatus
from routing.refusals import NotAllowed
from tests.factories import LicenceFactory
from tests.routing.acting import filed
from tests.threads import refusals_at_once

IDENTIFIER = "1.2.156.3005.2.114417000000EX0G8Y001.114417000000EX0G8Y.2026000000000001.001.N"
CANCELLING = {"ground": "on_request", "reason": "停业"}
ANNULLING = {"ground": "procedure", "reason": "程序不合法", "heard": "没有意见"}


@pytest.fixture
def renewal(granted, city):
    """renewal() → a licence granted here, and the Case of its 延续, accepted."""

    def renewal(purpose="renew", **of_licence):
        licence = granted({"scope": "热食类食品制售", "valid_until": timezone.localdate() + timedelta(40)} | of_licence)
        return licence, carried_on(licence, purpose)

    return renewal


def carried_on(licence, purpose="renew"):
    reissue = {"purpose": purpose, "mode": "traditional", "prior": Prior.of(licence).as_json()}
    case = filed(licence.premises, [licence.item_code], enterprise=licence.holder, **reissue)
    Reissue.objects.create(application=case.application, licence=licence)
    case.accept(licence.item_code)
    return case


def face(licence, **more):
    today = timezone.localdate()
    until = (today + timedelta(days=1800)).isoformat()
    return {"number": licence.number, "issued_on": today.isoformat(), "valid_until": until, "scope": "热食"} | more


def granted_by(case, licence, **more):
    grant(case["food-operation"], case.officer("food-operation"), face(licence, **more))


def versions(licence):
    found = Licence.objects.filter(holder=licence.holder).order_by("version")
    return [(one.version, str(one.status), one.number) for one in found]


def test_the_grant_of_a_renewal_makes_the_next_version_and_the_one_before_lapses(renewal):
    licence, case = renewal(identifier=IDENTIFIER)
    granted_by(case, licence)
    for _ in range(2):
        gather(case.application.pk)
    assert versions(licence) == [(1, "lapsed", licence.number), (2, "valid", licence.number)]
    new = Licence.objects.get(version=2)
    assert (new.previous, new.premises, new.source_task) == (licence, licence.premises, case["food-operation"])
    one = identifiers.parse(IDENTIFIER)
    assert new.identifier == identifiers.build(one.type_code, one.issuer, one.serial, 2)
    assert new.is_valid


def test_both_chains_tell_of_it_and_the_new_version_is_announced(renewal):
    licence, case = renewal()
    granted_by(case, licence)
    gather(case.application.pk)
    new, told = Licence.objects.get(version=2), licence.events.last()
    assert (told.event, told.from_status, told.to_status) == ("superseded", "valid", "lapsed")
    assert told.actor == case.officer("food-operation")
    assert told.detail == {"version": 2, "number": licence.number, "application": case.application.number}
    assert chain.verify(licence.events) is chain.verify(new.events) is None
    assert [event.payload for event in Event.objects.filter(kind="licence.issued")] == [{"licence_id": new.pk}]


def test_a_version_follows_another_and_may_bear_a_new_number(renewal):
    licence, case = renewal("change")
    granted_by(case, licence)
    gather(case.application.pk)
    second = Licence.objects.get(version=2)
    again = carried_on(second)
    granted_by(again, second, number="JY14417020009999")
    gather(again.application.pk)
    assert [status for _, status, _ in versions(licence)] == ["lapsed", "lapsed", "valid"]
    assert versions(licence)[-1][2] == "JY14417020009999"


def test_what_has_expired_since_it_was_filed_is_carried_on_all_the_same(renewal, time_machine):
    """Licensing Law art. 50: applied for in time and decided late."""
    licence, case = renewal()
    time_machine.move_to(timezone.now() + timedelta(days=50))
    granted_by(case, licence)
    gather(case.application.pk)
    assert versions(licence)[-1][:2] == (2, "valid")


@pytest.mark.parametrize("status", [one for one in LicenceStatus if one != LicenceStatus.VALID])
def test_what_is_no_longer_in_force_cannot_be_carried_on(renewal, status):
    licence, case = renewal()
    Licence.objects.filter(pk=licence.pk).update(status=status)
    with pytest.raises(NotAllowed, match="，不能准予延续"):
        granted_by(case, licence)
    assert case["food-operation"].status == TaskStatus.ACCEPTED


def test_while_its_annulment_is_proposed_nothing_is_carried_on(renewal, staff):
    licence, case = renewal()
    annulling.propose(licence, staff(licence.office)[0], ANNULLING)
    with pytest.raises(NotAllowed, match="提出撤销原证"):
        granted_by(case, licence)


def test_between_its_grant_and_its_licence_the_one_before_cannot_be_ended(renewal, staff):
    licence, case = renewal()
    officer, *_ = staff(licence.office)
    granted_by(case, licence)
    with pytest.raises(NotAllowed, match="新的一版马上生成"):
        ending.cancel(licence, officer, CANCELLING)
    gather(case.application.pk)
    with pytest.raises(NotAllowed, match="已经换成第 2 版"):
        ending.cancel(Licence.objects.get(pk=licence.pk), officer, CANCELLING)
    ending.cancel(Licence.objects.get(version=2), officer, CANCELLING)
    assert [status for _, status, _ in versions(licence)] == ["lapsed", "cancelled"]


def test_should_the_one_before_be_gone_all_the_same_nothing_is_issued(renewal):
    licence, case = renewal()
    granted_by(case, licence)
    Licence.objects.filter(pk=licence.pk).update(status="revoked")
    with pytest.raises(ValueError, match="is revoked"):
        gather(case.application.pk)
    assert versions(licence) == [(1, "revoked", licence.number)]


@pytest.mark.django_db(transaction=True)
def test_of_a_grant_and_an_end_in_the_same_moment_one_happens(city, granted, staff):
    for _ in range(3):
        licence = granted({"valid_until": timezone.localdate() + timedelta(days=40)})
        case, (officer, *_) = carried_on(licence), staff(licence.office)
        case.officer("food-operation")
        refused = refusals_at_once(
            partial(granted_by, case, licence), partial(ending.cancel, licence, officer, CANCELLING)
        )
        gather(case.application.pk)
        assert len(refused) == 1
        renewed = case["food-operation"].status == TaskStatus.GRANTED
        statuses = [status for _, status, _ in versions(licence)]
        assert statuses == (["lapsed", "valid"] if renewed else ["cancelled"])


def test_a_number_of_somebody_else_is_refused_for_the_next_version_too(renewal):
    licence, case = renewal()
    other = LicenceFactory(office=licence.office)
    with pytest.raises(NotAllowed, match="已经用在本机关的另一份证照上"):
        granted_by(case, licence, number=other.number)


def test_nobody_else_may_take_the_number_of_a_licence_that_is_carried_on(renewal, file):
    licence, case = renewal()
    granted_by(case, licence)
    stranger = file("food-operation")
    stranger.accept("food-operation")
    with pytest.raises(NotAllowed, match="已经用在本机关的另一份证照上"):
        granted_by(stranger, licence)


def test_the_decision_says_what_is_carried_on(renewal):
    licence, case = renewal()
    granted_by(case, licence)
    text = "".join(case["food-operation"].documents.get(kind="grant").paragraphs)
    assert f"准予延续{licence.name}（编号 {licence.number}" in text
    assert f"证照编号：{licence.number}。" in text
