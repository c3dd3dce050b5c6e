"""From the guidance to a draft: one draft for a session, who applies, where, and the plan agreed to."""

import threading
import uuid

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from guidance import answering
from licensing import drafts
from licensing.models import Application, Enterprise
from tests.factories import (
    DivisionFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
)
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, ready, session_of
from tests.licensing.reading import Person

pytestmark = pytest.mark.django_db


def start_of(session):
    return f"{reverse('licensing:start')}?guide={session.public_id}"


@pytest.fixture
def person(client):
    return Person(client, UserFactory(name="林小雨"))


@pytest.fixture
def user(person):
    return Application._meta.get_field("filer").related_model.objects.get(name="林小雨")


def own(user, **traits):
    enterprise = EnterpriseFactory(**traits)
    MembershipFactory(user=user, enterprise=enterprise)
    return enterprise


def test_who_is_not_signed_in_signs_in_first_and_comes_back(client, catalogue):
    address = start_of(session_of(catalogue, RESTAURANT))
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("guide", ["", "x", str(uuid.UUID(int=1)), "%00"])
def test_an_unknown_guidance_session_is_not_found(person, catalogue, guide):
    assert person.open(f"{reverse('licensing:start')}?guide={guide}").response.status_code == 404


def test_coming_again_leads_to_the_same_draft(person, catalogue):
    session = session_of(catalogue, RESTAURANT, declined=["drainage"])
    paths = {person.open(start_of(session)).path for _ in range(3)}
    draft = Application.objects.get()
    assert paths == {reverse("licensing:who", args=[draft.public_id])}
    assert (draft.declined, draft.chosen) == (["drainage"], ["food-operation", "outdoor-ad"])


@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_make_one_draft(catalogue):
    session, user, barrier, paths = session_of(catalogue, RESTAURANT), UserFactory(), threading.Barrier(5), []

    def click():
        client = Client()
        client.force_login(user)
        barrier.wait()
        paths.append(client.get(start_of(session)).url)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Application.objects.count() == 1
    assert len(set(paths)) == 1


def test_what_was_answered_anew_in_the_guidance_comes_into_the_draft_and_the_rest_stays(person, catalogue):
    session = session_of(catalogue, RESTAURANT)
    person.open(start_of(session))
    draft = Application.objects.get()
    drafts.answer(draft, "area", 220)
    answering.answer(session, "dine_in", False)
    session.refresh_from_db()
    person.open(start_of(session))
    draft.refresh_from_db()
    assert (draft.answers["area"], draft.answers["dine_in"]) == (220, False)


def test_a_session_that_another_person_used_leads_back_to_the_questions(person, catalogue):
    session = session_of(catalogue, RESTAURANT)
    drafts.start(session, UserFactory())
    page = person.open(start_of(session))
    assert page.path == reverse("guidance:themes")
    assert Application.objects.count() == 1


def test_a_session_already_submitted_leads_to_its_application(client, city, catalogue, storage_folder):
    draft = begun(catalogue, RESTAURANT)
    Application.objects.filter(pk=draft.pk).update(
        status="submitted", number="YZ1", submitted_at="2026-03-02T01:00Z", snapshot={}, snapshot_sha256="0"
    )
    page = Person(client, draft.filer).open(start_of(draft.guidance))
    assert page.path == reverse("licensing:detail", args=[draft.public_id])


def test_an_existing_enterprise_goes_straight_to_the_form_when_nothing_changed(person, user, catalogue):
    enterprise = own(user)
    premises = PremisesFactory(enterprise=enterprise)
    page = person.open(start_of(session_of(catalogue, RESTAURANT)))
    assert page.fields()["who"] == [str(enterprise.public_id)]
    page = person.send(page)
    assert page.fields()["where"] == [str(premises.public_id)]
    page = person.send(page)
    assert "/form/" in page.path


def test_a_held_licence_drops_out_and_the_plan_page_says_so_first(person, user, catalogue):
    enterprise = own(user)
    premises = PremisesFactory(enterprise=enterprise)
    LicenceFactory(holder=enterprise, premises=premises, item_code="drainage", name="排水许可证")
    page = person.send(person.send(person.open(start_of(session_of(catalogue, RESTAURANT)))))
    assert page.path.endswith("/plan/")
    assert "污水排入排水管网许可：已经持有有效证照，不用再办。" in page.part("#changes")
    page = person.send(page)
    assert "/form/" in page.path
    assert Application.objects.get().chosen == ["food-operation", "outdoor-ad"]


def test_a_founder_names_the_business_and_gets_an_enterprise_without_a_uscc(person, user, catalogue):
    DivisionFactory()
    page = person.open(start_of(session_of(catalogue, FOUNDER)))
    assert page.fields()["who"] == ["found"]
    page = person.send(page)
    assert "请填写准备起的名称" in page.part(".error-summary")
    page = person.send(page, name="  林记便利店 ")
    founded = Enterprise.objects.get()
    assert (founded.name, founded.founding, founded.memberships.get().user) == ("林记便利店", True, user)
    page = person.send(
        page, name="门店", division=page.soup.select_one("option[value]:not([value=''])")["value"], address="漠江路88号"
    )
    assert "/form/" in page.path, page.text
    assert Application.objects.get().premises.address == "漠江路88号"


