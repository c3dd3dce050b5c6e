"""The result and its explanations in a real Chromium, at a phone's and a desk's width."""

import pytest
from django.urls import reverse

from guidance import releases
from tests.chromium import WIDTHS, assert_sound, chromium, context_of, settled
from tests.conftest import publish_catalogue
from tests.guidance.test_why_pages import finished

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_result_to_why_and_why_not(live_server, width):
    publish_catalogue()
    session = finished(releases.current(), canteen=None)
    with chromium() as browser:
        page = context_of(browser, width, base_url=live_server.url).new_page()
        page.goto(reverse("guidance:result", args=[session.public_id]))
        assert_sound(page, "result")
        page.get_by_text("和您的生意最接近的").click()
        assert_sound(page, "result with what is near")
        page.get_by_role("link", name="消防安全检查").first.click()
        assert settled(page).get_by_role("heading", level=1).inner_text().startswith("为什么要办")
        assert_sound(page, "why")
        page.go_back()
        page.get_by_role("link", name="看其他事项为什么不用办").click()
        assert_sound(page, "why not, all items")
        page.get_by_role("link", name="烟草专卖零售许可证核发").click()
        assert "就要办" in settled(page).inner_text("main")
        assert_sound(page, "why not, one item")
