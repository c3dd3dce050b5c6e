"""The service guide says whom to ask and where to go: the offices that decide the item, and the halls."""

import pytest
from django.urls import reverse

from guidance.models import Department
from tests.conftest import publish_catalogue
from tests.factories import DivisionFactory, HallFactory, OfficeFactory
from tests.guidance.test_notice_pages import text


@pytest.fixture
def division(db, _loaded_once):
    publish_catalogue()
    return DivisionFactory()


def office(code, division, **columns):
    return OfficeFactory(department=Department.objects.get(code=code), division=division, **columns)


def guide(client, item):
    return client.get(reverse("guidance:item", args=[item]))


def test_the_guide_names_the_offices_of_the_items_level_each_with_its_phone(client, division):
    of_the_city = office("samr", division.parent, phone="0662-3110000", name="市里的局")
    office("samr", division, phone="0662-3110002", name="江城的局")
    office("health", division, phone="0662-3110003", name="别的局")
    page = guide(client, "food-operation")
    assert "江城的局：0662-3110002" in text(page).replace(" ", "")
    assert 'href="tel:0662-3110002"' in page.content.decode()
    assert not [said for said in (of_the_city.name, "别的局") if said in text(page)]


def test_an_office_without_a_phone_is_named_all_the_same(client, division):
    office("samr", division, name="江城的局")
    assert "江城的局：没有登记电话，请打12345" in text(guide(client, "food-operation")).replace(" ", "")


def test_the_guide_says_where_the_halls_are(client, division):
    HallFactory(address="漠江路1号")
    assert "江城区政务服务大厅：漠江路1号" in text(guide(client, "food-operation"))


def test_more_offices_and_halls_cost_no_more_queries(client, division, django_assert_num_queries):
    for code in ("441702", "441704", "441721", "441781"):
        place = DivisionFactory(code=code)
        office("samr", place, phone="0662-3110002")
        HallFactory(division=place)
        with django_assert_num_queries(3):
            guide(client, "food-operation")
