"""What was searched for in vain: counted for the editors, bounded, and never about somebody."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from guidance.models import Release, SearchMiss
from guidance.searching import misses, squeezed
from tests.factories import PostFactory, UserFactory


@pytest.fixture(autouse=True)
def release(db, _loaded_once):
    cache.clear()
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)


def ask(client, words, **headers):
    return client.get(reverse("guidance:search"), {"q": words}, headers=headers)


def test_words_that_find_nothing_are_counted_however_they_are_written(client):
    for words in ("宠物火化", " 宠物 火化 ", "宠物火化。"):
        ask(client, words)
    assert [(miss.text, miss.count) for miss in SearchMiss.objects.all()] == [("宠物火化", 3)]


def test_what_is_found_or_only_half_typed_is_not_counted(client):
    ask(client, "烟证")
    ask(client, "宠物火", **{"HX-Request": "true"})
    ask(client, "")
    ask(client, "%%%")
    assert not SearchMiss.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "张三13812345678",
        "138 1234 5678",
        "一三八一二三四五六七八",
        "１３８１２３４５６７８",
        "441702199001010003",
        "44170219900101000X",
        "91441702MA4W000000",
        "zhang@example.com",
        "zhang＠example.com",
        "漠江路88号",
        "漠江路八十八号",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "幺三八洞洞幺三八",
        "١٣٨٠٠١٣٨٠٠٠",
        "幸福小区3栋",
        "张先生",
        "粤Q12345",
        "粤QA8B8C",
        "138   1234   5678",
        "138 —— 1234 —— 5678",
        "幸福小区 3 栋",
        "金山花园1203房",
    ],
)
def test_nothing_that_names_somebody_is_kept(client, words):
    ask(client, words)
    assert not SearchMiss.objects.exists()


def test_a_visitor_fills_no_table(client):
    for number in range(40):
        assert ask(client, "宠物火化" + chr(0x4E00 + number)).status_code == 200
    assert SearchMiss.objects.count() == 30


def test_the_table_has_an_end_and_keeps_what_is_asked_for_most(db, monkeypatch):
    monkeypatch.setattr(misses, "MOST_KEPT", 10)
    monkeypatch.setattr(misses, "_MADE_ROOM", 3)
    for _ in range(2):
        misses.record("宠物火化", squeezed("宠物火化"))
    for number in range(30):
        words = "直升机" + chr(0x4E00 + number)
        misses.record(words, words)
    assert SearchMiss.objects.count() <= 10
    assert SearchMiss.objects.get(text="宠物火化").count == 2


def test_editors_see_the_most_asked_first_and_settle_them(client):
    rare, often = SearchMiss.objects.create(text="直升机"), SearchMiss.objects.create(text="宠物火化", count=9)
    client.force_login(UserFactory(operator=True))
    page = client.get(reverse("admin:guidance_searchmiss_changelist")).content.decode()
    assert page.index("宠物火化") < page.index("直升机")
    changed = {"settled": "on", "text": "别的", "count": "1"}
    client.post(reverse("admin:guidance_searchmiss_change", args=[often.pk]), changed)
    often.refresh_from_db()
    assert (often.settled, often.text, often.count) == (True, "宠物火化", 9)
    assert rare.settled is False


def test_officers_have_no_part_in_it(client):
    client.force_login(PostFactory(user__is_staff=True).user)
    assert client.get(reverse("admin:guidance_searchmiss_changelist")).status_code == 404
