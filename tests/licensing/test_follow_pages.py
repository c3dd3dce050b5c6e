"""The applicant's list, and the page that says who is at work, since when, until when, and what comes next."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guidance import releases
from licensing.following import ENDED, OPEN, tracks_of
from routing.models import ENDED as ENDED_TASKS
from routing.models import AfterCheck, ClockStop, Correction, Deferral, Document, TaskStatus
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    SubmittedMaterialFactory,
    UserFactory,
)
from tests.licensing.drafting import RESTAURANT, begun
from tests.licensing.reading import Person

pytestmark = pytest.mark.django_db
FOUNDING = ["business-registration", "bank-account", "food-operation"]


@pytest.fixture
def application(city):
    """A founder's: registration at work, the bank account behind its barrier, the food permit's grant waiting."""
    premises = PremisesFactory(division=city)
    return ApplicationFactory(in_progress=True, enterprise=premises.enterprise, premises=premises, chosen=FOUNDING)


@pytest.fixture
def person(client, application):
    return Person(client, MembershipFactory(enterprise=application.enterprise).user)


def page_of(person, application):
    return person.open(reverse("licensing:detail", args=[application.public_id]))


def item(page, name):
    """The words of one item's place on the timeline."""
    return next(li for li in page.soup.select(".timeline li") if name in li.get_text()).get_text(" ", strip=True)


def test_each_item_says_who_works_until_when_and_what_is_next(person, application):
    ApprovalTaskFactory(application=application, item_code=FOUNDING[0], committed_due_on=date(2026, 3, 9))
    ApprovalTaskFactory(application=application, item_code=FOUNDING[1], waiting=True)
    ApprovalTaskFactory(application=application, item_code=FOUNDING[2], accepted=True)
    page = page_of(person, application)
    assert "市场监督管理局" in page.text
    assert "承诺最晚 2026年3月9日 办完" in item(page, "经营主体设立登记")
    assert "下一步：部门看材料是否齐全，决定是否受理" in item(page, "经营主体设立登记")
    assert "等“经营主体设立登记”办好后自动转来" in item(page, "银行开户预约")
    assert "下一步：等“经营主体设立登记”办好，然后部门作出决定" in item(page, "食品经营许可")
    assert "已办完 0 项，共 3 项" in page.text


def test_decisions_stand_with_their_reasons_and_licences(person, application):
    granted = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], granted=True)
    ApprovalTaskFactory(application=application, item_code=FOUNDING[2], refused=True)
    LicenceFactory(holder=application.enterprise, source_task=granted, name="营业执照", number="91X")
    page = page_of(person, application)
    assert "营业执照 91X" in item(page, "经营主体设立登记")
    assert "原因：现场不符合许可条件" in item(page, "食品经营许可")
    assert page.soup.select(f"a[href^='{reverse('certificates:register', args=[application.enterprise.public_id])}']")


def test_every_status_of_a_task_has_its_place():
    assert sorted(OPEN + ENDED) == sorted(TaskStatus.values)
    assert set(ENDED) == set(ENDED_TASKS)


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        ("declined", "可以向城市管理局申请。", "red"),
        ("returned", "把问题解决以后，可以重新申请", "red"),
        ("terminated", "条件具备以后，可以重新申请", "red"),
        ("withdrawn", "已按您的要求撤回", "outline"),
    ],
)
def test_every_end_is_told_with_its_colour_and_what_can_be_done(person, application, status, words, tone):
    more = {"right_authority": "城市管理局"} if status == "declined" else {}
    ApprovalTaskFactory(
        application=application, item_code=FOUNDING[2], decided=True, status=status, reason="不属于本机关职权", **more
    )
    page = page_of(person, application)
    assert words in item(page, "食品经营许可")
    assert page.soup.select_one(f".timeline .tag--{tone}")
    assert "已办完 1 项，共 3 项" in page.text


