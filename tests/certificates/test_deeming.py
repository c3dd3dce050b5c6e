"""视为准予延续 (Licensing Law art. 50(2)): who applied in time and heard nothing stays licensed."""

import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from certificates import deeming, expiry_calendar, holding
from certificates.models import Licence, LicenceStatus, Reissue
from certificates.public.facts import look_up
from licensing.models import Application
from licensing.prior import Prior
from routing import conditions, decisions, deferring, moves, withdrawing
from routing.refusals import NotAllowed
from tests.factories import LicenceFactory, MembershipFactory, OfficeFactory, PremisesFactory
from tests.routing.acting import filed
from tests.threads import at_once

pytestmark = pytest.mark.django_db
FOOD = "food-operation"
TODAY = timezone.localdate


@pytest.fixture
def renewing(city):
    """renewing(filed_before=days, ended=days ago, **of the filing) → the licence and the accepted Case of its 延续."""

    def renewing(filed_before=40, ended=1, **traits):
        premises = PremisesFactory(division=city)
        until = TODAY() - timedelta(days=ended)
        place = {"holder": premises.enterprise, "premises": premises, "office": OfficeFactory(division=city)}
        licence = LicenceFactory(**place, issued_on=until - timedelta(days=700), valid_until=until)
        reissue = {"purpose": "renew", "mode": "traditional", "prior": Prior.of(licence).as_json()}
        case = filed(premises, [FOOD], enterprise=premises.enterprise, **reissue, **traits)
        Reissue.objects.create(application=case.application, licence=licence)
        case.accept(FOOD)
        handed_in = timezone.now() - timedelta(days=filed_before + ended)
        Application.objects.filter(pk=case.application.pk).update(submitted_at=handed_in)
        return licence, case

    return renewing


def state_of(licence):
    licence.refresh_from_db()
    [shown] = look_up(licence.holder.public_token)["licences"]
    return shown["status"]


def test_a_renewal_filed_in_time_and_not_decided_keeps_its_licence_in_force(renewing):
    licence, _ = renewing()
    assert state_of(licence) == "已过期"
    deeming.sweep()
    assert state_of(licence) == "有效（视为准予延续）"
    assert licence.deemed_renewed_on == licence.valid_until + timedelta(days=1)
    assert licence.is_valid
    assert licence in Licence.objects.valid()
    [event] = licence.events.filter(event="deemed_renewed")
    assert event.detail["application"]


def test_it_is_deemed_granted_once(renewing):
    licence, _ = renewing()
    deeming.sweep()
    deeming.sweep()
    assert licence.events.filter(event="deemed_renewed").count() == 1


@pytest.mark.parametrize(("filed_before", "ended"), [(29, 1), (40, 0)])
def test_one_filed_late_or_not_ended_yet_is_not(renewing, filed_before, ended):
    licence, _ = renewing(filed_before, ended)
    deeming.sweep()
    licence.refresh_from_db()
    assert licence.deemed_renewed_on is None


def test_one_that_was_ended_meanwhile_is_not(renewing):
    licence, _ = renewing()
    Licence.objects.filter(pk=licence.pk).update(status=LicenceStatus.REVOKED)
    deeming.sweep()
    assert state_of(licence) == "吊销"


def test_it_can_only_be_granted_any_more(renewing):
    licence, case = renewing()
    deeming.sweep()
    officer = case.officer(FOOD)
    with pytest.raises(NotAllowed, match="视为准予延续"):
        decisions.refuse(case[FOOD], officer, "不符合条件")
    with pytest.raises(NotAllowed, match="视为准予延续"):
        withdrawing.withdraw(case.application, MembershipFactory(enterprise=licence.holder).user)
    case.application.tasks.update(by_commitment=True)
    assert "视为准予延续" in moves.unmet(case[FOOD], "end_false_promise")
    case.application.tasks.update(by_commitment=False)
    face = {"number": licence.number, "issued_on": TODAY().isoformat(), "scope": "", "valid_until": None}
    decisions.grant(case[FOOD], officer, face)
    assert case[FOOD].status == "granted"


@pytest.mark.parametrize("ended", ["revoked", "cancelled", "lapsed"])
def test_of_a_licence_taken_away_since_the_renewal_can_be_ended(renewing, ended):
    licence, case = renewing()
    deeming.sweep()
    Licence.objects.filter(pk=licence.pk).update(status=ended)
    decisions.refuse(case[FOOD], case.officer(FOOD), "原证已经不在了")
    assert case[FOOD].status == "refused"


def test_it_is_not_ended_for_a_paper_that_did_not_come(renewing, monkeypatch):
    _, case = renewing(deferred=["mat-food-rules"])
    deeming.sweep()
    later = TODAY() + timedelta(days=90)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    assert case[FOOD] in deferring.missed(later)
    deferring.end_missed(case[FOOD])
    assert case[FOOD].status == "accepted"


def test_a_list_of_the_untrustworthy_bars_no_grant_that_the_law_has_deemed(renewing, monkeypatch):
    _, case = renewing()
    monkeypatch.setattr(conditions, "is_barred", lambda task: True)
    case.application.tasks.update(by_commitment=True)
    assert "不能准予" in conditions.not_barred(case[FOOD])
    deeming.sweep()
    assert conditions.not_barred(case[FOOD]) == ""


def test_the_public_page_says_so_in_both_tongues(renewing, client):
    licence, _ = renewing()
    deeming.sweep()
    address = reverse("certificates:public", args=[licence.holder.public_token])
    assert "有效（视为准予延续）" in client.get(address).content.decode()
    assert "deemed renewed by law" in client.get(address, {"lang": "en"}).content.decode()


def test_what_the_law_deems_is_never_taken_back(renewing):
    licence, _ = renewing()
    deeming.sweep()
    with pytest.raises(DatabaseError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(deemed_renewed_on=None)


@pytest.mark.parametrize(("before", "after"), [("lapsed", "valid"), ("transferred", "cancelled")])
def test_an_ended_licence_does_not_come_back(before, after):
    licence = LicenceFactory(status=before)
    with pytest.raises(DatabaseError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(status=after)


@pytest.mark.parametrize("until", [None, TODAY()])
def test_the_database_takes_none_deemed_granted_without_a_last_day_or_before_it(until):
    with pytest.raises(DatabaseError, match="deemed_granted_after"), transaction.atomic():
        LicenceFactory(valid_until=until, deemed_renewed_on=TODAY())


def test_the_calendar_and_the_soon_ending_leave_out_what_is_deemed_renewed(renewing):
    licence, _ = renewing()
    deeming.sweep()
    held = Licence.objects.filter(pk=licence.pk)
    assert list(expiry_calendar.coming(held)) == []
    user = MembershipFactory(enterprise=licence.holder).user
    ranked = holding.held_by(licence.holder, user)
    assert holding.counts(ranked)["soon"] == 0
    [shown] = holding.shown(ranked, user)
    assert shown.days_left is None


@pytest.mark.django_db(transaction=True)
def test_it_is_refused_or_deemed_granted_never_both(renewing, monkeypatch):
    licence, case = renewing()
    officer, performed = case.officer(FOOD), decisions.perform

    def slowly(*arguments):
        time.sleep(0.3)
        return performed(*arguments)

    monkeypatch.setattr(decisions, "perform", slowly)

    def sweep():
        time.sleep(0.1)
        deeming.sweep()

    at_once(lambda: decisions.refuse(case[FOOD], officer, "不符合条件"), sweep)
    licence.refresh_from_db()
    assert (case[FOOD].status, licence.deemed_renewed_on) == ("refused", None)
