import dataclasses
import threading
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance.engine import replay
from licensing import drafts, papers
from licensing.checking import problems_of
from licensing.files import uploads
from licensing.merging import merge_materials
from licensing.models import Application, How, StoredFile
from licensing.plan import make_plan, plan_for
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    SubmittedMaterialFactory,
)
from tests.guidance.answering import replay_to_the_end
from tests.licensing.samples import PDF, picture, upload

pytestmark = pytest.mark.django_db


def answers_of(catalogue, theme, **answers):
    return replay_to_the_end(catalogue, catalogue.themes[theme].seed_answers | answers).answers


@pytest.fixture
def draft(catalogue, storage_folder):
    """A restaurant's draft, agreed to: food operation, its own sign, drainage."""
    member = MembershipFactory()
    answers = answers_of(catalogue, "restaurant")
    application = ApplicationFactory(enterprise=member.enterprise, filer=member.user, answers=answers)
    drafts.agree(application, plan_for(application))
    return application


def plan_of(catalogue, application, theme, *, declined=(), **answers):
    """The plan of a theme's answers; the application itself keeps its own."""
    licences = {licence.item_code for licence in application.enterprise.licences.valid()}
    if application.enterprise.verified_at:
        licences.add("business-registration")
    answers = answers_of(catalogue, theme, **answers)
    return make_plan(catalogue, answers, {}, declined=declined, licences=licences)


def by_code(application, plan=None):
    return {paper.code: paper for paper in papers.ways(application, plan or plan_for(application))}


# How each is met


def test_what_the_system_prints_is_nobodys_paper(draft):
    assert by_code(draft)["mat-kitchen-equipment"].how == How.GENERATED


def test_a_confirmed_business_licence_is_held(draft):
    paper = by_code(draft)["mat-business-licence"]
    assert (paper.how, paper.note) == (How.HELD_LICENCE, "登记信息已核对")


def test_a_licence_of_these_premises_is_held_and_named(draft):
    LicenceFactory(
        holder=draft.enterprise, premises=draft.premises, item_code="health-cert", name="健康证明", number="A1"
    )
    paper = by_code(draft)["mat-health-certs"]
    assert (paper.how, paper.note) == (How.HELD_LICENCE, "已持有健康证明（A1）")


@pytest.mark.parametrize("change", ["other premises", "expired", "revoked", "another holder"])
def test_a_licence_that_does_not_count_is_not_held(draft, change):
    traits = {"holder": draft.enterprise, "premises": draft.premises, "item_code": "health-cert"}
    traits |= {
        "other premises": {"premises": PremisesFactory(enterprise=draft.enterprise)},
        "expired": {"valid_until": "2025-01-01"},
        "revoked": {"status": "revoked"},
        "another holder": {"holder": EnterpriseFactory(), "premises": None},
    }[change]
    LicenceFactory(**traits)
    assert by_code(draft)["mat-health-certs"].how == How.UPLOAD


def test_a_result_of_this_application_is_waited_for(catalogue):
    founder = ApplicationFactory(enterprise__founder=True)
    plan = plan_of(catalogue, founder, "restaurant", has_licence="none")
    assert "business-registration" in plan.chosen
    paper = by_code(founder, plan)["mat-business-licence"]
    assert paper.how == How.ITEM_RESULT
    assert "经营主体设立登记" in paper.note


def test_what_is_filed_elsewhere_is_a_paper_to_bring(catalogue):
    founder = ApplicationFactory(enterprise__founder=True)
    plan = plan_of(catalogue, founder, "restaurant", has_licence="none", declined=["business-registration"])
    paper = by_code(founder, plan)["mat-business-licence"]
    assert (paper.how, paper.missing) == (How.UPLOAD, True)


def test_a_prerequisite_that_no_paper_stands_for_is_brought_too(catalogue):
    founder = ApplicationFactory(enterprise__founder=True)
    plan = plan_of(catalogue, founder, "restaurant", has_licence="none", opening_services=["seal", "bank"])
    assert "result-of-seal-engraving" not in by_code(founder, plan)
    plan = plan_of(
        catalogue,
        founder,
        "restaurant",
        has_licence="none",
        opening_services=["seal", "bank"],
        declined=["seal-engraving"],
    )
    paper = by_code(founder, plan)["result-of-seal-engraving"]
    assert (paper.how, paper.items) == (How.UPLOAD, ("bank-account",))
    assert paper.name == "“印章刻制”的办理结果"