def test_what_waits_for_the_applicant_leads_to_where_it_is_done(person, application):
    task = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], status="correction")
    Correction.objects.create(
        task=task, round=1, issued_by=UserFactory(), issued_at=timezone.now(), answer_due_on=date(2026, 12, 31)
    )
    running = ApprovalTaskFactory(application=application, item_code=FOUNDING[2], accepted=True)
    material = SubmittedMaterialFactory(application=application, how="deferred")
    Deferral.objects.create(task=running, material=material, due_on=date(2026, 12, 30))
    page = page_of(person, application)
    assert "请最晚在 2026年12月31日 （含当天）补正" in item(page, "经营主体设立登记")
    assert "最晚 2026年12月30日" in item(page, "食品经营许可")
    addresses = {link["href"] for link in page.soup.select("main a[href]")}
    assert {
        reverse("routing:correction", args=[task.public_id]),
        reverse("routing:supply", args=[application.public_id, material.code]),
        reverse("routing:why", args=[running.public_id]),
        reverse("routing:withdraw", args=[application.public_id]),
    } <= addresses
    assert reverse("routing:hold", args=[application.public_id]) not in addresses


def test_what_waits_for_the_applicant_stands_above_all_offices_once_a_paper(person, application):
    material = SubmittedMaterialFactory(application=application, how="deferred", name="健康证明")
    for code, due_on in ((FOUNDING[0], date(2026, 12, 30)), (FOUNDING[2], date(2026, 12, 28))):
        task = ApprovalTaskFactory(application=application, item_code=code, accepted=True)
        Deferral.objects.create(task=task, material=material, due_on=due_on)
    told = page_of(person, application).soup.select("#to-do li")
    assert [li.get_text("", strip=True) for li in told] == ["补交：健康证明，最晚 12月28日"]


def test_a_hold_asks_the_applicant_to_decide_and_other_stops_say_what_runs(person, application):
    task = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], accepted=True)
    ClockStop.objects.create(task=task, kind="hold", started_on=date(2026, 3, 2))
    ClockStop.objects.create(task=task, kind="survey", started_on=date(2026, 3, 3))
    ClockStop.objects.create(task=task, kind="hearing", started_on=date(2026, 3, 1), ended_on=date(2026, 3, 2))
    page = page_of(person, application)
    assert reverse("routing:hold", args=[application.public_id]) in {
        link["href"] for link in page.soup.select("#held a")
    }
    assert "现在不计时间：现场核查" in page.text
    assert "听证" not in page.text
    assert "下一步" not in item(page, "经营主体设立登记")
    assert "等您决定" in person.open(reverse("licensing:list")).text


def test_a_promise_is_marked_and_its_check_told(person, application):
    task = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], granted=True, by_commitment=True)
    AfterCheck.objects.create(
        task=task, due_on=date(2026, 5, 2), status="rectifying", finding="没有消毒柜。", rectify_by=date(2026, 5, 20)
    )
    told = item(page_of(person, application), "经营主体设立登记")
    assert "告知承诺" in told
    assert "没有消毒柜。 请最晚在2026年5月20日（含当天）整改好" in told


def test_documents_are_linked_once_there_are_any(person, application):
    task = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], accepted=True)
    every = reverse("routing:documents", args=[application.public_id])
    assert every not in str(page_of(person, application).soup.main)
    document = Document.objects.create(
        task=task,
        kind="acceptance",
        number="X-1",
        title="受理通知书",
        addressee="张三",
        paragraphs=[],
        issued_at=timezone.now(),
    )
    page = str(page_of(person, application).soup.main)
    assert every in page
    assert reverse("routing:document", args=[document.public_id]) in page


@pytest.mark.parametrize(
    ("statuses", "words", "tone"),
    [
        (["granted", "granted"], "已办结", "green"),
        (["granted", "refused"], "已办结，部分办成", "outline"),
        (["refused", "terminated"], "已办结，没有办成", "red"),
    ],
)
def test_the_list_calls_an_end_done_only_when_everything_was_granted(person, application, statuses, words, tone):
    for code, status in zip(FOUNDING, statuses, strict=False):
        more = {"granted": True} if status == "granted" else {"refused": True, "status": status}
        ApprovalTaskFactory(application=application, item_code=code, **more)
    application.status, application.completed_at = "completed", application.submitted_at
    application.save()
    for page in ("licensing:list", "licensing:enterprise"):
        parts = [application.enterprise.public_id] if page == "licensing:enterprise" else []
        tags = person.open(reverse(page, args=parts)).soup.select(f".tag--{tone}")
        assert words in {tag.get_text() for tag in tags}


