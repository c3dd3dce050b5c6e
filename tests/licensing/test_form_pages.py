"""The one form as a person fills it, on the real catalogue."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing.models import Application
from licensing.plan import plan_for
from tests.factories import ApplicationFactory, EnterpriseFactory, UserFactory
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, fill_in, sample, typed
from tests.licensing.reading import Page, Person

pytestmark = pytest.mark.django_db
FOOD, PLACE, COMPANY = "6", "2", "1"


@pytest.fixture
def draft(catalogue):
    return begun(catalogue, RESTAURANT, enterprise=EnterpriseFactory(register={"registered_capital": "50"}))


@pytest.fixture
def person(client, draft):
    return Person(client, draft.filer)


def form(draft, step):
    return reverse("licensing:form", args=[draft.public_id, step])


def now(draft):
    return Application.objects.get(pk=draft.pk)


def everything(draft, step):
    """What a person types who leaves nothing of the page empty."""
    plan, values = plan_for(draft), {}
    page = next(one for one in plan.form_steps if one.slug == step)
    for wanted in plan.asked(page):
        if wanted.code not in plan.values:
            values |= typed(wanted.code, sample(wanted.element))
    return values


def test_a_person_walks_from_page_to_page_to_the_papers(draft, person):
    page, seen = person.open(reverse("licensing:resume", args=[draft.public_id])), []
    while "/form/" in page.path:
        seen.append(page.path.split("/")[-2])
        page = person.send(page, **everything(now(draft), seen[-1]))
    plan = plan_for(draft)
    assert seen == [step.slug for step in plan.form_steps if any(map(plan.is_typed, step.wanted))]
    assert page.path == reverse("licensing:papers", args=[draft.public_id])
    assert not page.part(".error-summary")


def test_a_page_that_only_shows_answers_is_passed_over_and_opens_from_the_review(catalogue, client):
    draft = fill_in(begun(catalogue, FOUNDER | {"has_licence": "have", "entity_type": "company"}))
    plan = plan_for(draft)
    told = [step.slug for step in plan.form_steps if not any(map(plan.is_typed, step.wanted))]
    before = [step.slug for step in plan.form_steps if step.slug not in told and int(step.slug) < int(told[0])][-1]
    person = Person(client, draft.filer)
    assert person.send(person.open(form(draft, before))).path != form(draft, told[0])
    page = person.open(form(draft, told[0]) + "?then=review")
    assert person.send(page).path == reverse("licensing:review", args=[draft.public_id])


def test_a_founder_is_asked_for_everything_but_what_the_system_fills(catalogue, client):
    draft = begun(catalogue, FOUNDER)
    person = Person(client, draft.filer)
    page = person.open(form(draft, COMPANY))
    assert not {"uscc", "entity_name"} & page.fields().keys()
    assert {"legal_rep_name", "business_scope", "entity_type"} <= set(page.fields())
    page = person.send(page, **everything(draft, COMPANY))
    assert page.path != form(draft, COMPANY), page.part(".error-summary")
    assert now(draft).values["legal_rep_id"] == "441702199001010003"


def test_a_seat_in_another_district_is_told_and_moves_no_competence(catalogue, client):
    draft = begun(catalogue, FOUNDER)
    person = Person(client, draft.filer)
    values = everything(draft, COMPANY) | {"registered_address": "阳江市阳东区始兴路8号"}
    page = person.send(person.open(form(draft, COMPANY)), **values)
    assert "住所写的是阳东区，经营场所在江城区" in page.text
    assert now(draft).values["registered_address"] == "阳江市阳东区始兴路8号"
    assert now(draft).premises.division.name == "江城区"


def test_what_the_licence_says_is_shown_with_its_source_and_not_asked(draft, person):
    page = person.open(form(draft, COMPANY))
    assert draft.enterprise.uscc in page.text
    assert "来自营业执照" in page.text
    assert not {"uscc", "legal_rep_name", "entity_type"} & page.fields().keys()


def test_what_was_answered_stands_in_the_form_and_says_so(draft, person):
    page = person.open(form(draft, PLACE))
    assert page.fields()["premises_area"] == "180"
    assert "来自您的回答" in page.text


def test_a_page_that_does_not_validate_keeps_what_was_typed(draft, person):
    page = person.open(form(draft, PLACE))
    page = person.send(page, premises_area="很大", opening_hours="10:00-22:00")
    assert "“很大”不是数字" in page.part(".error-summary")
    other_device = Person(Client(), draft.filer)
    page = other_device.open(form(draft, PLACE))
    assert page.fields()["premises_area"] == "很大"
    assert page.fields()["opening_hours"] == "10:00-22:00"
    assert now(draft).answers["area"] == 180


def test_the_browser_may_be_closed_and_another_device_goes_on_where_it_stopped(draft, person):
    person.send(person.open(form(draft, COMPANY)), **everything(draft, COMPANY))
    other_device = Person(Client(), draft.filer)
    assert other_device.open(reverse("licensing:resume", args=[draft.public_id])).path == form(draft, PLACE)
    assert other_device.open(form(draft, COMPANY)).fields()["contact_phone"] == "13812345678"


def test_saving_for_later_judges_nothing_and_keeps_all(draft, person):
    page = person.send(person.open(form(draft, PLACE)), opening_hours="", premises_area="一百多", later="")
    assert page.path == reverse("licensing:detail", args=[draft.public_id])
    page = person.open(form(draft, PLACE))
    assert page.fields()["premises_area"] == "一百多"
    assert not page.part(".error-summary")


def test_changing_a_value_that_was_an_answer_tells_what_changes_and_waits_for_agreement(draft, person):
    page = person.send(person.open(form(draft, PLACE)), **everything(draft, PLACE) | {"premises_area": "320.50"})
    assert page.path == reverse("licensing:plan", args=[draft.public_id])
    assert "公众聚集场所投入使用、营业前消防安全检查" in page.part("#changes")
    assert "安全出口数量" in page.part("#changes")
    assert (now(draft).answers["area"], now(draft).values["premises_area"]) == (320.5, "320.50")
    # Nothing goes on before the applicant agrees.
    assert person.open(form(draft, COMPANY)).path == page.path
    assert person.open(reverse("licensing:review", args=[draft.public_id])).path == page.path
    page = person.send(page)
    assert "/form/" in page.path
    assert "fire-safety-check" in now(draft).chosen


def test_an_answer_that_the_question_forbids_is_refused_in_the_form(draft, person):
    page = person.send(person.open(form(draft, PLACE)), **everything(draft, PLACE) | {"premises_area": "0.5"})
    assert "不能小于1" in page.part(".error-summary")
    assert now(draft).answers["area"] == 180


def test_a_choice_that_no_answer_can_say_is_kept_beside_the_answer(draft, person):
    page = person.open(form(draft, FOOD))
    person.send(page, **everything(draft, FOOD) | {"food_items": ["hot", "raw"]})
    assert now(draft).answers["food_kinds"] == ["hot"]
    assert plan_for(now(draft)).values["food_items"] == ["hot", "raw"]


def test_answers_no_longer_asked_fall_away_and_are_told(draft, person):
    page = person.open(form(draft, FOOD))
    page = person.send(page, **everything(draft, FOOD) | {"food_items": ["prepackaged"]})
    # How many work there matters only now.
    page = person.send(page, answer="2")
    assert "顾客会坐在店里吃吗？" in page.part("#changes")
    assert "dine_in" not in now(draft).answers


class TestTables:
    def test_a_row_more_comes_at_once_and_keeps_what_was_typed(self, draft, person):
        page = person.open(form(draft, FOOD))
        page = person.send(
            page, **{"kitchen_equipment-0-name": "灶台", "seat_count": "abc", "add": "kitchen_equipment:1"}
        )
        fields = page.fields()
        assert fields["kitchen_equipment-rows"] == "2"
        assert fields["kitchen_equipment-0-name"] == "灶台"
        assert "kitchen_equipment-1-name" in fields
        assert fields["seat_count"] == "abc"
        assert not page.part(".error-summary")

    def test_ten_rows_more_come_at_once_too(self, draft, person):
        page = person.send(person.open(form(draft, FOOD)), add="kitchen_equipment:10")
        assert page.fields()["kitchen_equipment-rows"] == "11"

    def test_rows_are_kept_deleted_and_shown_again(self, draft, person):
        values = everything(draft, FOOD) | {
            "kitchen_equipment-rows": "2",
            "kitchen_equipment-1-name": "冰柜",
            "kitchen_equipment-1-quantity": "2",
        }
        person.send(person.open(form(draft, FOOD)), **values)
        assert [row["name"] for row in now(draft).values["kitchen_equipment"]] == ["示例", "冰柜"]
        page = person.open(form(draft, FOOD))
        person.send(page, **{"kitchen_equipment-0-delete": "on"})
        assert now(draft).values["kitchen_equipment"] == [{"name": "冰柜", "quantity": 2}]

    @pytest.mark.parametrize("forged", ["nothing:1", "seat_count:1", ":", "kitchen_equipment:99999"])
    def test_a_forged_button_does_no_harm(self, draft, person, forged):
        assert person.send(person.open(form(draft, FOOD)), add=forged).response.status_code == 200


class TestTwoTabs:
    def test_the_second_save_is_told_of_the_first_and_overwrites_nothing(self, draft, person):
        first, second = person.open(form(draft, PLACE)), person.open(form(draft, PLACE))
        values = everything(draft, PLACE)
        person.send(first, **values | {"opening_hours": "早上"})
        told = person.send(second, **values | {"opening_hours": "晚上"})
        assert "营业时间：早上" in told.part("#other-tab")
        assert told.fields()["opening_hours"] == "晚上"
        assert now(draft).values["opening_hours"] == "早上"
        # Now that it was said, saving again is meant.
        person.send(told)
        assert now(draft).values["opening_hours"] == "晚上"

    def test_a_double_click_is_no_second_tab(self, draft, person):
        page, values = person.open(form(draft, PLACE)), everything(draft, PLACE)
        assert person.send(page, **values).path == person.send(page, **values).path == form(draft, "3")
        changing = values | {"premises_area": "320"}
        page = person.open(form(draft, PLACE))
        assert person.send(page, **changing).path == person.send(page, **changing).path
        assert now(draft).wizard["step_data"] == {}

    def test_two_tabs_on_different_pages_both_keep_their_work_and_the_second_is_told(self, draft, person):
        place, food = person.open(form(draft, PLACE)), person.open(form(draft, FOOD))
        person.send(place, **everything(draft, PLACE) | {"opening_hours": "早上"})
        page = person.send(food, **everything(draft, FOOD))
        assert "都保留着" in page.text
        assert now(draft).values["opening_hours"] == "早上"
        assert now(draft).values["seat_count"]

    def test_what_the_other_tab_typed_waits_when_the_plan_has_changed_meanwhile(self, draft, person):
        place, food = person.open(form(draft, PLACE)), person.open(form(draft, FOOD))
        person.send(place, **everything(draft, PLACE) | {"premises_area": "320"})
        page = person.send(food, **everything(draft, FOOD) | {"seat_count": "77"})
        assert page.path == reverse("licensing:plan", args=[draft.public_id])
        person.send(page)
        assert person.open(form(draft, FOOD)).fields()["seat_count"] == "77"

    def test_a_page_that_is_gone_leads_on(self, draft, person):
        page = person.open(form(draft, FOOD))
        page.response.request["PATH_INFO"] = form(draft, "99")
        assert "不用填了" in person.send(page).text


def test_a_change_from_the_review_leads_back_to_it(draft, person):
    fill_in(draft)
    page = person.open(f"{form(draft, PLACE)}?then=review")
    page = person.send(page, opening_hours="全天")
    assert page.path == reverse("licensing:review", args=[draft.public_id])
    assert "全天" in page.text


def test_a_nul_or_a_file_among_the_fields_breaks_nothing(draft, person):
    page = person.open(form(draft, PLACE))
    assert person.send(page, opening_hours="早\0上").response.status_code == 200
    assert person.send(page, opening_hours=b"x" * 10).response.status_code == 200


def test_a_stranger_and_a_missing_application_get_the_same_answer(draft, client):
    client.force_login(UserFactory())
    for name in ("detail", "who", "where", "plan", "resume", "review", "delete"):
        theirs = client.get(reverse(f"licensing:{name}", args=[draft.public_id]))
        missing = client.get(reverse(f"licensing:{name}", args=["00000000-0000-4000-8000-000000000000"]))
        assert (theirs.status_code, theirs.content) == (404, missing.content), name
    assert client.get(form(draft, PLACE)).status_code == client.post(form(draft, PLACE)).status_code == 404


def test_a_former_member_sees_nothing_any_more(draft, client):
    draft.enterprise.memberships.update(until="2020-01-01")
    client.force_login(draft.filer)
    assert client.get(form(draft, PLACE)).status_code == 404


def test_a_submitted_application_has_no_form_any_more(draft, person):
    done = ApplicationFactory(in_progress=True, enterprise=draft.enterprise, premises=draft.premises)
    assert person.open(form(done, PLACE)).path == reverse("licensing:detail", args=[done.public_id])


def test_the_queries_of_a_page_do_not_grow_with_the_items(catalogue, client):
    hotel = {
        "has_licence": "have",
        "store_form": "service",
        "sectors": ["lodging"],
        "lodging_type": "hotel",
        "room_count": 40,
        "lodging_extras": ["restaurant", "pool"],
        "area": 900,
        "wastewater": "sewer",
        "outdoor_sign": ["own_sign"],
        "sign_area": 12,
    }
    counts = []
    for answers, items in ((RESTAURANT, 3), (hotel, 7)):
        draft = begun(catalogue, answers)
        assert len(draft.chosen) >= items
        client.force_login(draft.filer)
        with CaptureQueriesContext(connection) as queries:
            assert Page(client.get(form(draft, PLACE))).fields()
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("extra", [{"later": "", "a\0b": "1"}, {"add": "contact_name:1", "contact_name-rows": "1"}])
def test_a_post_that_no_page_of_ours_sends_breaks_nothing(draft, person, extra):
    page = person.send(person.open(form(draft, COMPANY)), **extra)
    assert page.response.status_code == 200