def test_shared_data_without_a_source_is_for_the_department_and_never_faked(draft):
    paper = by_code(draft)["mat-rep-id"]
    assert paper.how == How.DEPARTMENT
    assert "市场监督管理局" in paper.note
    assert How.SHARED not in {paper.how for paper in by_code(draft).values()}


def test_a_promise_replaces_nothing_on_the_ordinary_path(catalogue, draft):
    plan = plan_for(draft)
    item = catalogue.items["travel-agency"]
    wanted = [one for one in make_plan_of(catalogue, plan, item).materials if one.material.source == "commitment"]
    assert wanted
    met = by_code(draft, make_plan_of(catalogue, plan, item))
    assert {met[one.code].how for one in wanted} == {How.UPLOAD}


def make_plan_of(catalogue, plan, *items):
    """The plan as if exactly these items were chosen."""
    chosen = tuple(item.code for item in items)
    situation = replay(catalogue, {})
    materials = merge_materials(catalogue, items, situation.facts, {})
    return dataclasses.replace(plan, chosen=chosen, materials=materials)


def test_every_paper_of_the_catalogue_is_met_in_exactly_one_way(catalogue, draft):
    plan = make_plan_of(catalogue, plan_for(draft), *catalogue.items.values())
    met = papers.ways(draft, plan)
    assert len(met) == len({paper.code for paper in met})
    assert {paper.how for paper in met} == {
        How.GENERATED,
        How.HELD_LICENCE,
        How.ITEM_RESULT,
        How.DEPARTMENT,
        How.UPLOAD,
    }
    assert all(paper.items for paper in met)
    assert all(len(paper.name) <= 100 for paper in met)


def test_one_paper_serves_all_items_that_ask_for_it(catalogue, draft):
    plan = make_plan_of(catalogue, plan_for(draft), catalogue.items["food-operation"], catalogue.items["drainage"])
    met = by_code(draft, plan)
    assert met["mat-premises-proof"].items == ("food-operation", "drainage")


def test_more_items_cost_no_more_queries(catalogue, draft):
    few = make_plan_of(catalogue, plan_for(draft), catalogue.items["food-operation"])
    many = make_plan_of(catalogue, plan_for(draft), *catalogue.items.values())
    counts = []
    for plan in (few, many):
        SubmittedMaterialFactory(application=draft, code=f"mat-{len(counts)}").files.add()
        with CaptureQueriesContext(connection) as queries:
            papers.ways(draft, plan)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


# Handing in


def hand_in(draft, code, *files, **options):
    papers.attach(draft, by_code(draft)[code], files, draft.filer, **options)


def names(draft, code):
    return [file.name for file in by_code(draft)[code].files]


def test_a_paper_may_have_several_files(draft):
    hand_in(draft, "mat-premises-proof", upload(name="正面.png"), upload(PDF, "合同.pdf"))
    hand_in(draft, "mat-premises-proof", upload(picture("JPEG"), "背面.jpg"))
    assert sorted(names(draft, "mat-premises-proof")) == ["合同.pdf", "正面.png", "背面.jpg"]
    assert not by_code(draft)["mat-premises-proof"].missing