def test_a_withdrawn_application_is_called_so(person, application):
    ApprovalTaskFactory(application=application, item_code=FOUNDING[0], decided=True, status="withdrawn")
    application.status, application.completed_at = "withdrawn", application.submitted_at
    application.save()
    assert "已撤回" in person.open(reverse("licensing:list")).part(".tag--outline")
    assert "这次申请的事项都已撤回" in page_of(person, application).text


def test_the_list_says_what_waits_for_the_applicant(person, application):
    ApprovalTaskFactory(application=application, item_code=FOUNDING[0], status="correction")
    SubmittedMaterialFactory(application=application, how="deferred")
    tags = [tag.get_text() for tag in person.open(reverse("licensing:list")).soup.select(".tag--amber")]
    assert tags == ["等您补正", "有材料要补交"]


def test_a_paper_left_for_later_is_told_of_before_its_last_day_is_set(person, application):
    task = ApprovalTaskFactory(application=application, item_code=FOUNDING[2])
    items = releases.load(application.release_id).items
    code = items[FOUNDING[2]].materials[0].code
    SubmittedMaterialFactory(
        application=application, code=code, how="deferred", name="平面图", note="受理后 5 个工作日内补交"
    )
    assert "平面图：受理后 5 个工作日内补交。现在不用交" in page_of(person, application).text
    task.delete()
    ApprovalTaskFactory(application=application, item_code=FOUNDING[2], accepted=True)
    assert "平面图" not in page_of(person, application).text


def test_the_page_renews_itself_while_something_may_move_and_then_no_more(person, application):
    assert page_of(person, application).soup.select_one("#follow")["hx-trigger"] == "every 10s"
    application.status, application.completed_at = "completed", application.submitted_at
    application.save()
    page = page_of(person, application)
    assert "hx-trigger" not in page.soup.select_one("#follow").attrs
    assert "全部办完了" in page.text


def test_htmx_gets_the_changing_part_alone(person, application):
    address = reverse("licensing:detail", args=[application.public_id])
    part = person.client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="follow"')
    assert "<html" not in part


def test_before_it_is_split_the_page_says_that_it_arrived(person, application):
    application.status = "submitted"
    application.save()
    assert "已经收到，正在分送各部门" in page_of(person, application).text


def test_a_draft_leads_on_to_its_form(client, catalogue):
    draft = begun(catalogue, RESTAURANT)
    page = page_of(Person(client, draft.filer), draft)
    assert "接着办" in page.text
    assert "食品经营许可" in page.text


def test_the_list_shows_the_enterprises_applications_and_the_persons_own_drafts_only(person, application, catalogue):
    ApplicationFactory(in_progress=True)
    page = person.open(reverse("licensing:list"))
    assert application.number in page.text
    assert len(page.soup.select("tbody tr")) == 1


def test_the_list_of_a_newcomer_leads_to_the_guidance(client, db):
    page = Person(client, UserFactory()).open(reverse("licensing:list"))
    assert "还没有办件" in page.text


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_the_queries_of_the_list_do_not_grow_with_its_rows(person, application):
    address, one = reverse("licensing:list"), {"enterprise": application.enterprise, "premises": application.premises}
    before = queries(person.client, address)
    for _ in range(12):
        filed = ApplicationFactory(in_progress=True, **one)
        ApprovalTaskFactory(application=filed)
    assert queries(person.client, address) == before


def test_the_queries_of_what_waits_do_not_grow_with_it(application):
    counts = []
    for place, code in enumerate(FOUNDING):
        task = ApprovalTaskFactory(application=application, item_code=code, accepted=True)
        material = SubmittedMaterialFactory(application=application, code=f"mat-{place}", how="deferred")
        Deferral.objects.create(task=task, material=material, due_on=date(2026, 12, 30))
        ClockStop.objects.create(task=task, kind="survey", started_on=date(2026, 3, 3))
        application.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            assert sum(len(tracks) for tracks in tracks_of(application).values()) == place + 1
        counts.append(len(captured))
    assert counts[0] == counts[-1]


def test_the_queries_of_the_follow_page_do_not_grow_with_its_items(person, application):
    address = reverse("licensing:detail", args=[application.public_id])
    ApprovalTaskFactory(application=application, item_code=FOUNDING[0])
    before = queries(person.client, address)
    ApprovalTaskFactory(application=application, item_code=FOUNDING[1], waiting=True)
    LicenceFactory(source_task=ApprovalTaskFactory(application=application, item_code=FOUNDING[2], granted=True))
    assert queries(person.client, address) == before
