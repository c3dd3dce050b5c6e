"""The pages with the map: of a guidance session, of a draft, and the one that follows an application."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from routing.decisions import refuse
from tests.factories import UserFactory
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, session_of
from tests.licensing.reading import Page, Person

FOOD, FIRE, HOTEL = "food-operation", "fire-safety-check", "hotel-special-trade"


@pytest.fixture(autouse=True)
def everywhere(city):
    """Offices of every department, and the work calendar."""


def map_of(client, session, query=""):
    return Page(client.get(reverse("routing:map", args=[session.public_id]) + query))


def followed(client, case):
    return Person(client, case.applicant).open(reverse("licensing:detail", args=[case.application.public_id]))


def pressed(text):
    return re.sub(r"\s", "", text)


def assert_the_same(page):
    """Each row of the table is a box of both pictures, with the same name, limit, state and day in the same lane."""
    rows = page.soup.select("#map-rows tbody tr")
    assert rows
    for picture in page.soup.select(".map__picture"):
        boxes = [pressed(group.get_text()) for group in picture.select("g g")[1:-1]]
        assert len(boxes) == len(rows)
        whole = pressed(picture.get_text())
        for box, row in zip(boxes, rows, strict=True):
            name, office, *said = [pressed(cell.get_text(" ")) for cell in row.select("th, td")]
            assert box.startswith(name.removesuffix("◆决定总时间"))
            assert ("◆决定总时间" in box) == ("◆决定总时间" in name)
            # The days, the state and the limit; what it starts after is an arrow in the picture.
            limit, result = said[-2], said[-1].partition("要等")[0]
            state = said[0] if len(said) == 4 else ""
            assert all(words in box for words in (limit, result, state))
            assert office in whole


def test_table_and_both_pictures_say_the_same_before_submission(client, catalogue):
    page = map_of(client, session_of(catalogue, FOUNDER))
    assert_the_same(page)
    assert "今天提交的话，预计" in page.text


def test_table_and_both_pictures_say_the_same_after_submission(client, file):
    case = file("business-registration", "bank-account", "seal-engraving", FOOD, FIRE, HOTEL, committed=[FIRE])
    case.accept(FIRE)
    refuse(case[FIRE], case.officer(FIRE), "疏散通道不够宽。")
    case.release()
    page = followed(client, case)
    assert_the_same(page)
    assert "不予许可" in page.part(".map__picture--narrow")
    assert "等待前置事项" in page.part(".map__picture--narrow")


def test_the_picture_is_an_image_with_a_name_and_a_description_and_no_style_or_script(client, catalogue):
    page = map_of(client, session_of(catalogue, RESTAURANT))
    for picture in page.soup.select(".map__picture"):
        assert picture["role"] == "img"
        named = [page.soup.find(id=name).get_text() for name in picture["aria-labelledby"].split()]
        assert named[0] == "办理路线图"
        assert "全部办完" in named[1]
        assert not picture.select("[style], script, style")


def test_the_legend_names_only_the_lines_that_are_there(client, catalogue):
    assert "同时办" in map_of(client, session_of(catalogue, FOUNDER)).part(".map__legend")
    restaurant = map_of(client, session_of(catalogue, RESTAURANT)).part(".map__legend")
    assert "同时办" not in restaurant
    assert "前面的办好了" not in restaurant


def test_what_was_left_out_is_not_on_the_map(client, catalogue):
    session = session_of(catalogue, RESTAURANT, declined=["drainage"])
    assert "排水" not in map_of(client, session).part("#map-rows")
    assert "食品经营" in map_of(client, session).part("#map-rows")


def test_with_all_promises_the_promised_days_are_shown(client, catalogue):
    session = session_of(catalogue, FOUNDER)
    assert "告知承诺，" not in map_of(client, session).part("#map-rows")
    page = map_of(client, session, "?promise=1")
    assert "告知承诺，" in page.part("#map-rows")
    assert_the_same(page)


def test_while_a_question_is_open_and_where_nothing_is_needed_there_is_no_map(client, catalogue):
    unfinished = session_of(catalogue, RESTAURANT)
    unfinished.answers = {}
    unfinished.save()
    nothing = session_of(catalogue, {})
    for session, name in ((unfinished, "resume"), (nothing, "result")):
        answer = client.get(reverse("routing:map", args=[session.public_id]))
        assert answer.url == reverse(f"guidance:{name}", args=[session.public_id])


def test_a_draft_has_its_map_with_its_own_promises_and_nobody_else_sees_it(client, catalogue):
    draft = begun(catalogue, RESTAURANT)
    address = reverse("routing:draft-map", args=[draft.public_id])
    assert address in str(Person(client, draft.filer).open(reverse("licensing:plan", args=[draft.public_id])).soup)
    assert_the_same(Person(client, draft.filer).open(address))
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_a_submitted_application_shows_the_map_where_it_is_followed(client, file):
    case = file(FOOD, FIRE)
    person = Person(client, case.applicant)
    page = person.open(reverse("routing:draft-map", args=[case.application.public_id]))
    assert page.path == reverse("licensing:detail", args=[case.application.public_id])
    assert page.soup.select("#follow .map__picture")


def test_the_map_is_drawn_anew_as_tasks_move_and_the_table_with_it(client, file):
    case = file(FOOD, FIRE)
    Person(client, case.applicant)
    address = reverse("licensing:detail", args=[case.application.public_id])
    ask = lambda: Page(client.get(address, headers={"HX-Request": "true"}))  # noqa: E731
    assert "已受理" not in ask().part("#map-table")
    case.accept(FOOD)
    page = ask()
    assert page.soup.select_one("#map-table")["hx-swap-oob"] == "true"
    assert "已受理" in page.part("#map-table")
    assert "已受理" in page.part(".map__picture--wide")


def test_the_map_costs_the_page_one_query_whatever_is_on_it(client, file):
    counts = []
    for codes in ([FOOD], [FOOD, FIRE, HOTEL, "drainage", "outdoor-ad"]):
        case = file(*codes)
        Person(client, case.applicant)
        address = reverse("licensing:detail", args=[case.application.public_id])
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
        assert sum("routing_calendaryear" in query["sql"] for query in captured.captured_queries) == 1
    assert counts[0] == counts[1]