def test_the_same_file_twice_counts_once(draft, kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(draft, "mat-premises-proof", upload(), upload(name="again.png"))
        hand_in(draft, "mat-premises-proof", upload(name="later.png"))
    assert names(draft, "mat-premises-proof") == ["执照.png"]
    assert len(kept()) == 1


def test_files_may_be_replaced_and_removed(draft, kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(draft, "mat-premises-proof", upload())
        hand_in(draft, "mat-premises-proof", upload(PDF, "新合同.pdf"), replace=True)
    assert names(draft, "mat-premises-proof") == ["新合同.pdf"]
    assert len(kept()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        papers.detach(draft, by_code(draft)["mat-premises-proof"].files[0])
    assert by_code(draft)["mat-premises-proof"].missing
    assert kept() == []


def test_too_many_files_are_refused_and_none_is_kept(draft, kept):
    files = [upload(picture(size=(number + 1, 1)), f"{number}.png") for number in range(papers.MAX_FILES + 1)]
    with pytest.raises(ValidationError, match="最多上传 10 个"):
        hand_in(draft, "mat-premises-proof", *files)
    assert kept() == []
    assert by_code(draft)["mat-premises-proof"].missing


@pytest.mark.parametrize("code", ["mat-rep-id", "mat-business-licence", "mat-kitchen-equipment"])
def test_the_applicant_may_hand_in_what_the_portal_would_get_or_print(draft, code):
    before = by_code(draft)[code]
    papers.choose_upload(draft, before)
    paper = by_code(draft)[code]
    assert (paper.how, paper.missing, paper.otherwise.how) == (How.UPLOAD, True, before.how)
    hand_in(draft, code, upload())
    papers.choose_portal(draft, by_code(draft)[code])
    assert by_code(draft)[code] == before
    assert StoredFile.objects.count() == 0


def test_the_applicant_may_hand_in_what_an_item_here_would_produce(catalogue, storage_folder):
    founder = ApplicationFactory(enterprise__founder=True)
    plan = plan_of(catalogue, founder, "restaurant", has_licence="none")
    papers.attach(founder, by_code(founder, plan)["mat-business-licence"], [upload()], founder.filer)
    paper = by_code(founder, plan)["mat-business-licence"]
    assert (paper.how, paper.otherwise.how, len(paper.files)) == (How.UPLOAD, How.ITEM_RESULT, 1)


def test_a_paper_handed_in_although_promised_leaves_the_promise(catalogue, draft):
    plan = promised(catalogue, draft)
    papers.choose_upload(draft, by_code(draft, plan)["mat-hygiene-test"])
    papers.attach(draft, by_code(draft, plan)["mat-hygiene-test"], [upload()], draft.filer)
    paper = by_code(draft, plan)["mat-hygiene-test"]
    assert (paper.how, paper.otherwise.how, paper.items) == (How.UPLOAD, How.PROMISE, ("public-place-hygiene",))
    assert paper.note == "您选择自己上传，事项仍按告知承诺办理"
    assert plan.committed == ("public-place-hygiene",)


def test_a_promise_chosen_after_uploading_stands_for_the_paper(catalogue, draft):
    ordinary = make_plan_of(catalogue, plan_for(draft), catalogue.items["public-place-hygiene"])
    papers.attach(draft, by_code(draft, ordinary)["mat-hygiene-test"], [upload()], draft.filer)
    paper = by_code(draft, promised(catalogue, draft))["mat-hygiene-test"]
    assert (paper.how, paper.files) == (How.PROMISE, ())


def promised(catalogue, draft):
    """The plan as if only the hygiene licence were chosen, by promise."""
    item = catalogue.items["public-place-hygiene"]
    materials = merge_materials(catalogue, [item], replay(catalogue, {}).facts, {}, (item.code,))
    return dataclasses.replace(plan_for(draft), chosen=(item.code,), committed=(item.code,), materials=materials)


def test_the_department_s_check_comes_before_a_promise(catalogue, draft):
    plan = promised(catalogue, draft)
    wanted = next(one for one in plan.materials if one.code == "mat-hygiene-test")
    shared = {code: dataclasses.replace(one, source="shared") for code, one in wanted.variants.items()}
    plan = dataclasses.replace(plan, materials=(dataclasses.replace(wanted, variants=shared),))
    assert papers.ways(draft, plan)[0].how == How.DEPARTMENT


@pytest.mark.parametrize(("days", "warned"), [(0, True), (30, True), (31, False), (None, False)])
def test_a_held_licence_that_ends_soon_counts_with_a_warning(draft, days, warned):
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="health-cert", valid_until=until)
    paper = by_code(draft)["mat-health-certs"]
    assert (paper.how, "到期" in paper.warning) == (How.HELD_LICENCE, warned)


def test_of_two_held_licences_the_one_that_holds_longer_is_named(draft):
    for number, days in [("A1", 10), ("B2", 400), ("C3", 20)]:
        until = timezone.localdate() + timedelta(days=days)
        place = {"holder": draft.enterprise, "premises": draft.premises, "item_code": "health-cert"}
        LicenceFactory(**place, number=number, valid_until=until)
    assert "（B2）" in by_code(draft)["mat-health-certs"].note


def test_submitted_papers_are_frozen(draft, kept):
    hand_in(draft, "mat-premises-proof", upload())
    met = by_code(draft)
    submitted = ApplicationFactory(submitted=True, enterprise=draft.enterprise)
    for move in (
        lambda: papers.attach(submitted, met["mat-premises-proof"], [upload(PDF, "x.pdf")], draft.filer),
        lambda: papers.choose_upload(submitted, met["mat-rep-id"]),
        lambda: papers.detach(submitted, met["mat-premises-proof"].files[0]),
    ):
        with pytest.raises(Application.DoesNotExist):
            move()
    assert len(kept()) == 1


# At submission


def test_submitting_writes_every_paper_and_drops_what_is_no_longer_asked_for(
    draft, kept, django_capture_on_commit_callbacks
):
    hand_in(draft, "mat-premises-proof", upload())
    gone = SubmittedMaterialFactory(application=draft, code="mat-of-another-plan")
    with uploads.stored([upload(PDF, "旧.pdf")], draft.filer) as files:
        gone.files.add(*files)
    plan = plan_for(draft)
    with django_capture_on_commit_callbacks(execute=True):
        saved = papers.save_materials(draft, plan)
        papers.save_materials(draft, plan)
    rows = {row.code: row.how for row in draft.materials.all()}
    assert rows == {paper.code: paper.how for paper in saved} == {code: one.how for code, one in by_code(draft).items()}
    assert len(kept()) == 1


def test_saving_costs_the_same_for_any_number_of_papers(catalogue, draft):
    few = make_plan_of(catalogue, plan_for(draft), catalogue.items["food-operation"])
    many = make_plan_of(catalogue, plan_for(draft), *catalogue.items.values())
    counts = []
    SubmittedMaterialFactory(application=draft)
    for plan in (few, many):
        with CaptureQueriesContext(connection) as queries:
            papers.save_materials(draft, plan)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# The page


def page_of(draft):
    return reverse("licensing:papers", args=[draft.public_id])


def send(client, draft, code, *files, **typed):
    address = reverse("licensing:paper-upload", args=[draft.public_id, code])
    return client.post(address, {"files": list(files)} | typed, follow=True)


def test_the_page_says_what_is_missing_and_why_the_rest_is_not(client, draft):
    client.force_login(draft.filer)
    page = client.get(page_of(draft))
    missing = sum(paper.missing for paper in by_code(draft).values())
    assert f"还差 {missing} 份" in page.content.decode()
    assert "由市场监督管理局" in page.content.decode()
    page = send(client, draft, "mat-premises-proof", upload(name="租赁合同.png"), upload(PDF, "补充.pdf"))
    assert f"还差 {missing - 1} 份" in page.content.decode()
    assert "租赁合同.png" in page.content.decode()


def test_every_paper_that_is_spared_may_be_handed_in_all_the_same(client, draft):
    client.force_login(draft.filer)
    soup = BeautifulSoup(client.get(page_of(draft)).content, "html.parser")
    spared = [paper.code for paper in by_code(draft).values() if paper.spared]
    assert len(spared) > 2
    assert all(soup.select_one(f"#{code} button[value=own]") for code in spared)


def test_a_file_in_check_or_rejected_is_told_and_stands_in_the_way(client, draft):
    client.force_login(draft.filer)
    send(client, draft, "mat-premises-proof", upload(PDF, "合同.pdf"))
    for state, sentence, tag in [
        ({"state": "checking", "checked_at": None}, "还在检查", "正在检查"),
        ({"state": "rejected", "finding": "有密码", "checked_at": timezone.now()}, "没有通过检查", "有文件要换"),
    ]:
        StoredFile.objects.update(**state)
        page = BeautifulSoup(client.get(page_of(draft)).content, "html.parser")
        assert tag in page.select_one("#mat-premises-proof-state").text
        problems = problems_of(draft, plan_for(draft), papers.ways(draft, plan_for(draft)))
        [told] = [one for one in problems if "经营场所使用证明" in one.text]
        assert sentence in told.text
        assert told.address.endswith("#mat-premises-proof")
    assert "有密码" in page.select_one("#mat-premises-proof").text


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "请先选择文件"),
        ([upload(b"", "空.png")], "“空.png”是空文件"),
        ([upload(), upload(b"MZ", "b.exe")], "“b.exe”不能用"),
        ([upload(picture(), "x.pdf")], "对不上"),
    ],
)
def test_a_refused_file_is_explained_at_its_paper(client, draft, kept, files, sentence):
    client.force_login(draft.filer)
    page = send(client, draft, "mat-premises-proof", *files).content.decode()
    assert sentence in page
    assert 'href="#files-mat-premises-proof"' in page
    assert kept() == []


