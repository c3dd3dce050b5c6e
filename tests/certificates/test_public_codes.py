"""Codes that lead nowhere: one answer for all of them, and no way to find one that leads somewhere by trying."""

import secrets

import pytest
from django.db import connection
from django.urls import reverse

from certificates.public.facts import look_up
from tests.factories import EnterpriseFactory, LicenceFactory

NOWHERE = [
    "x" * 32,  # well formed, nobody's
    "x",
    "x" * 3000,
    "a/b/c",
    "%00",
    "%0a%0d",
    "%ff%fe%80",
    "%27%20OR%201=1--",
    "%3Cscript%3E",
    "%E4%BD%A0%E5%A5%BD",
    "..%2f..%2fetc",
]


def told(response):
    """All of an answer that anybody can tell it by."""
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers


def test_whatever_leads_nowhere_is_answered_alike(client, db):
    revoked = EnterpriseFactory()
    old, revoked.public_token = revoked.public_token, "another-token"
    revoked.save()
    codes = [
        *NOWHERE,
        old,
        EnterpriseFactory(unverified=True).public_token,
        EnterpriseFactory(founder=True).public_token,
    ]
    answers = [told(client.get(f"/e/{code}/")) for code in codes]
    assert answers[0][0] == 404
    assert [code for code, answer in zip(codes, answers, strict=True) if answer != answers[0]] == []


def test_a_code_of_letters_we_do_not_use_asks_no_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert look_up("no\0such") is look_up("a b") is look_up("x" * 41) is None


def test_an_address_that_guesses_is_stopped_and_honest_visitors_behind_it_are_not(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"public_page_missed": "3/10m/ip"}
    real = reverse("certificates:public", args=[EnterpriseFactory().public_token])
    guess = reverse("certificates:public", args=["x" * 32])
    for _ in range(3):
        assert client.get(real).status_code == 200
        assert client.get(guess).status_code == 404
    stopped = client.get(guess)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
    assert "请过 10 分钟再扫码" in stopped.content.decode()
    assert client.get(real).status_code == 200
    assert client.get(guess, REMOTE_ADDR="192.0.2.7").status_code == 404


def test_one_network_of_the_new_internet_is_one_address(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"public_page_missed": "2/10m/ip"}
    asked = [client.get("/e/nobody/", REMOTE_ADDR=f"2001:db8:1:2::{host}").status_code for host in (1, 2, 3)]
    assert asked == [404, 404, 429]
    assert client.get("/e/nobody/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


def test_what_is_stopped_says_nothing_of_the_code(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"public_page_missed": "1/10m/ip"}
    client.get("/e/nobody/")
    stopped = [told(client.get(f"/e/{code}/")) for code in NOWHERE]
    assert {answer[0] for answer in stopped} == {429}
    assert len({answer[1] for answer in stopped}) == 1


def test_a_hundred_thousand_random_codes_hit_nobody(db):
    EnterpriseFactory.create_batch(200)
    guesses = [secrets.token_urlsafe(24) for _ in range(100_000)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM licensing_enterprise WHERE public_token = ANY(%s)", [guesses])
        assert cursor.fetchone() == (0,)
        # The same question finds those that are there.
        cursor.execute("SELECT public_token FROM licensing_enterprise")
        cursor.execute(
            "SELECT count(*) FROM licensing_enterprise WHERE public_token = ANY(%s)",
            [[*guesses, *(token for (token,) in cursor.fetchall())]],
        )
        assert cursor.fetchone() == (200,)


def test_a_few_hundred_of_them_over_http_either(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"public_page_missed": "30/10m/ip"}
    LicenceFactory()
    answers = [client.get(f"/e/{secrets.token_urlsafe(24)}/").status_code for _ in range(300)]
    assert answers == [404] * 30 + [429] * 270


@pytest.mark.parametrize("code", ["x" * 32, "%00", "a/b"])
def test_nothing_can_be_posted_to_a_code(client, db, code):
    assert client.post(f"/e/{code}/").status_code == 405


def test_no_other_domain_shows_the_page(client, db, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    address = reverse("certificates:public", args=[EnterpriseFactory().public_token])
    assert client.get(address, headers={"host": "portal.example"}).status_code == 200
    assert client.get(address, headers={"host": "look-alike.example"}).status_code == 400
