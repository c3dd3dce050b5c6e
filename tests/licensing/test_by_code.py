"""A draft is found again by its code: at the phone, at a terminal, never by a stranger and never by guessing."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from licensing.models import Application
from tests.factories import ApplicationFactory, GuidanceSessionFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, begun
from tests.licensing.reading import Person

pytestmark = pytest.mark.django_db
ADDRESS = "/applications/code/"
NOBODYS = "2222-2222"


@pytest.fixture
def draft(city, catalogue):
    draft = begun(catalogue, RESTAURANT, division=city)
    Application.objects.filter(pk=draft.pk).update(draft_code="7KQ4M2XB")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def person(client, draft):
    return Person(client, draft.filer)


def by_code(person, code):
    return person.send(person.open(ADDRESS), code=code)


@pytest.mark.parametrize("typed", ["7KQ4-M2XB", "7kq4m2xb", " ７ＫＱ４－Ｍ２ＸＢ ", "7KQ4 M2XB"])
def test_the_code_leads_to_the_own_draft_however_it_is_typed(draft, person, typed):
    assert by_code(person, typed).path == reverse("licensing:detail", args=[draft.public_id])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "请填写申请码"),
        ("7KQ4-M2X", "申请码是 8 位，您填了 7 位"),
        ("7KQ4-M2X0", "申请码里没有“0”"),
        ("7\0KQ4M2X", "有看不见的字符"),
        ("7" * 500, "申请码是 8 位"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(person, typed, told):
    page = by_code(person, typed)
    assert page.response.status_code == 200
    assert told in page.part(".error-summary")


def test_anothers_code_and_one_nobody_has_get_the_same_answer(draft, client):
    stranger = Person(client, UserFactory())
    theirs, nobodys = by_code(stranger, "7KQ4-M2XB"), by_code(stranger, NOBODYS)
    assert theirs.part(".error-summary") == nobodys.part(".error-summary")
    assert "没有找到" in theirs.part(".error-summary")


def test_after_many_misses_even_the_right_code_has_to_wait(draft, person):
    for _ in range(10):
        by_code(person, NOBODYS)
    assert "10 分钟以后再试" in by_code(person, draft.draft_code).part(".error-summary")
    cache.clear()
    assert by_code(person, draft.draft_code).path == reverse("licensing:detail", args=[draft.public_id])


def test_a_guidances_code_leads_to_its_questions(draft, person):
    guide = GuidanceSessionFactory()
    assert by_code(person, guide.code).path.startswith(reverse("guidance:resume", args=[guide.public_id]))


def test_a_guidances_code_opens_no_draft_that_another_began_from_it(draft, client):
    stranger = Person(client, UserFactory())
    assert by_code(stranger, draft.guidance.code).path.startswith("/guide/")


def test_a_filing_that_was_submitted_is_found_too(draft, person):
    done = ApplicationFactory(
        submitted=True, enterprise=draft.enterprise, premises=draft.premises, draft_code="ABCDEFGH"
    )
    assert by_code(person, "abcd-efgh").path == reverse("licensing:detail", args=[done.public_id])


def test_every_page_of_a_draft_shows_its_code_and_the_list_leads_to_where_it_is_typed(draft, person):
    for name in ("detail", "papers", "review"):
        assert "申请码 7KQ4-M2XB" in person.open(reverse(f"licensing:{name}", args=[draft.public_id])).text
    assert "申请码 7KQ4-M2XB" in person.open(reverse("licensing:form", args=[draft.public_id, "1"])).text
    assert person.open("/applications/").soup.select(f"a[href='{ADDRESS}']")
