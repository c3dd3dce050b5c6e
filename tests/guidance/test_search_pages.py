"""The page of the search, and its middle while somebody types."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from guidance import releases
from guidance.models import Release


@pytest.fixture(autouse=True)
def release(db, _loaded_once):
    cache.clear()
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.current()


def test_the_page_shows_what_was_found(client, release):
    page = client.get(reverse("guidance:search"), {"q": "烟证"}).content.decode()
    assert "与“烟证”有关" in page
    assert reverse("guidance:item", args=["tobacco-retail"]) in page


def test_the_page_is_never_empty(client, release):
    for words in ("", "宠物火化", "qwrtzx", "%", "\0"):
        page = client.get(reverse("guidance:search"), {"q": words}).content.decode()
        for said in ("答几个问题", "开餐饮店", "12345"):
            assert said in page, words


def test_what_was_typed_comes_back_as_text_only(client, release):
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(reverse("guidance:search"), {"q": '"><script>alert(1)</script>'}, headers=headers)
        assert "<script>alert" not in page.content.decode()


def test_a_hostile_query_is_answered_like_any_other(client, release):
    for words in ("食" * 200_000, "\0\0食品\0", "%00", "'; DROP TABLE guidance_item; --"):
        assert client.get(reverse("guidance:search"), {"q": words}).status_code == 200
    assert client.get(reverse("guidance:search") + "?q=%ff%fe").status_code == 200
    assert client.post(reverse("guidance:search")).status_code == 405


def test_htmx_gets_the_middle_only(client, release):
    page = client.get(reverse("guidance:search"), {"q": "烟证"}, headers={"HX-Request": "true"}).content.decode()
    assert "烟草专卖零售许可证核发" in page
    assert "<html" not in page


def test_a_search_costs_one_query_and_so_does_none_found_but_for_the_halls(client, release, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(reverse("guidance:search"), {"q": "食品"})
    with django_assert_num_queries(2):
        client.get(reverse("guidance:search"), {"q": ""})