def test_founding_twice_by_a_double_click_founds_once(person, catalogue):
    page = person.open(start_of(session_of(catalogue, FOUNDER)))
    person.send(page, name="林记便利店")
    person.send(page, name="林记便利店")
    assert Enterprise.objects.count() == 1


def test_an_enterprise_or_premises_of_another_cannot_be_picked(person, user, catalogue):
    own(user)
    theirs = PremisesFactory()
    page = person.open(start_of(session_of(catalogue, RESTAURANT)))
    page = person.send(page, who=str(theirs.enterprise.public_id))
    assert "请从列出的选项里选一项" in page.part(".error-summary")
    page = person.send(page, who=page.soup.select_one("input[name=who]")["value"])
    page = person.send(page, where=str(theirs.public_id))
    assert Application.objects.get().premises is None


def test_another_enterprise_takes_other_premises(person, user, catalogue):
    first = PremisesFactory(enterprise=own(user))
    second = own(user, name="乙公司")
    draft = begun(catalogue, RESTAURANT, user=user, enterprise=first.enterprise)
    assert drafts.apply_for(draft, second).premises is None


def test_a_founder_who_said_to_have_a_licence_is_asked_the_questions_that_follow(person, user, catalogue):
    draft = begun(catalogue, RESTAURANT, user=user, enterprise=own(user, founder=True))
    page = person.open(reverse("licensing:resume", args=[draft.public_id]))
    assert page.path == reverse("licensing:question", args=[draft.public_id, "opening_services"])
    page = person.send(page, answer=["seal"])
    page = person.send(page, answer="0")
    assert page.path.endswith("/plan/")
    assert "印章刻制" in page.part("#changes")


class TestThePlanPage:
    def test_an_item_left_out_is_counted_again_and_agreed_to_after_that(self, person, user, catalogue):
        draft = begun(catalogue, RESTAURANT, user=user, enterprise=own(user))
        page = person.open(reverse("licensing:plan", args=[draft.public_id]))
        page = person.send(page, item=["food-operation", "drainage"])
        assert "您选择另行办理" in page.part("#changes")
        person.send(page)
        draft.refresh_from_db()
        assert (draft.chosen, draft.declined) == (["food-operation", "drainage"], ["outdoor-ad"])

    def test_leaving_out_everything_is_not_taken(self, person, user, catalogue):
        draft = begun(catalogue, RESTAURANT, user=user, enterprise=own(user))
        page = person.open(reverse("licensing:plan", args=[draft.public_id]))
        page = person.send(page, item=None)
        assert "至少留一个" in page.text
        draft.refresh_from_db()
        assert len(draft.chosen) == 3

    def test_a_plan_that_moved_while_it_was_read_is_shown_again(self, person, user, catalogue):
        draft = begun(catalogue, RESTAURANT, user=user, enterprise=own(user))
        page = person.open(reverse("licensing:plan", args=[draft.public_id]))
        drafts.answer(draft, "area", 400)
        page = person.send(page)
        assert "方案刚刚又有变化" in page.text
        draft.refresh_from_db()
        assert "fire-safety-check" not in draft.chosen

    def test_an_answer_is_changed_from_here_but_not_one_that_the_licence_gives(self, person, user, catalogue):
        draft = begun(catalogue, RESTAURANT, user=user, enterprise=own(user))
        page = person.open(reverse("licensing:plan", args=[draft.public_id]))
        assert page.soup.select(f"a[href='{reverse('licensing:question', args=[draft.public_id, 'dine_in'])}']")
        sealed = reverse("licensing:question", args=[draft.public_id, "entity_type"])
        assert not page.soup.select(f"a[href='{sealed}']")
        assert person.open(sealed).response.status_code == 404
        page = person.open(reverse("licensing:question", args=[draft.public_id, "area"]))
        assert page.fields()["answer"] == "180"
        page = person.send(page, answer="很大")
        assert "不是数字" in page.part(".error-summary")
        assert "消防安全检查" in person.send(page, answer="350").part("#changes")

    def test_blocked_items_are_told_with_the_reason(self, person, user, catalogue):
        netcafe = {"has_licence": "have", "sectors": ["culture"], "culture_kinds": ["netcafe"], "store_form": "service"}
        draft = begun(catalogue, netcafe | {"school_distance": 150}, user=user, enterprise=own(user))
        page = person.open(reverse("licensing:plan", args=[draft.public_id]))
        assert "周围200米内不能开网吧" in page.text
        assert "现在不能办" in page.text


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_deleted_with_its_files_after_a_confirmation(city, catalogue, client, kept):
    draft = ready(catalogue, RESTAURANT, division=city)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:delete", args=[draft.public_id]))
    assert Application.objects.exists()
    assert kept()
    assert person.send(page).path == reverse("licensing:list")
    assert not Application.objects.exists()
    assert not kept()