def test_files_are_removed_and_replaced_on_the_page(client, draft):
    client.force_login(draft.filer)
    send(client, draft, "mat-premises-proof", upload(name="一.png"))
    send(client, draft, "mat-premises-proof", upload(PDF, "二.pdf"), replace="1")
    (file,) = by_code(draft)["mat-premises-proof"].files
    assert file.name == "二.pdf"
    client.post(reverse("licensing:paper-remove", args=[draft.public_id, file.public_id]))
    assert by_code(draft)["mat-premises-proof"].missing


def test_handing_in_oneself_is_chosen_and_unchosen_on_the_page(client, draft):
    client.force_login(draft.filer)
    address = reverse("licensing:paper-choose", args=[draft.public_id, "mat-rep-id"])
    for choice, how in [("own", How.UPLOAD), ("portal", How.DEPARTMENT)]:
        client.post(address, {"choice": choice})
        assert by_code(draft)["mat-rep-id"].how == how


def test_papers_that_are_not_asked_for_are_not_found(client, draft, kept):
    client.force_login(draft.filer)
    for code in ("mat-drug-rules", "mat-unheard-of"):
        assert send(client, draft, code, upload()).status_code == 404
        choose = reverse("licensing:paper-choose", args=[draft.public_id, code])
        assert client.post(choose, {"choice": "own"}).status_code == 404
    send(client, draft, "mat-premises-proof", upload())
    choose = reverse("licensing:paper-choose", args=[draft.public_id, "mat-premises-proof"])
    assert client.post(choose, {"choice": "portal"}).status_code == 404
    assert len(kept()) == 1


