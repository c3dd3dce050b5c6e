"""The page of an enterprise's licences: who sees which of them, what it says of each, and what it costs."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import advice, log
from certificates.models import LicenceFile, LicenceStatus, Reissue, SigningKey
from licensing.models import MemberRole, Purpose
from licensing.registration import REGISTRATION
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    OfficeFactory,
    PremisesFactory,
)

pytestmark = pytest.mark.django_db
BUTTONS = "form[action$='/renew/'], form[action$='/change/']"


@pytest.fixture
def member():
    return MembershipFactory()


@pytest.fixture
def page(client, member):
    """page(**query) → the soup of the member's page."""

    def page(user=member.user, **query):
        client.force_login(user)
        response = client.get(reverse("certificates:register", args=[member.enterprise.public_id]), query)
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    return page


def days_ahead(days):
    return timezone.localdate() + timedelta(days=days)


def held(member, **facts):
    usual = {"premises": PremisesFactory(enterprise=member.enterprise), "office": OfficeFactory(phone="0662-12345")}
    return LicenceFactory(holder=member.enterprise, **usual | facts)


def reissued(old, **facts):
    """The next version of the licence, as a grant of 延续 leaves the two."""
    old.status = LicenceStatus.LAPSED
    old.save(update_fields=["status"])
    kept = {name: getattr(old, name) for name in ("holder", "premises", "office", "number")}
    return LicenceFactory(previous=old, version=old.version + 1, **kept | facts)


def article(soup, licence):
    return soup.find(id=f"licence-{licence.public_id}")


def texts(soup):
    return " ".join(soup.get_text(" ", strip=True).split())


def test_the_page_says_what_the_licence_s_face_says(member, page):
    licence = held(member, scope="热食类食品制售", identifier="1.2.156.3005.2.X")
    text = texts(article(page(), licence))
    for said in (licence.name, licence.number, licence.authority, "热食类食品制售", "2029年5月5日", "3005.2.X", "有效"):
        assert said in text


def test_a_stranger_finds_no_page(client, member):
    for name in ("register", "calendar"):
        client.force_login(MembershipFactory().user)
        assert client.get(reverse(f"certificates:{name}", args=[member.enterprise.public_id])).status_code == 404


def test_an_agent_of_one_shop_sees_its_licences_and_the_enterprise_s_own(client, member, page):
    shop, other = held(member), held(member)
    own = held(member, premises=None)
    agent = MembershipFactory(enterprise=member.enterprise, role=MemberRole.AGENT, premises=shop.premises)
    soup = page(agent.user)
    assert article(soup, shop)
    assert article(soup, own)
    assert other.number not in soup.get_text()
    file = client.get(reverse("certificates:calendar", args=[member.enterprise.public_id])).content.decode()
    assert other.number not in file


def test_licences_stand_by_premises_and_then_by_state(member, page):
    shop = PremisesFactory(enterprise=member.enterprise, name="乙店")
    made = {
        "ended": held(member, premises=shop, status=LicenceStatus.CANCELLED),
        "expired": held(member, premises=shop, valid_until=days_ahead(-1)),
        "suspended": held(member, premises=shop, status=LicenceStatus.SUSPENDED),
        "later": held(member, premises=shop, valid_until=days_ahead(900)),
        "sooner": held(member, premises=shop, valid_until=days_ahead(9)),
        "whole": held(member, premises=None, status=LicenceStatus.REVOKED),
    }
    order = [one["id"].removeprefix("licence-") for one in page().select("article.licence")]
    expected = ["whole", "sooner", "later", "suspended", "expired", "ended"]
    assert order == [str(made[name].public_id) for name in expected]


@pytest.mark.parametrize(("days", "said"), [(90, "还有 90 天到期"), (0, "今天到期"), (91, None), (-1, None)])
def test_few_days_left_are_counted(member, page, days, said):
    licence = held(member, valid_until=days_ahead(days))
    text = texts(article(page(), licence))
    assert (said in text) if said else ("天到期" not in text)


def test_the_tabs_count_and_choose(member, page):
    soon, ended = held(member, valid_until=days_ahead(30)), held(member, status=LicenceStatus.REVOKED)
    assert [texts(tab) for tab in page().select(".tabs a")] == ["全部 2", "有效 1", "90 天内到期 1", "已失效 1"]
    soup = page(state="ended")
    assert article(soup, ended)
    assert not article(soup, soon)
    assert article(page(state="\x00<no>"), soon)


def test_older_versions_are_folded_under_the_newest(member, page):
    first = held(member, number="JY1")
    second = reissued(first, number="JY2")
    third = reissued(second, number="JY3")
    soup = page()
    assert [one["id"] for one in soup.select("article.licence")] == [f"licence-{third.public_id}"]
    folded = texts(article(soup, third).find("details"))
    assert "以前的版本（2）" in folded
    assert folded.index("JY2") < folded.index("JY1")


