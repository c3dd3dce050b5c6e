"""The pages that say why, why not and what if, as a person without script uses them."""

import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from guidance import releases
from guidance.models import GuidanceSession, Release
from tests.guidance.answering import replay_to_the_end
from tests.guidance.test_explaining import RESTAURANT


@pytest.fixture(autouse=True)
def release(db, _loaded_once):
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.current()


def finished(release, **answers):
    """A session of the restaurant with these answers beside, answered to the end."""
    everything = {code: value for code, value in (RESTAURANT | answers).items() if value is not None}
    situation = replay_to_the_end(releases.load(release.pk), everything)
    return GuidanceSession.objects.create(release=release, answers=situation.answers)


def shown(client, name, session, *parts):
    return client.get(reverse(f"guidance:{name}", args=[session.public_id, *parts])).content.decode()


def test_the_result_says_when_an_item_would_not_be_needed(client, release):
    page = shown(client, "result", finished(release, canteen=None))
    assert "如果经营面积不到 300 平方米，就不用办。" in page
    assert "为什么不用办别的？" in page


def test_the_result_names_only_the_items_nearest_to_the_business(client, release):
    session = finished(release, canteen=None, wastewater="none")
    page = shown(client, "result", session)
    assert reverse("guidance:explain", args=[session.public_id, "drainage"]) in page
    assert reverse("guidance:explain", args=[session.public_id, "tobacco-retail"]) not in page
    assert reverse("guidance:why-not", args=[session.public_id]) in page


def test_the_summary_says_what_each_answer_makes_necessary(client, release):
    session = finished(release, canteen=None)
    page = shown(client, "summary", session)
    assert page.count(reverse("guidance:explain", args=[session.public_id, "fire-safety-check"])) == 3
    assert "因此要办：" in page


def test_who_needs_nothing_reads_what_would_need_something(client, release):
    session = GuidanceSession.objects.create(
        release=release, answers=replay_to_the_end(releases.load(release.pk), {}).answers
    )
    page = shown(client, "result", session)
    assert "按您的回答，不用办许可证" in page
    assert "有一个回答不同，就要办" in page


def test_the_list_holds_every_item_not_needed_once_by_department(client, release):
    session = finished(release, canteen=None)
    page = shown(client, "why-not", session)
    for code, item in releases.load(release.pk).items.items():
        address = reverse("guidance:explain", args=[session.public_id, code])
        needed = code in ("food-operation", "fire-safety-check", "drainage", "outdoor-ad")
        assert page.count(f'href="{address}"') == (not needed), item.name
    assert "卖“香烟、雪茄”或者“电子烟”，就要办。" in page


def test_the_page_of_a_needed_item_says_why_and_what_would_drop_it(client, release):
    session = finished(release, canteen=None)
    page = shown(client, "explain", session, "fire-safety-check")
    assert "面积300平方米及以上、有堂食的餐饮店要办。" in page
    assert "依据：《消防法》第十五条" in page
    for code in ("area", "store_form", "dine_in"):
        assert reverse("guidance:question", args=[session.public_id, code]) in page
    assert "如果经营面积不到 300 平方米，就不用办。" in page
    assert "或者，如果顾客不会坐在店里吃，就不用办。" in page
    assert "其他要办的事项不变。" in page


def test_the_page_says_what_else_a_change_does(client, release):
    shop = {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["general"]}
    session = finished(release, **dict.fromkeys(("food_kinds", "dine_in", "canteen")), **shop)
    page = shown(client, "explain", session, "fire-safety-check")
    assert "同时不用办的：公共场所卫生许可" in page


def test_the_page_of_another_item_says_what_would_make_it_needed(client, release):
    page = shown(client, "explain", finished(release, canteen=None), "tobacco-retail")
    assert "零售卷烟、雪茄或电子烟都要有烟草专卖零售许可证。" in page
    assert "依据：《烟草专卖法》第十六条" in page
    assert "您现在不用回答这一题。" in page


def test_each_of_the_pages_asks_for_true_answers(client, release):
    session = finished(release, canteen=None)
    pages = [shown(client, "why-not", session), shown(client, "explain", session, "drainage")]
    assert all("请按实际情况回答" in page for page in pages)


def test_while_questions_are_open_an_item_s_page_says_so_and_the_list_waits(client, release):
    session = GuidanceSession.objects.create(release=release, answers={"sectors": ["food"]})
    page = shown(client, "explain", session, "food-operation")
    assert "要不要办，还不能确定" in page
    assert "您还没有回答这一题。" in page
    answer = client.get(reverse("guidance:why-not", args=[session.public_id]))
    assert answer.url == reverse("guidance:resume", args=[session.public_id])


def test_what_is_unknown_is_missing(client, release):
    session = finished(release, canteen=None)
    assert client.get(reverse("guidance:explain", args=[session.public_id, "no-such-item"])).status_code == 404
    for name, parts in (("explain", ["drainage"]), ("why-not", [])):
        assert client.get(reverse(f"guidance:{name}", args=[uuid.uuid4(), *parts])).status_code == 404


def test_every_item_s_page_can_be_read(client, release):
    session = finished(release, canteen=None)
    for code in releases.load(release.pk).items:
        assert "None" not in shown(client, "explain", session, code)


def test_a_page_costs_one_query(client, release, django_assert_num_queries):
    session = finished(release, canteen=None)
    for name, parts in (("result", []), ("why-not", []), ("explain", ["drainage"]), ("summary", [])):
        with django_assert_num_queries(1):
            shown(client, name, session, *parts)
