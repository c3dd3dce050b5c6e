"""The applicant's list, and the page that says who is at work, since when, until when, and what comes next."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
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
    assert "下一步：看材料是否齐全，决定受理" in item(page, "经营主体设立登记")
    assert "等“经营主体设立登记”办好后自动转来" in item(page, "银行开户预约")
    assert "下一步：等“经营主体设立登记”办好，然后作出决定" in item(page, "食品经营许可")
    assert "已办完 0 项，共 3 项" in page.text


def test_decisions_stand_with_their_reasons_and_licences(person, application):
    granted = ApprovalTaskFactory(application=application, item_code=FOUNDING[0], granted=True)
    ApprovalTaskFactory(application=application, item_code=FOUNDING[2], refused=True)
    LicenceFactory(holder=application.enterprise, source_task=granted, name="营业执照", number="91X")
    page = page_of(person, application)
    assert "营业执照 91X" in item(page, "经营主体设立登记")
    assert "原因：现场不符合许可条件" in item(page, "食品经营许可")
    assert page.soup.select(f"a[href='{reverse('licensing:enterprise', args=[application.enterprise.public_id])}']")


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


def test_the_queries_of_the_follow_page_do_not_grow_with_its_items(person, application):
    address = reverse("licensing:detail", args=[application.public_id])
    ApprovalTaskFactory(application=application, item_code=FOUNDING[0])
    before = queries(person.client, address)
    ApprovalTaskFactory(application=application, item_code=FOUNDING[1], waiting=True)
    LicenceFactory(source_task=ApprovalTaskFactory(application=application, item_code=FOUNDING[2], granted=True))
    assert queries(person.client, address) == before
