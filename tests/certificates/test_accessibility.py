"""The public page in a real Chromium, as a stranger's phone and an inspector's desk show it: axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import sync_playwright

from certificates.models import LicenceStatus
from tests.factories import EnterpriseFactory, LicenceFactory
from tests.system_packages import CHROMIUM

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


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_no_cookie_stays(live_server, tmp_path, width):
    # Before Playwright: within it, Django takes the test for asynchronous code.
    addresses = pages()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
        page = context.new_page()
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address)
            assert answer.status == (404 if name == "missing" else 200)
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        assert not context.cookies()
        browser.close()
