"""The questions in a real Chromium, from the start page to the summary, by the keyboard alone."""

import pytest
from django.urls import reverse

from tests.chromium import WIDTHS, assert_sound, chromium, context_of, settled
from tests.conftest import publish_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What the restaurant's theme leaves open, as it is typed or by the label that is chosen.
ANSWERS = {"area": "三百五十平", "online_sale": "否", "outdoor_sign": [], "prepaid_card": "否", "canteen": "否"}
ANSWERS |= {"has_licence": "已经有了", "entity_type": "个体工商户", "staff_count": "3人", "dine_in": "是"}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_restaurants_questions_are_answered_and_a_wrong_number_is_mended(live_server, width):
    publish_catalogue()
    with chromium() as browser:
        page = context_of(browser, width, base_url=live_server.url).new_page()
        page.goto(reverse("guidance:themes"))
        assert_sound(page, "themes")
        page.get_by_role("button", name="开餐饮店").click()
        asked = []
        while "/q/" in page.url:
            code = page.url.rstrip("/").rpartition("/")[2]
            asked.append(code)
            if code == "area":
                _answer(page, "300多")
                assert settled(page).evaluate("document.activeElement.id") == "error-summary"
                assert "300多" in page.inner_text("#error-summary")
                assert_sound(page, "a number that may be any")
            _answer(page, ANSWERS[code])
        assert page.url.endswith("/answers/")
        assert "350" in settled(page).inner_text("main")
        assert_sound(page, "summary")
    assert len(asked) == len(set(asked)) <= 9


def _answer(page, answer):
    typed = settled(page).locator("input[type=text][name=answer]")
    if typed.count():
        typed.fill(answer)
        typed.press("Enter")
        return
    if answer:
        page.get_by_label(answer, exact=True).press("Space")
    page.get_by_role("button", name="继续").press("Enter")
