"""A terminal in the hall: the same functions, and nothing of the last person for the next."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.urls import reverse

from licensing.models import Application
from portal import channels
from tests.factories import PASSWORD, EnterpriseFactory, MembershipFactory

START = "/?channel=kiosk"
LIST = reverse("licensing:list")


@pytest.fixture
def clock(monkeypatch):
    """The kiosk's clock: clock(seconds) lets them pass."""
    now = [1_000_000.0]
    monkeypatch.setattr(channels.time, "time", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


@pytest.fixture
def person(client, catalogue, clock):
    """Somebody signed in at a terminal, by its own form."""
    user = MembershipFactory().user
    client.get(START)
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.get(LIST).status_code == 200
    return user


def is_kiosk(response):
    return "kiosk" in BeautifulSoup(response.content, "html.parser").html.get("class", [])


def test_a_terminal_is_one_from_its_first_page_on_and_others_never(client, catalogue):
    assert not is_kiosk(client.get("/"))
    assert not is_kiosk(client.get("/privacy/?channel=kiosk"))
    assert is_kiosk(client.get(START))
    assert is_kiosk(client.get("/privacy/"))


def test_a_link_on_another_site_signs_nobody_out(client, catalogue):
    client.force_login(MembershipFactory().user)
    assert not is_kiosk(client.get(START, headers={"sec-fetch-site": "cross-site"}))
    assert client.get(LIST).status_code == 200


def test_every_page_has_the_way_out_and_a_refresh_for_those_without_script(client, person):
    for path in (LIST, reverse("licensing:enterprises"), "/no-such-page/", "/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        assert page.select_one(f'form[action="{reverse("portal:kiosk-end")}"] button').text == "结束并退出"
        assert page.select_one("noscript meta")["content"] == f"60;url={START}"


def test_the_button_ends_the_session_and_leaves_nothing(client, person):
    old = client.cookies["sessionid"].value
    response = client.post(reverse("portal:kiosk-end"))
    assert response.url == START
    assert not Session.objects.filter(session_key=old).exists()
    assert is_kiosk(client.get(START))
    assert client.get(LIST).status_code == 302


def test_a_minute_without_use_ends_it_and_the_change_that_comes_late_is_not_made(client, person, clock):
    clock(61)
    response = client.post(reverse("licensing:start"))
    assert response.url == START
    assert not Application.objects.exists()
    assert "_auth_user_id" not in client.session


def test_typing_keeps_it_open_and_a_page_that_asks_by_itself_does_not(client, person, clock):
    clock(50)
    assert client.post(reverse("portal:kiosk-stay")).status_code == 204
    clock(50)
    assert client.get(LIST, headers={"hx-request": "true"}).status_code == 200
    clock(50)
    response = client.get(LIST, headers={"hx-request": "true"})
    assert response.headers["HX-Redirect"] == START
    assert client.get(LIST).status_code == 302


def test_signing_out_by_the_accounts_own_address_leads_to_the_terminals_first_page_too(client, person):
    assert client.post(reverse("account_logout")).url == START
    assert is_kiosk(client.get(START))


def test_no_file_is_left_on_a_terminal(client, person):
    response = client.get(reverse("licensing:package", args=[uuid.UUID(int=1)]), follow=True)
    assert "自助终端上不能打开或者下载文件" in response.text


def test_the_public_page_without_our_frame_goes_back_by_itself(client, person):
    page = client.get(reverse("certificates:public", args=[EnterpriseFactory().public_token]))
    assert page.headers["Refresh"] == f"60; url={START}"


def test_coming_to_the_first_page_again_ends_what_was_left_open(client, person):
    client.get(START)
    assert client.get(LIST).status_code == 302


def test_no_page_of_a_terminal_is_kept_by_the_browser(client, person):
    for path in (LIST, "/", reverse("account_login")):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_nobody_is_remembered_at_a_terminal(client, catalogue):
    user = MembershipFactory().user
    assert 'name="remember"' in client.get(reverse("account_login")).text
    client.get(START)
    assert 'name="remember"' not in client.get(reverse("account_login")).text
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD, "remember": "on"})
    assert client.session.get_expire_at_browser_close()


def test_what_a_person_elsewhere_does_has_no_time_limit(client, catalogue, clock):
    client.force_login(MembershipFactory().user)
    client.get(LIST)
    clock(3600)
    assert client.get(LIST).status_code == 200
