"""Search, guides and lists in a real Chromium: found while typing, sound at both widths."""

import pytest
from django.urls import reverse

from tests.chromium import WIDTHS, assert_sound, chromium, context_of, unfold_all
from tests.conftest import publish_catalogue
from tests.factories import HallFactory, OfficeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(db, _loaded_once):
    publish_catalogue()
    HallFactory()
    OfficeFactory(phone="0662-3412345")


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_search_guide_and_lists(live_server, city, width):
    with chromium() as browser:
        page = context_of(browser, width, base_url=live_server.url).new_page()
        page.goto(reverse("portal:home"))
        page.get_by_label("查一查要办什么证").fill("烟证")
        page.get_by_role("button", name="搜索").click()
        assert_sound(page, "found")
        page.get_by_label("开什么店、办什么证").fill("饭店")
        page.get_by_role("button", name="开餐饮店").wait_for()
        assert_sound(page, "found while typing")
        page.get_by_label("开什么店、办什么证").fill("宠物火化")
        page.get_by_role("button", name="搜索").click()
        assert_sound(page, "not found")
        page.goto(reverse("guidance:search") + "?q=食品经营许可")
        page.get_by_role("link", name="食品经营许可").first.click()
        unfold_all(page)
        assert_sound(page, "the guide")
        page.goto(reverse("guidance:lists"))
        assert_sound(page, "the lists")
        page.get_by_role("link", name="容缺受理").click()
        assert_sound(page, "a list")


def test_a_theme_that_was_found_begins_the_questions(live_server, city):
    with chromium() as browser:
        page = context_of(browser, 390, base_url=live_server.url).new_page()
        page.goto(reverse("guidance:search"))
        page.get_by_label("开什么店、办什么证").fill("naichadian")
        page.get_by_role("button", name="开奶茶咖啡烘焙店").first.click()
        page.wait_for_url("**/guide/*/q/**")
