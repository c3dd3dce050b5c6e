"""双轨 (plan art. 21): one item alone, and a combined draft taken apart with everything that is in it."""

import pytest
from django.urls import reverse

from licensing import drafts, papers, separating
from licensing.models import Application, Blob, Mode, StoredFile
from licensing.plan import plan_for
from licensing.submission import submit
from tests.factories import MembershipFactory, PremisesFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, begun, fill_in, hand_in_papers, ready
from tests.licensing.reading import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]


@pytest.fixture
def draft(city, catalogue):
    return ready(catalogue, RESTAURANT, division=city)


def test_each_item_gets_a_draft_of_its_own_with_its_values_and_papers(draft):
    plan = plan_for(draft)
    singles = separating.separate(draft)
    assert [single.chosen for single in singles] == [[code] for code in plan.chosen]
    for single in singles:
        today = plan_for(single)
        assert (single.mode, single.split_from, single.guidance) == (Mode.TRADITIONAL, draft, None)
        assert today.is_agreed(single)
        assert today.values == {code: plan.values[code] for code in today.values}
        assert {one.code for one in today.elements} == {
            one.code for one in plan.elements if single.chosen[0] in one.items
        }
        handed_in = {paper.code: paper for paper in papers.ways(draft, plan)}
        for paper in papers.ways(single, today):
            if paper.code in handed_in:
                assert len(paper.files) == len(handed_in[paper.code].files)


def test_a_separated_item_is_submitted_alone_the_traditional_way(draft):
    single = separating.separate(draft)[0]
    hand_in_papers(fill_in(single))
    done = submit(single, draft.filer)
    assert (done.mode, done.chosen, done.split_from_id) == (Mode.TRADITIONAL, single.chosen, draft.pk)
    assert plan_for(done).chosen == tuple(done.chosen)


def test_the_combined_draft_stays_and_the_bytes_are_kept_once(draft):
    before = (Blob.objects.count(), draft.materials.count(), Application.objects.get(pk=draft.pk).values)
    separating.separate(draft)
    assert before == (Blob.objects.count(), draft.materials.count(), Application.objects.get(pk=draft.pk).values)
    drafts.delete(draft)
    left = [file.blob.file for file in StoredFile.objects.filter(materials__isnull=False)]
    assert left
    assert all(file.storage.exists(file.name) for file in left)
    assert Application.objects.filter(mode=Mode.TRADITIONAL).count() > 1


def test_separating_twice_makes_them_once(draft):
    assert separating.separate(draft) == separating.separate(Application.objects.get(pk=draft.pk))


def test_what_was_typed_but_not_saved_goes_along(city, catalogue):
    draft = begun(catalogue, RESTAURANT, division=city)
    draft.wizard |= {"step_data": {"1": {"contact_name": ["林"], "sign_area": ["12"]}}, "saved_at": {"1": 3}}
    draft.save()
    single = next(one for one in separating.separate(draft) if one.chosen == ["food-operation"])
    assert single.wizard["step_data"] == {"1": {"contact_name": ["林"]}}


def test_a_promise_stays_with_its_item(city, catalogue):
    draft = begun(
        catalogue,
        {
            "has_licence": "have",
            "store_form": "shop",
            "sectors": ["goods"],
            "goods_kinds": ["drugs", "devices"],
            "drug_level": "otc_b",
            "device_classes": ["class2"],
        },
        division=city,
    )
    drafts.commit(draft, ["drug-retail"], seen=plan_for(draft).fingerprint)
    draft.refresh_from_db()
    committed = {single.chosen[0]: single.committed for single in separating.separate(draft)}
    assert committed["drug-retail"] == ["drug-retail"]
    assert committed["device-class2"] == []


def test_the_page_shows_what_happens_and_does_it(draft, client):
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:separate", args=[draft.public_id]))
    assert "合在一起的这份也留着" in page.text
    assert "已经分成" in person.send(page).soup.get_text()
    assert "单独的" in person.open(reverse("licensing:detail", args=[draft.public_id])).text


def test_one_item_alone_is_begun_from_its_guide_and_asks_only_what_it_needs(city, catalogue, client):
    person = Person(client, UserFactory(name="林小雨"))
    guide = reverse("guidance:item", args=["tobacco-retail"])
    assert "只办这一项" in person.open(guide).text
    for _ in range(2):
        client.post(reverse("licensing:single", args=["tobacco-retail"]))
    draft = Application.objects.get()
    assert draft.mode == Mode.TRADITIONAL
    assert set(plan_for(draft).catalogue.questions) == {"has_licence", "sectors", "goods_kinds"}
    for code, answer in {"has_licence": "have", "sectors": ["goods"], "goods_kinds": ["tobacco", "drugs"]}.items():
        drafts.answer(draft, code, answer)
    draft.refresh_from_db()
    assert plan_for(draft).chosen == ("tobacco-retail",)
    assert plan_for(draft).situation.next is None
    assert client.post(reverse("licensing:single", args=["no-such-item"])).status_code == 404


def test_the_plan_of_a_single_item_is_agreed_to_without_choosing(draft, client):
    single = separating.separate(draft)[0]
    single.agreed_plan = {}
    single.save()
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:plan", args=[single.public_id]))
    assert "这次只办的事项" in page.text
    person.send(page)
    single.refresh_from_db()
    assert plan_for(single).is_agreed(single)


def test_a_single_item_begins_with_a_plan_and_no_change_of_one(catalogue, client):
    draft = separating.begin("tobacco-retail", UserFactory())
    premises = PremisesFactory()
    MembershipFactory(enterprise=premises.enterprise, user=draft.filer)
    Application.objects.filter(pk=draft.pk).update(enterprise=premises.enterprise, premises=premises)
    person = Person(client, draft.filer)
    for code, answer in {"has_licence": "have", "sectors": ["goods"], "goods_kinds": ["tobacco"]}.items():
        drafts.answer(draft, code, answer)
    address = reverse("licensing:plan", args=[draft.public_id])
    assert "有变化" not in person.open(address).text
    drafts.answer(draft, "goods_kinds", ["general"])
    assert "不用办“烟草专卖零售许可证核发”" in person.open(address).text


def test_the_queries_of_separating_grow_with_the_items_only(draft, django_assert_max_num_queries):
    items = len(plan_for(draft).chosen)
    with django_assert_max_num_queries(20 + 30 * items):
        separating.separate(draft)