def test_a_stranger_finds_no_papers(client, draft, kept):
    hand_in(draft, "mat-premises-proof", upload())
    (file,) = by_code(draft)["mat-premises-proof"].files
    client.force_login(MembershipFactory().user)
    assert client.get(page_of(draft)).status_code == 404
    assert send(client, draft, "mat-premises-proof", upload(PDF, "x.pdf")).status_code == 404
    assert client.post(reverse("licensing:paper-remove", args=[draft.public_id, file.public_id])).status_code == 404
    assert len(kept()) == 1


def test_a_file_of_another_draft_is_not_removed(client, draft):
    other = ApplicationFactory(enterprise=draft.enterprise, filer=draft.filer)
    hand_in(draft, "mat-premises-proof", upload())
    (file,) = by_code(draft)["mat-premises-proof"].files
    client.force_login(draft.filer)
    assert client.post(reverse("licensing:paper-remove", args=[other.public_id, file.public_id])).status_code == 404
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_uploading_at_once_lose_nothing(draft):
    paper, barrier, failed = by_code(draft)["mat-premises-proof"], threading.Barrier(2), []

    def run(name, content):
        try:
            barrier.wait(timeout=10)
            papers.attach(draft, paper, [upload(content, name)], draft.filer)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=args)
        for args in [
            ("一.png", picture()),
            ("二.pdf", PDF),
        ]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    assert sorted(names(draft, "mat-premises-proof")) == ["一.png", "二.pdf"]
