"""告知承诺 (plan arts. 9, 16): freely chosen per item, told beforehand, signed, frozen; closed to the untrustworthy."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from licensing import drafts, papers
from licensing.changes import changes
from licensing.checking import problems_of
from licensing.commitments import VERSION, commitments, notice_of, text_of
from licensing.models import Application, How, UntrustworthyEntry
from licensing.plan import make_plan, plan_for
from licensing.snapshots import snapshot_hash, what_is_seen
from licensing.submission import NotSubmittable, submit
from tests.factories import PASSWORD, LicenceFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT, begun, ready
from tests.licensing.reading import Page, Person
from tests.licensing.test_merging import CATALOGUE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]
# A hair salon: its hygiene permit allows a promise, which stands for the test report.
SALON = {"has_licence": "have", "store_form": "service", "sectors": ["care"], "care_kinds": ["hair"], "area": 320}
HYGIENE = "public-place-hygiene"


@pytest.fixture
def draft(city, catalogue):
    return ready(catalogue, SALON, division=city)


def choose(draft, *codes):
    drafts.commit(draft, codes, seen=plan_for(draft).fingerprint)
    draft.refresh_from_db()
    return plan_for(draft)


def ways(draft):
    return {paper.code: paper for paper in papers.ways(draft, plan_for(draft))}


def list_as_untrustworthy(enterprise, **more):
    return UntrustworthyEntry.objects.create(
        uscc=enterprise.uscc, name=enterprise.name, reason="承诺不实", source="市场监管局通报", **more
    )


def page_of(draft):
    return reverse("licensing:promises", args=[draft.public_id])


# The plan


def test_nothing_is_promised_until_the_applicant_chooses_it(draft):
    plan = plan_for(draft)
    assert HYGIENE in plan.committable
    assert plan.committed == ()
    assert {"mat-hygiene-test", "mat-hygiene-pledge"} & set(ways(draft)) == {"mat-hygiene-test"}


def test_the_promise_stands_for_its_papers_and_brings_its_pledge(draft):
    plan = choose(draft, HYGIENE)
    met = ways(draft)
    assert plan.committed == (HYGIENE,)
    assert (met["mat-hygiene-test"].how, met["mat-hygiene-test"].missing) == (How.PROMISE, False)
    assert met["mat-hygiene-pledge"].how == How.GENERATED
    assert met["mat-hygiene-pledge"].note == "按您的承诺自动生成"
    assert met["mat-hygiene-test"].spared


def test_going_back_to_the_ordinary_way_asks_for_the_paper_with_the_files_it_had(draft):
    before = ways(draft)["mat-hygiene-test"]
    choose(draft, HYGIENE)
    choose(draft)
    assert before.files
    assert ways(draft)["mat-hygiene-test"] == before


@pytest.mark.parametrize("level", ["otc_b", "rx"])
def test_a_narrowed_promise_is_allowed_only_where_it_certainly_holds(level):
    levels = {option.value for option in CATALOGUE.questions["drug_level"].options}
    level = level if level in levels else next(one for one in sorted(levels) if one != "otc_b")
    answers = {"sectors": ["goods"], "goods_kinds": ["drugs"], "drug_level": level}
    plan = make_plan(CATALOGUE, replay_to_the_end(CATALOGUE, answers).answers, {}, committed=["drug-retail"])
    assert "drug-retail" in plan.chosen
    assert plan.committed == (("drug-retail",) if level == "otc_b" else ())
    promised = {wanted.code for wanted in plan.materials if not wanted.needing}
    assert promised == ({"mat-pharmacist", "mat-drug-rules", "mat-drug-system"} if level == "otc_b" else set())


def test_an_unanswered_question_leaves_no_promise():
    plan = make_plan(CATALOGUE, {"sectors": ["goods"], "goods_kinds": ["drugs"]}, {}, committed=["drug-retail"])
    assert plan.committed == ()


def test_a_paper_that_another_ordinary_item_needs_stays_one_to_hand_in(draft):
    plan = choose(draft, HYGIENE)
    wanted = next(one for one in plan.materials if one.code == "mat-hygiene-test")
    both = dataclasses.replace(wanted, variants=wanted.variants | {"food-operation": wanted.material})
    plan = dataclasses.replace(plan, materials=(both,))
    paper = papers.ways(draft, plan)[0]
    assert (paper.how, paper.items) == (How.UPLOAD, ("food-operation",))
    assert "公共场所卫生许可”以承诺代替，其他事项还要用" in paper.note


def test_a_held_licence_comes_before_a_promise(draft):
    draft.materials.all().delete()
    plan = choose(draft, HYGIENE)
    wanted = next(one for one in plan.materials if one.code == "mat-hygiene-test")
    held = dataclasses.replace(wanted.material, reusable_certificate="tobacco-retail")
    plan = dataclasses.replace(plan, materials=(dataclasses.replace(wanted, variants={HYGIENE: held}),))
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="tobacco-retail")
    assert papers.ways(draft, plan)[0].how == How.HELD_LICENCE


def test_the_choice_is_part_of_the_plan_that_is_agreed_to(draft):
    before = plan_for(draft)
    after = choose(draft, HYGIENE)
    assert before.fingerprint != after.fingerprint
    assert after.is_agreed(draft)
    told = changes(before.as_agreed(), after)
    assert told.promises_added == (CATALOGUE.items[HYGIENE].name,)
    assert told.materials_added == ("公共场所卫生许可告知承诺书",)
    assert changes(after.as_agreed(), before).promises_removed == told.promises_added


def test_a_draft_from_before_the_choice_existed_still_holds(draft):
    del draft.agreed_plan["committed"]
    assert plan_for(draft).is_agreed(draft)


# Choosing


@pytest.mark.parametrize("codes", [["food-operation"], ["no-such-item"], [HYGIENE, "tobacco-retail"]])
def test_an_item_that_allows_no_promise_cannot_be_promised(draft, codes):
    with pytest.raises(drafts.NotCommittable):
        choose(draft, *codes)
    assert Application.objects.get(pk=draft.pk).committed == []


def test_a_choice_made_on_an_older_plan_is_not_taken(draft):
    with pytest.raises(drafts.ChangedSinceSeen):
        drafts.commit(draft, [HYGIENE], seen="0" * 64)
    assert Application.objects.get(pk=draft.pk).committed == []


def test_a_listed_enterprise_may_only_go_back_to_the_ordinary_way(draft):
    choose(draft, HYGIENE)
    list_as_untrustworthy(draft.enterprise)
    with pytest.raises(drafts.NotCommittable):
        choose(draft, HYGIENE)
    assert choose(draft).committed == ()


@pytest.mark.parametrize("days", [(-20, -1), (1, None)])
def test_an_entry_that_is_over_or_not_begun_bars_nobody(draft, days):
    today = timezone.localdate()
    until = today + timedelta(days=days[1]) if days[1] else None
    list_as_untrustworthy(draft.enterprise, listed_on=today + timedelta(days=days[0]), until=until)
    assert choose(draft, HYGIENE).committed == (HYGIENE,)


# The page


def test_the_page_tells_all_before_it_asks_and_preselects_no_promise(draft, client):
    page = Person(client, draft.filer).open(page_of(draft))
    assert page.path == page_of(draft)
    assert page.fields()[HYGIENE] == ["ordinary"]
    for told in (
        "公共场所卫生管理条例",
        "至少1名专职或兼职卫生管理人员",
        "不用交：公共场所卫生检测或评价报告",
        "办成以后 2 个月内",
        "作出决定以前发现承诺不实的，终止办理",
        "责令限期整改",
        "撤销",
        "一般程序，承诺 10 个工作日办完",
        "告知承诺，承诺 1 个工作日办完",
    ):
        assert told in page.text, told


def test_choosing_on_the_page_is_kept_and_leads_to_the_papers(draft, client):
    person = Person(client, draft.filer)
    page = person.send(person.open(page_of(draft)), **{HYGIENE: "promise"})
    assert page.path == reverse("licensing:papers", args=[draft.public_id])
    assert "以您的承诺代替" in page.text
    assert person.open(page_of(draft)).fields()[HYGIENE] == ["promise"]
    page = person.send(person.open(page_of(draft) + "?then=review"), **{HYGIENE: "ordinary"})
    assert page.path == reverse("licensing:review", args=[draft.public_id])
    assert Application.objects.get(pk=draft.pk).committed == []


@pytest.mark.parametrize(
    "posted", [{HYGIENE: "yes\0"}, {HYGIENE: "x" * 100_000}, {HYGIENE: None}, {"food-operation": "promise"}]
)
def test_a_hand_made_post_promises_nothing(draft, client, posted):
    person = Person(client, draft.filer)
    page = person.send(person.open(page_of(draft)), **posted)
    assert page.response.status_code == 200
    assert Application.objects.get(pk=draft.pk).committed == []


def test_a_stale_page_is_shown_again(draft, client):
    person = Person(client, draft.filer)
    page = person.send(person.open(page_of(draft)), **{HYGIENE: "promise", "fingerprint": "\0"})
    assert page.path == page_of(draft)
    assert "您的选择还没有保存" in page.text


def test_the_page_says_plainly_that_a_listed_enterprise_cannot_promise(draft, client):
    list_as_untrustworthy(draft.enterprise)
    person = Person(client, draft.filer)
    page = person.open(page_of(draft))
    assert "现在不能用告知承诺" in page.part("#barred")
    assert "市场监管局通报" in page.part("#barred")
    assert not page.soup.select("input[value=promise]")
    page = person.send(page, **{HYGIENE: "promise"})
    assert "这个事项现在不能这样办" in page.part(".error-summary")


def test_without_an_item_that_allows_it_there_is_no_such_page(city, catalogue, client):
    draft = ready(catalogue, RESTAURANT, division=city)
    assert Person(client, draft.filer).open(page_of(draft)).path == reverse("licensing:papers", args=[draft.public_id])


def test_before_the_plan_is_agreed_there_is_nothing_to_choose(draft, client):
    Application.objects.update(agreed_plan={})
    assert Person(client, draft.filer).open(page_of(draft)).path == reverse("licensing:plan", args=[draft.public_id])


def test_the_queries_of_the_page_do_not_grow_with_the_items(city, catalogue, client, draft):
    hotel = catalogue.themes["hotel"].seed_answers | {"has_licence": "have", "room_count": 40}
    many = begun(catalogue, hotel, division=city)
    counts = []
    for one in (draft, many):
        person = Person(client, one.filer)
        person.open(page_of(one))
        with CaptureQueriesContext(connection) as queries:
            person.open(page_of(one))
        counts.append((len(plan_for(one).committable), len(queries)))
    assert counts[0][0] < counts[1][0]
    assert counts[0][1] == counts[1][1]


# Signing


def test_the_text_of_a_promise_is_told_and_promised(draft):
    plan = choose(draft, HYGIENE)
    text = "\n".join(text_of(plan, HYGIENE))
    for part in ("一、告知", "二、承诺", "办理依据", "检测或评价报告", "撤销", "真实意思表示"):
        assert part in text
    assert notice_of(plan, HYGIENE).limit == "材料收齐以后 1 个工作日内作出决定。"
    assert commitments(plan) == {HYGIENE: {"version": VERSION, "text": text_of(plan, HYGIENE)}}


def test_every_item_that_allows_a_promise_can_be_told(catalogue):
    plan = make_plan(CATALOGUE, replay_to_the_end(CATALOGUE, SALON).answers, {})
    allowed = tuple(code for code, item in CATALOGUE.items.items() if item.commitment_allowed)
    told = commitments(dataclasses.replace(plan, committed=allowed))
    assert len(told) == len(allowed) > 10
    assert all(paragraph and "None" not in paragraph for one in told.values() for paragraph in one["text"])


def test_the_snapshot_keeps_the_promise_as_it_was_signed(draft):
    plan = choose(draft, HYGIENE)
    done = submit(draft, draft.filer)
    snapshot = done.snapshot
    assert (snapshot["items"][HYGIENE]["committed"], done.committed) == (True, [HYGIENE])
    assert [code for code, item in snapshot["items"].items() if item["committed"]] == [HYGIENE]
    assert snapshot["materials"]["mat-hygiene-test"]["how"] == "promise"
    assert snapshot["materials"]["mat-hygiene-test"]["files"] == []
    assert "mat-hygiene-test" in snapshot["items"][HYGIENE]["materials"]
    assert snapshot["commitments"] == commitments(plan)
    assert done.snapshot_sha256 == snapshot_hash(snapshot)
    assert "deferral_promise" not in snapshot


def test_the_ordinary_way_says_so_in_the_snapshot(draft):
    snapshot = submit(draft, draft.filer).snapshot
    assert snapshot["commitments"] == {}
    assert not any(item["committed"] for item in snapshot["items"].values())


def test_a_review_page_from_before_the_choice_signs_nothing(draft, client):
    plan = plan_for(draft)
    seen = what_is_seen(draft, plan, papers.ways(draft, plan))
    choose(draft, HYGIENE)
    client.force_login(draft.filer)
    answer = client.post(
        reverse("licensing:submit", args=[draft.public_id]),
        {"promise": "on", "commitment": "on", "version": "2026-01", "on_refusal": "go_on", "seen": seen}
        | {"confirmation": PASSWORD},
    )
    assert answer.url == reverse("licensing:review", args=[draft.public_id])
    assert Application.objects.get(pk=draft.pk).status == "draft"


def test_the_review_page_shows_the_promise_and_wants_its_own_tick(draft, client):
    choose(draft, HYGIENE)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    assert "“公共场所卫生许可”告知承诺书" in page.text
    assert "由您的告知承诺代替" in page.text
    page = sign(person, page, promise="on")
    assert "请看过告知承诺书" in page.part(".error-summary")
    assert sign(person, page, promise="on", commitment="on").path == reverse("licensing:detail", args=[draft.public_id])


def test_who_was_listed_after_choosing_is_refused_with_the_page_to_mend_it(draft):
    choose(draft, HYGIENE)
    list_as_untrustworthy(draft.enterprise)
    with pytest.raises(NotSubmittable) as refused:
        submit(draft, draft.filer)
    [problem] = refused.value.problems
    assert problem.address == page_of(draft)
    assert "失信主体名单" in problem.text
    plan = choose(draft)
    assert not [one for one in problems_of(draft, plan, papers.ways(draft, plan)) if "失信" in one.text]


def sign(person, page, **changes):
    typed = page.fields("form.panel") | {"confirmation": PASSWORD} | changes
    fields = {name: value for name, value in typed.items() if value}
    return Page(person.client.post(page.soup.select_one("form.panel")["action"], fields, follow=True))
