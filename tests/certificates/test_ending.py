"""撤回 and 注销 of a licence: by whom, on which ground, with which document."""

from functools import partial

import pytest

from certificates import ending
from certificates.gathering import gather
from certificates.models import EndingKind, Licence, LicenceStatus
from licensing import chain
from routing import decisions
from routing.refusals import AlreadyDecided, InvalidInput, NotAllowed
from tests.factories import LicenceFactory, MembershipFactory, OfficeFactory, PostFactory
from tests.threads import refusals_at_once

FIRE, HOTEL = "fire-safety-check", "hotel-special-trade"

WITHDRAWAL = {
    "ground": "law_changed",
    "reason": "原规定已经废止",
    "heard": "当事人没有意见",
    "compensation": "补偿装修费用 2 万元",
}
CANCELLING = {"ground": "on_request", "reason": "店铺停业，持证人申请注销"}


def status_now(licence):
    return Licence.objects.get(pk=licence.pk).status


def test_the_head_withdraws_a_licence_and_the_document_says_ground_facts_compensation_and_remedies(granted, staff):
    licence = granted()
    _, head, _ = staff(licence.office)
    done = ending.withdraw(licence, head, WITHDRAWAL)
    assert status_now(licence) == LicenceStatus.WITHDRAWN
    assert done.title == "撤回行政许可决定书"
    assert (done.addressee, done.decided_by, done.office) == (licence.holder.name, head, licence.office)
    text = "\n".join(done.paragraphs)
    for said in (licence.number, "第八条第二款", "原规定已经废止", "当事人没有意见", "2 万元", "行政复议", "行政诉讼"):
        assert said in text


def test_each_end_stands_in_the_licence_s_chained_log(granted, staff):
    licence = granted()
    officer, head, _ = staff(licence.office)
    ending.withdraw(licence, head, WITHDRAWAL)
    ending.cancel(licence, officer, CANCELLING | {"ground": "ended_before"})
    rows = [(row.event, row.from_status, row.to_status, row.actor) for row in licence.events.order_by("sequence")]
    assert rows == [("withdrawn", "valid", "withdrawn", head), ("cancelled", "withdrawn", "cancelled", officer)]
    assert licence.events.first().detail["reason"] == "原规定已经废止"
    assert chain.verify(licence.events) is None
    assert len({each.number for each in licence.endings.all()}) == 2


def test_an_officer_cancels_but_does_not_withdraw(granted, staff):
    licence = granted()
    officer, _, _ = staff(licence.office)
    with pytest.raises(NotAllowed, match="负责人"):
        ending.withdraw(licence, officer, WITHDRAWAL)
    ending.cancel(licence, officer, CANCELLING)
    assert status_now(licence) == LicenceStatus.CANCELLED


def test_a_licence_held_before_the_portal_but_of_our_office_can_be_ended_too(db, staff):
    licence = LicenceFactory(office=OfficeFactory())
    officer, _, _ = staff(licence.office)
    assert ending.cancel(licence, officer, CANCELLING).title == "注销行政许可决定书"


def test_a_licence_from_an_authority_outside_the_portal_is_not_ended_here(db, staff):
    licence = LicenceFactory(office=None)
    officer, head, _ = staff(OfficeFactory())
    for act, user, data in ((ending.withdraw, head, WITHDRAWAL), (ending.cancel, officer, CANCELLING)):
        with pytest.raises(NotAllowed, match="发证机关"):
            act(licence, user, data)
    assert status_now(licence) == LicenceStatus.VALID


def test_nobody_ends_a_licence_of_another_office_or_of_their_own_shop(granted, staff):
    licence = granted()
    party = PostFactory(office=licence.office).user
    MembershipFactory(user=party, enterprise=licence.holder)
    with pytest.raises(NotAllowed, match="回避"):
        ending.cancel(licence, party, CANCELLING)
    stranger = PostFactory(office=OfficeFactory(department__code="health")).user
    with pytest.raises(NotAllowed, match="岗位"):
        ending.cancel(licence, stranger, CANCELLING)
    assert status_now(licence) == LicenceStatus.VALID


