"""The public page in a real Chromium, as a stranger's phone and an inspector's desk show it: axe finds nothing."""

import pytest
from django.urls import reverse

from certificates.models import LicenceStatus
from tests.chromium import WIDTHS, assert_sound, chromium, context_of
from tests.factories import EnterpriseFactory, LicenceFactory

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
