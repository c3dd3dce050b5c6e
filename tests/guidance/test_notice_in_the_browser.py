"""The one-time notice in a real Chromium at both widths: axe finds nothing, nothing is too wide."""

import pytest
from django.urls import reverse

from guidance import releases
from tests.chromium import WIDTHS, assert_sound, chromium, context_of, unfold_all
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
            assert page.evaluate("document.documentElement.scrollHeight") < 12_000, "it is read on a phone"
            page.emulate_media(media="print")
            assert page.get_by_text("法定时限").last.is_visible(), "paper cannot be unfolded"
            page.emulate_media(media="screen")
            unfold_all(page)
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


def test_with_letters_twice_as_large_no_page_is_wider_than_a_phone(live_server):
    publish_catalogue()
    session = answered(releases.current(), MANY)
    with chromium() as browser:
        page = context_of(browser, 390, base_url=live_server.url).new_page()
        for name, address in (
            ("result", reverse("guidance:result", args=[session.public_id])),
            ("notice", reverse("guidance:notice", args=[session.public_id])),
            ("guide", reverse("guidance:item", args=["food-operation"])),
        ):
            page.goto(address)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            unfold_all(page)
            assert page.evaluate("document.documentElement.scrollWidth") == 390, name
        narrowest = page.locator("td[data-label]").evaluate_all(LETTERS_IN_A_LINE)
        assert min(narrowest) >= 5


# How many letters there is room for in each.
LETTERS_IN_A_LINE = """cells => cells.map(cell => {
  const style = getComputedStyle(cell)
  const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  return room / parseFloat(style.fontSize)
})"""
