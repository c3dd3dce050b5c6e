"""The public page and its owner's pages in a real Chromium, at a phone's and a desk's width: axe finds nothing."""

import pytest
from django.urls import reverse

from certificates.models import LicenceStatus
from tests.chromium import WIDTHS, assert_sound, chromium, context_of, settled, signed_in_page, unfold_all
from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory, OfficeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages():
    """{name: address} of a page with every kind of card, one without any, and one that is not there; in English too."""
    holder = LicenceFactory(
        scope="热食类食品制售；" * 12, authority="广东省阳江市海陵岛经济开发试验区市场监督管理局"
    ).holder
    for status in LicenceStatus:
        LicenceFactory(holder=holder, status=status, valid_until=None, premises=None)
    LicenceFactory(holder=holder, valid_until="2025-01-01")
    many = EnterpriseFactory(scope="餐饮服务；" * 300)
    LicenceFactory.create_batch(45, holder=many, premises=None)
    tokens = {"full": holder.public_token, "many": many.public_token}
    tokens |= {"empty": EnterpriseFactory().public_token, "missing": "unknown"}
    address = {name: reverse("certificates:public", args=[token]) for name, token in tokens.items()}
    address["many"] += "?page=2"
    english = {f"{name} in English": f"{address[name]}?lang=en" for name in ("full", "missing")}
    return address | english | {"look-up": reverse("certificates:look-up")}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_no_cookie_stays(live_server, width):
    EnterpriseFactory.create_batch(3, name="阳江市江城区小李餐饮店")
    addresses = pages()
    with chromium() as browser:
        context = context_of(browser, width, base_url=live_server.url)
        page = context.new_page()
        for name, address in addresses.items():
            answer = page.goto(address)
            assert answer.status == (404 if "missing" in name else 200)
            assert_sound(page, name)
        for name, text in (("wrong", "914417021000000000"), ("several", "阳江市江城区小李餐饮店")):
            page.get_by_label("名称或者统一社会信用代码").fill(text)
            page.get_by_role("button", name="查询").click()
            assert_sound(page, name)
        page.get_by_role("button", name="小李餐饮店").first.click()
        assert "有效证照（0）" in settled(page).inner_text("main")
        assert_sound(page, "found")
        assert not context.cookies()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_its_owner_s_pages(live_server, client, width):
    owner, office = MembershipFactory(), OfficeFactory(phone="0662-12345")
    for status in LicenceStatus:
        licence = LicenceFactory(holder=owner.enterprise, office=office, status=status, scope="热食类食品制售；" * 12)
    kept = {name: getattr(licence, name) for name in ("holder", "office", "premises")}
    LicenceFactory(**kept, previous=licence, version=2, identifier="1.2.156.3005.2." + "A1B2" * 17)
    own = {"args": [owner.enterprise.public_id]}
    with signed_in_page(client, live_server, owner.user, width) as page:
        for name in ("certificates:register", "certificates:recode", "licensing:enterprise"):
            assert page.goto(reverse(name, **own)).status == 200
            unfold_all(page)
            assert_sound(page, name)
