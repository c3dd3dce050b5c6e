"""The public page and its owner's pages in a real Chromium, at the width of a phone and of a desk: axe finds nothing."""

import pytest
from django.urls import reverse

from certificates.models import LicenceStatus
from tests.chromium import WIDTHS, assert_sound, chromium, context_of, signed_in_page
from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory, OfficeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages():
    """{name: address} of a page with every kind of card, one without any, and one that is not there."""
    holder = LicenceFactory(
        scope="热食类食品制售；" * 12, authority="广东省阳江市海陵岛经济开发试验区市场监督管理局"
    ).holder
    for status in LicenceStatus:
        LicenceFactory(holder=holder, status=status, valid_until=None, premises=None)
    LicenceFactory(holder=holder, valid_until="2025-01-01")
    tokens = {"full": holder.public_token, "empty": EnterpriseFactory().public_token, "missing": "unknown"}
    return {name: reverse("certificates:public", args=[token]) for name, token in tokens.items()}


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_no_cookie_stays(live_server, width):
    addresses = pages()
    with chromium() as browser:
        context = context_of(browser, width, base_url=live_server.url)
        page = context.new_page()
        for name, address in addresses.items():
            answer = page.goto(address)
            assert answer.status == (404 if name == "missing" else 200)
            assert_sound(page, name)
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
            page.locator("summary").evaluate_all("folded => folded.forEach(one => one.click())")
            assert_sound(page, name)