@pytest.mark.parametrize("field", ["ground", "reason", "heard", "compensation"])
@pytest.mark.parametrize("wrong", ["", "  ", "\0", "x" * 3000])
def test_a_withdrawal_says_all_that_the_law_asks_for(granted, staff, field, wrong):
    licence = granted()
    _, head, _ = staff(licence.office)
    with pytest.raises(InvalidInput) as raised:
        ending.withdraw(licence, head, WITHDRAWAL | {field: wrong})
    assert list(raised.value.errors) == [field]
    assert status_now(licence) == LicenceStatus.VALID
    assert not licence.events.exists()


@pytest.mark.parametrize(
    ("status", "valid_until", "ground"),
    [
        ("valid", None, "expired"),
        ("valid", "2099-01-01", "expired"),
        ("valid", None, "ended_before"),
        ("annulled", None, "on_request"),
        ("revoked", None, "expired"),
    ],
)
def test_a_ground_that_is_not_there_cancels_nothing(granted, staff, status, valid_until, ground):
    licence = granted(licence={"status": status, "valid_until": valid_until})
    officer, _, _ = staff(licence.office)
    with pytest.raises(InvalidInput) as raised:
        ending.cancel(licence, officer, CANCELLING | {"ground": ground})
    assert "ground" in raised.value.errors
    assert status_now(licence) == status


@pytest.mark.parametrize("ground", ["expired", "deceased", "dissolved", "force_majeure", "on_request"])
def test_an_expired_licence_is_cancelled_on_every_ground_that_fits_but_no_longer_withdrawn(granted, staff, ground):
    licence = granted(licence={"valid_until": "2026-04-01"})
    officer, head, _ = staff(licence.office)
    with pytest.raises(NotAllowed, match="已经过期"):
        ending.withdraw(licence, head, WITHDRAWAL)
    ending.cancel(licence, officer, CANCELLING | {"ground": ground})
    assert status_now(licence) == LicenceStatus.CANCELLED


def test_what_has_ended_is_not_ended_again(granted, staff):
    licence = granted()
    officer, head, _ = staff(licence.office)
    ending.cancel(licence, officer, CANCELLING)
    for act, user, data in ((ending.withdraw, head, WITHDRAWAL), (ending.cancel, officer, CANCELLING)):
        with pytest.raises(AlreadyDecided, match="注销"):
            act(licence, user, data)
    assert licence.endings.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_cancels(granted, staff):
    for _ in range(4):
        licence = granted()
        users = staff(licence.office)[:2]
        refused = refusals_at_once(*(partial(ending.cancel, licence, user, CANCELLING) for user in users))
        assert len(refused) == 1
        assert "注销" in refused[0]
        assert [each.kind for each in licence.endings.all()] == [EndingKind.CANCEL]
        assert licence.events.count() == 1


def test_what_was_taken_away_again_is_no_ground_for_another_grant(file, granted_on_the_way):
    """The hotel's grant waits for the fire check: granted, then withdrawn, it is not there any more."""
    case = file(HOTEL, FIRE)
    case.accept(FIRE, HOTEL)
    licence = granted_on_the_way(case)
    ending.withdraw(licence, case.head(FIRE), WITHDRAWAL)
    with pytest.raises(NotAllowed, match="已经撤销、撤回或者注销"):
        decisions.grant(case[HOTEL], case.officer(HOTEL), {"number": "特1", "issued_on": "2026-05-11"})
    decisions.refuse(case[HOTEL], case.officer(HOTEL), "消防安全检查的准予已经撤回")
    assert case[HOTEL].status == "refused"


@pytest.fixture
def granted_on_the_way():
    """Grant the fire check and issue its licence while the rest is open."""

    def grant(case):
        decisions.grant(case[FIRE], case.officer(FIRE), {"number": "消1", "issued_on": "2026-05-11"})
        gather(case.application.pk)
        return Licence.objects.get(source_task=case[FIRE])

    return grant
