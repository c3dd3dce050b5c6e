"""容缺受理 (plan arts. 7, 16): a secondary paper may come after acceptance, by a written promise; a main one never."""

import dataclasses

import pytest
from django.urls import reverse

from licensing import papers
from licensing.models import Application, How
from licensing.plan import plan_for
from licensing.savings import savings
from licensing.submission import NotSubmittable, submit
from tests.factories import LicenceFactory
from tests.licensing.drafting import RESTAURANT, ready
from tests.licensing.reading import Person
from tests.licensing.samples import PDF, upload
from tests.licensing.test_promises import list_as_untrustworthy, sign, ways

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]
RULES, MAIN = "mat-food-rules", "mat-floor-plan"


@pytest.fixture
def draft(city, catalogue):
    """All is ready but the food rules, which may be left for later."""
    draft = ready(catalogue, RESTAURANT, division=city)
    papers.detach(draft, ways(draft)[RULES].files[0])
    return draft


def defer(draft, code=RULES):
    papers.defer(draft, ways(draft)[code])
    return ways(draft)[code]


def post(client, draft, code, choice):
    client.force_login(draft.filer)
    return client.post(reverse("licensing:paper-choose", args=[draft.public_id, code]), {"choice": choice})


def test_a_secondary_paper_may_wait_within_its_term(draft):
    assert ways(draft)[RULES].deferrable
    paper = defer(draft)
    assert (paper.how, paper.later.days, paper.missing) == (How.DEFERRED, 7, False)
    assert paper.note == "受理后 7 个工作日内补交，在期限内登录平台上传"


def test_one_click_back_asks_for_it_again(draft, client):
    defer(draft)
    post(client, draft, RULES, "own")
    assert ways(draft)[RULES].missing


def test_handing_it_in_ends_the_wait(draft):
    papers.attach(draft, defer(draft), [upload(PDF, "制度.pdf")], draft.filer)
    assert (ways(draft)[RULES].how, len(ways(draft)[RULES].files)) == (How.UPLOAD, 1)


def test_the_strictest_term_of_the_items_that_ask_counts(draft, catalogue):
    plan = plan_for(draft)
    wanted = next(one for one in plan.materials if one.code == RULES)
    hygiene = catalogue.items["public-place-hygiene"]
    other = dataclasses.replace(wanted.material, defer_days=3, defer_method="现场核查时当面提交")
    both = dataclasses.replace(wanted, variants=wanted.variants | {hygiene.code: other})
    [paper, *_] = papers.ways(draft, dataclasses.replace(plan, materials=(both,)))
    assert paper.later == papers.Later(3, "现场核查时当面提交")


@pytest.mark.parametrize("strict", ["its paper", "the item"])
def test_one_item_that_cannot_wait_is_enough_to_forbid_it(draft, catalogue, strict):
    defer(draft)
    plan = plan_for(draft)
    wanted = next(one for one in plan.materials if one.code == RULES)
    other = "bank-account" if strict == "the item" else "public-place-hygiene"
    assert catalogue.items["bank-account"].deferrable is False
    waits = dataclasses.replace(wanted.material, deferrable=strict == "the item")
    both = dataclasses.replace(wanted, variants=wanted.variants | {other: waits})
    [paper, *_] = papers.ways(draft, dataclasses.replace(plan, materials=(both,)))
    assert (paper.how, paper.missing, paper.later) == (How.UPLOAD, True, None)


def test_a_main_paper_never_waits(draft, client):
    papers.detach(draft, ways(draft)[MAIN].files[0])
    with pytest.raises(papers.NotUploadable):
        defer(draft, MAIN)
    assert post(client, draft, MAIN, "later").status_code == 404
    assert ways(draft)[MAIN].missing


@pytest.mark.parametrize("code", ["mat-rep-id", "mat-business-licence", "mat-kitchen-equipment", "no-such-paper"])
def test_what_the_portal_gets_by_itself_is_not_left_for_later(draft, client, code):
    assert post(client, draft, code, "later").status_code == 404
    assert not draft.materials.filter(how=How.DEFERRED).exists()


def test_a_held_licence_is_not_left_for_later_and_one_that_comes_ends_the_wait(draft, client):
    papers.detach(draft, ways(draft)["mat-health-certs"].files[0])
    defer(draft, "mat-health-certs")
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="health-cert", name="健康证明")
    assert ways(draft)["mat-health-certs"].how == How.HELD_LICENCE
    assert post(client, draft, "mat-health-certs", "later").status_code == 404


@pytest.mark.parametrize("choice", ["", "deferred", "later\0", "x" * 100_000])
def test_an_unknown_choice_changes_nothing(draft, client, choice):
    assert post(client, draft, RULES, choice).status_code == 404
    assert ways(draft)[RULES].missing


