"""A terminal's pages in a real Chromium, standing on end: large enough for a finger, axe finds nothing, it forgets."""

import pytest
from django.urls import reverse

from tests.chromium import assert_sound, chromium
from tests.factories import PASSWORD
from tests.licensing.conftest import city, storage_folder
from tests.licensing.drafting import RESTAURANT, begun

__all__ = ["city", "storage_folder"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALLER_THAN_A_FINGER = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(one => one.checkVisibility() && !one.closest(".skip, .visually-hidden"))
    .filter(one => !["radio", "checkbox", "hidden"].includes(one.type))
    .filter(one => Math.round(one.getBoundingClientRect().height) < 60)
    .map(one => one.outerHTML.slice(0, 120))"""


def test_a_person_at_the_terminal(catalogue, city, storage_folder, live_server, tmp_path):
    draft = begun(catalogue, RESTAURANT, division=city)
    paths = [
        reverse("licensing:list"),
        reverse("licensing:detail", args=[draft.public_id]),
        reverse("licensing:resume", args=[draft.public_id]),
        reverse("licensing:papers", args=[draft.public_id]),
    ]
    # Here: while the browser runs, Django refuses to ask the database in this thread.
    username = draft.filer.username
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, base_url=live_server.url, locale="zh-CN")
        _fits(page, "/?channel=kiosk")
        _fits(page, reverse("account_login"))
        page.locator("[name=login]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        for path in paths:
            _fits(page, path)
        assert page.locator("a[href$='.pdf']:visible").count() == 0
        assert page.locator("main input[type=file]:not([capture]):visible").count() == 0
        assert page.get_by_text("自助终端上不能选文件").first.is_visible()
        _is_forgotten_after_a_minute(page, paths[1])


def _fits(page, path):
    assert page.goto(path).status == 200, path
    assert_sound(page, path)
    assert page.evaluate(SMALLER_THAN_A_FINGER) == [], path
    assert page.get_by_role("button", name="结束并退出").is_visible()


def _is_forgotten_after_a_minute(page, path):
    page.clock.install()
    page.goto(path)
    warning = page.locator("#kiosk-warning")
    page.clock.run_for(50_000)
    assert warning.is_visible()
    page.get_by_role("button", name="还在，接着办").click()
    page.clock.run_for(30_000)
    assert not warning.is_visible()
    page.clock.run_for(31_000)
    page.wait_for_url("**/?channel=kiosk")
    page.go_back()
    assert "申请码" not in page.locator("body").inner_text()
    page.goto(path)
    assert "/login/" in page.url
