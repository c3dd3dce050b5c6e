from django.template.loader import render_to_string

from tests.factories import UserFactory


def test_a_missing_page_is_told_without_asking_the_database(client, django_assert_num_queries, db):
    client.force_login(UserFactory())
    with django_assert_num_queries(0):
        page = client.get("/no-such-page")
    assert page.status_code == 404
    assert "没有找到这一页" in page.content.decode()


def test_the_page_of_last_resort_needs_no_request():
    assert "系统出了点问题" in render_to_string("500.html")