def test_what_was_handed_in_from_another_tab_is_not_put_off(draft, client):
    seen = ways(draft)[RULES]
    papers.attach(draft, seen, [upload(PDF, "制度.pdf")], draft.filer)
    with pytest.raises(papers.NotDeferrable, match="已经上传了"):
        papers.defer(draft, seen)
    assert post(client, draft, RULES, "later").status_code == 302
    assert len(ways(draft)[RULES].files) == 1


def test_a_listed_enterprise_can_leave_nothing_for_later(draft, client):
    list_as_untrustworthy(draft.enterprise)
    with pytest.raises(papers.NotDeferrable, match="失信主体名单"):
        defer(draft)
    page = Person(client, draft.filer).open(reverse("licensing:papers", args=[draft.public_id]))
    assert "现在不能把材料留到以后补交" in page.part("#barred")
    assert not page.soup.select("button[value=later]")
    assert ways(draft)[RULES].missing


def test_who_was_listed_after_deferring_is_refused_with_the_page_to_mend_it(draft):
    defer(draft)
    list_as_untrustworthy(draft.enterprise)
    with pytest.raises(NotSubmittable) as refused:
        submit(draft, draft.filer)
    [problem] = refused.value.problems
    assert problem.address == reverse("licensing:papers", args=[draft.public_id])
    assert "食品安全" in problem.text


def test_the_papers_page_tells_the_term_and_what_a_miss_means(draft, client):
    person = Person(client, draft.filer)
    address = reverse("licensing:papers", args=[draft.public_id])
    page = person.open(address)
    assert "可以先提交申请，以后补交（容缺受理）：受理后 7 个工作日内补交" in page.part(f"#{RULES}")
    assert "法定办结期限前 3 个工作日，哪个早算哪个" in page.part(f"#{RULES}")
    assert "到期没有补齐的" in page.part(f"#{RULES}")
    assert "容缺" not in page.part(f"#{MAIN}")
    post(person.client, draft, RULES, "later")
    page = person.open(address)
    assert "可以提交了，其中 1 份以后补交" in page.text
    assert page.soup.select_one(f"#{RULES} button[value=own]")


def test_the_promise_to_supply_is_signed_and_frozen(draft, client):
    defer(draft)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    assert "我承诺：在下列期限内补交现在暂缺的材料" in page.text
    page = sign(person, page, promise="on")
    assert "请看过补交的期限和后果" in page.part(".error-summary")
    sign(person, page, promise="on", deferral="on")
    done = Application.objects.get(pk=draft.pk)
    assert done.status == "submitted"
    kept = done.snapshot["materials"][RULES]
    assert (kept["how"], kept["defer_days"], kept["files"]) == ("deferred", 7, [])
    assert "7 个工作日内" in done.snapshot["deferral_promise"]
    assert done.materials.get(code=RULES).how == "deferred"
    assert [code for code, one in done.snapshot["materials"].items() if "defer_days" in one] == [RULES]


def test_a_paper_left_for_later_still_counts_as_one_to_hand_in(draft):
    plan = plan_for(draft)
    before = savings(plan, papers.ways(draft, plan))
    defer(draft)
    after = savings(plan, papers.ways(draft, plan))
    assert before.papers == after.papers
    assert (before.deferred, after.deferred) == (0, 1)


# The choice on a partial refusal


def test_the_choice_on_a_refusal_is_signed_with_the_application(draft, client):
    defer(draft)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    assert page.fields("form.panel")["on_refusal"] == ["go_on"]
    sign(person, page, promise="on", deferral="on", on_refusal="hold")
    done = Application.objects.get(pk=draft.pk)
    assert (done.on_refusal, done.snapshot["on_refusal"]) == ("hold", "hold")


@pytest.mark.parametrize("choice", ["", "stop", "hold\0", "x" * 100_000])
def test_an_unknown_choice_on_a_refusal_is_not_taken(draft, client, choice):
    defer(draft)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    page = sign(person, page, promise="on", deferral="on", on_refusal=choice)
    assert "请" in page.part(".error-summary")
    assert Application.objects.get(pk=draft.pk).status == "draft"


def test_one_item_has_no_rest_to_decide_about(city, catalogue, client):
    shop = {"has_licence": "have", "store_form": "shop", "sectors": ["goods"], "goods_kinds": ["tobacco"]}
    draft = ready(catalogue, shop, division=city)
    assert len(plan_for(draft).chosen) == 1
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    assert "on_refusal" not in page.fields("form.panel")
    sign(person, page, promise="on", on_refusal="withdraw")
    assert Application.objects.get(pk=draft.pk).on_refusal == "go_on"