@pytest.mark.parametrize("status", [one for one in LicenceStatus if one != LicenceStatus.VALID])
def test_what_is_not_in_force_is_explained_with_the_office_and_its_phone(member, page, status):
    licence = held(member, status=status)
    means, next_step = advice.advice_on(licence)
    text = texts(article(page(), licence))
    for said in (means, next_step, licence.authority, "0662-12345", "12345"):
        assert said in text


@pytest.mark.parametrize(("status", "linked"), [("lapsed", True), ("revoked", True), ("suspended", False)])
def test_whoever_may_apply_anew_is_led_to_what_that_takes(member, page, status, linked):
    licence = held(member, status=status)
    about = reverse("guidance:item", args=[licence.item_code])
    assert bool(article(page(), licence).select(f'a[href="{about}"]')) is linked


def test_what_happened_to_it_stands_with_its_day(member, page):
    licence = held(member)
    log.record_imported([licence], member.user)
    licence.status = LicenceStatus.SUSPENDED
    licence.save(update_fields=["status"])
    with transaction.atomic():
        log.record(licence, "suspended", actor=member.user, from_status="valid", detail={"reason": "后厨没有冷藏设备"})
    text = texts(article(page(), licence))
    assert f"{timezone.localdate():%Y}年" in text
    assert "暂扣" in text
    assert "后厨没有冷藏设备" in text


def test_the_open_filing_is_linked_instead_of_the_buttons(member, page):
    licence = held(member)
    assert [form["action"] for form in article(page(), licence).select(BUTTONS)] == [
        reverse(f"certificates:{name}", args=[licence.public_id]) for name in ("renew", "change")
    ]
    draft = ApplicationFactory(
        enterprise=member.enterprise, premises=licence.premises, purpose=Purpose.RENEW, mode="traditional", prior={}
    )
    Reissue.objects.create(application=draft, licence=licence)
    shown = article(page(), licence)
    assert shown.find("a", href=reverse("licensing:detail", args=[draft.public_id]))
    assert not shown.select(BUTTONS)


def test_the_business_licence_is_not_renewed_or_changed_here(member, page):
    licence = held(member, item_code=REGISTRATION)
    assert not article(page(), licence).select(BUTTONS)


def test_a_licence_from_outside_the_portal_has_no_buttons(member, page):
    licence = held(member, office=None)
    assert not article(page(), licence).select("form")


@pytest.mark.parametrize("development", [True, False])
def test_the_file_is_offered_and_a_sample_is_called_one(member, page, development):
    licence, now = held(member), timezone.now()
    key = SigningKey.objects.create(
        key_id="k",
        algorithm="a",
        certificate="c",
        development=development,
        not_before=now,
        not_after=now + timedelta(9),
    )
    made = {"data": "{}", "algorithm": "a", "signature": "s", "content": "x.pdf", "size": 9, "sha256": "0"}
    LicenceFile.objects.create(licence=licence, made_at=now, key=key, **made)
    text = texts(article(page(), licence))
    assert ("样本" in text) == development


def test_the_queries_do_not_grow_with_the_licences(member, page):
    page()

    def cost(number):
        for _ in range(number):
            reissued(held(member))
            held(member, valid_until=days_ahead(40))
        with CaptureQueriesContext(connection) as queries:
            page()
        return len(queries)

    assert cost(1) == cost(5)


def test_beyond_fifty_the_page_is_turned(member, page):
    shop = PremisesFactory(enterprise=member.enterprise)
    for _ in range(51):
        LicenceFactory(holder=member.enterprise, premises=shop)
    assert [len(page(page=number).select("article.licence")) for number in "12"] == [50, 1]


def test_the_enterprise_s_page_says_it_in_short_and_leads_here(client, member):
    held(member, valid_until=days_ahead(20), name="食品经营许可证")
    held(member, status=LicenceStatus.REVOKED)
    reissued(held(member, valid_until=days_ahead(3)))
    client.force_login(member.user)
    response = client.get(reverse("licensing:enterprise", args=[member.enterprise.public_id]))
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find("a", href=reverse("certificates:register", args=[member.enterprise.public_id]))
    figures = [texts(one) for one in soup.select(".figures div")]
    assert figures == ["有效 2 份", "90 天内到期 1 份", "已过期、暂扣或者失效 1 份"]
    assert "最先到期：食品经营许可证" in texts(soup)


def test_a_founder_has_an_empty_page(client):
    member = MembershipFactory(enterprise=EnterpriseFactory(founder=True))
    client.force_login(member.user)
    response = client.get(reverse("certificates:register", args=[member.enterprise.public_id]))
    assert "还没有证照" in response.content.decode()
