"""The one-time notice in a real Chromium at both widths: axe finds nothing, nothing is too wide."""

import pytest
from django.urls import reverse

from guidance import releases
from tests.chromium import WIDTHS, assert_sound, chromium, context_of
from tests.conftest import publish_catalogue
from tests.guidance.test_notice_pages import MANY, answered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_notice_and_the_way_back_to_it_are_sound_at_both_widths(live_server):
    publish_catalogue()
    session = answered(releases.current(), MANY, declined=["drainage"])
    notice = reverse("guidance:notice", args=[session.public_id])
    with chromium() as browser:
        for width in WIDTHS:
            page = context_of(browser, width, base_url=live_server.url).new_page()
            page.goto(notice)
            assert_sound(page, f"notice at {width}")
            page.get_by_role("checkbox").first.check()
            page.goto(reverse("guidance:come-back"))
            page.get_by_label("导办码").fill(session.code.lower())
            page.get_by_role("button", name="打开").click()
            page.wait_for_url("**/result/")
            page.get_by_role("link", name="一次性告知书").click()
            page.wait_for_url(f"**{notice}")
            page.goto(reverse("guidance:come-back"))
            page.get_by_label("导办码").fill("2222-2222")
            page.get_by_role("button", name="打开").click()
            assert_sound(page, f"a code that nobody has at {width}")
