"""Signing up, in and out; letters over a real SMTP conversation; the lock-out in PostgreSQL."""

import re
import threading

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.accounts import PRIVACY_VERSION
from portal.models import Consent, User
from tests.factories import PASSWORD, ClerkFactory, UserFactory

pytestmark = pytest.mark.django_db

FORM = {
    "email": "chen@example.com",
    "name": "陈大文",
    "password1": "yang-jiang-2026",
    "password2": "yang-jiang-2026",
    "privacy": "on",
}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), FORM | changes)


def sign_in(client, login, password, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_signing_up_keeps_the_name_and_which_privacy_notice_was_agreed_to(client):
    response = sign_up(client)
    assert response.url == reverse("portal:home")
    user = User.objects.get(email="chen@example.com")
    assert str(user) == "陈大文"
    assert [(row.document, row.version) for row in Consent.objects.filter(user=user)] == [("privacy", PRIVACY_VERSION)]
    assert signed_in(client)


def test_the_privacy_notice_shows_the_version_that_is_agreed_to(client):
    assert PRIVACY_VERSION in client.get(reverse("portal:privacy")).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"privacy": ""},
        {"name": ""},
        {"password2": "something-else-1"},
        {"password1": "12345678", "password2": "12345678"},
    ],
)
def test_without_consent_name_or_a_sound_password_there_is_no_account(client, changes):
    response = sign_up(client, **changes)
    assert response.context["form"].errors
    assert not User.objects.exists()


def test_a_user_name_cannot_be_chosen_to_look_like_an_office(client):
    sign_up(client, email="samr@example.com")
    assert User.objects.get().username != "samr"


def test_an_address_has_one_account_whatever_its_case(client):
    UserFactory(email="chen@example.com")
    response = sign_up(client, email="Chen@Example.com")
    assert "这个邮箱已经注册过" in response.content.decode()
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account():
    gate, answers = threading.Barrier(4), []

    def click():
        gate.wait()
        answers.append(sign_up(Client(raise_request_exception=True)).status_code)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    [one.start() for one in clicks]
    [one.join() for one in clicks]
    assert User.objects.count() == Consent.objects.count() == 1
    assert set(answers) <= {200, 302}
    assert len(answers) == 4


@pytest.mark.parametrize("login", ["li@example.com", "LI@example.com", "li", " li "])
def test_people_sign_in_by_e_mail_or_by_user_name(client, login):
    UserFactory(username="li", email="li@example.com")
    assert sign_in(client, login, PASSWORD).status_code == 302
    assert signed_in(client)


def test_signing_in_changes_the_session_so_that_none_can_be_planted(client):
    user = UserFactory()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, user.username, PASSWORD)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_a_session_ends_with_the_browser_unless_asked_to_stay(client):
    user = UserFactory()
    sign_in(client, user.username, PASSWORD)
    assert client.session.get_expire_at_browser_close()


def test_after_signing_out_the_old_session_opens_nothing(client):
    client.force_login(UserFactory())
    stolen = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get(reverse("account_change_password")).status_code == 302


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(client):
    UserFactory(username="li", email="li@example.com")
    texts = {
        re.sub(r'value="[^"]*"', "", sign_in(Client(), login, "wrong-password").content.decode())
        for login in ("li", "li@example.com", "nobody", "nobody@example.com")
    }
    assert len(texts) == 1
    assert "账号或密码不对" in texts.pop()


def test_five_wrong_passwords_lock_the_account_even_for_the_right_one(client):
    user = UserFactory()
    for _ in range(5):
        sign_in(client, user.username, "wrong-password")
    response = sign_in(Client(), user.username, PASSWORD)
    assert "输错次数太多" in response.content.decode()


def test_the_lock_is_kept_in_postgresql(client):
    user = UserFactory()
    for _ in range(5):
        sign_in(client, user.username, "wrong-password")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] >= 1


def test_tries_at_many_invented_accounts_do_not_lift_a_lock(client):
    user = UserFactory()
    for _ in range(5):
        sign_in(client, user.username, "wrong-password")
    for number in range(400):  # Beyond 300 rows Django would drop the first third.
        cache.set(f"zzz-{number}", [1.0], 300)
    assert "输错次数太多" in sign_in(Client(), user.username, PASSWORD).content.decode()


def test_a_forged_forwarding_header_does_not_give_new_tries(client):
    for number in range(30):
        sign_in(client, f"invented-{number}", "wrong-password", headers={"x-forwarded-for": f"10.0.0.{number}"})
    response = sign_in(client, "one-more", "wrong-password", headers={"x-forwarded-for": "10.1.1.1"})
    assert "输错次数太多" in response.content.decode()


def test_behind_a_configured_proxy_each_visitor_has_their_own_tries(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(30):
        sign_in(client, f"invented-{number}", "wrong-password", headers={"x-forwarded-for": "9.9.9.9, 10.0.0.1"})
    response = sign_in(client, "one-more", "wrong-password", headers={"x-forwarded-for": "9.9.9.9, 10.0.0.2"})
    assert "账号或密码不对" in response.content.decode()


def test_a_closed_account_cannot_sign_in(client):
    user = UserFactory(is_active=False)
    sign_in(client, user.username, PASSWORD)
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("next_page", "lands"),
    [
        ("/privacy/", "/privacy/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_back_to_our_own_pages_only(client, next_page, lands):
    user = UserFactory()
    data = {"login": user.username, "password": PASSWORD, "next": next_page}
    assert client.post(reverse("account_login"), data).url == lands


def test_a_forgotten_password_is_set_anew_by_a_letter(client, mail_server, settings):
    user = UserFactory(email="li@example.com")
    client.post(reverse("account_reset_password"), {"email": "li@example.com"})
    (letter,) = mail_server.letters
    assert letter["To"] == "li@example.com"
    assert letter["Subject"] == "【一照通行】重设密码"
    link = re.search(r"http\S+", letter.get_content()).group()
    assert link.startswith(settings.PUBLIC_URL)
    page = client.get(link.removeprefix(settings.PUBLIC_URL), follow=True)
    new = {"password1": "hai-ling-dao-88", "password2": "hai-ling-dao-88"}
    assert client.post(page.request["PATH_INFO"], new, follow=True).status_code == 200
    user.refresh_from_db()
    assert user.check_password("hai-ling-dao-88")
    assert mail_server.letters[-1]["Subject"] == "【一照通行】密码已重设"


def test_a_reset_letter_works_once(client, mail_server):
    link = _reset_link(client, mail_server, UserFactory())
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "hai-ling-dao-88", "password2": "hai-ling-dao-88"})
    assert "这个链接不能用了" in Client().get(link, follow=True).content.decode()


def _reset_link(client, mail_server, user):
    client.post(reverse("account_reset_password"), {"email": user.email})
    return re.search(r"http://[^/]+(\S+)", mail_server.letters[-1].get_content()).group(1)


def test_asking_for_a_reset_does_not_tell_who_has_an_account(mail_server):
    UserFactory(email="li@example.com")
    pages = {
        Client().post(reverse("account_reset_password"), {"email": address}, follow=True).content
        for address in ("li@example.com", "nobody@example.com")
    }
    assert len(pages) == 1


def test_the_letter_leads_to_the_portal_whatever_host_the_request_named(client, mail_server, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "evil.example"})
    assert "evil.example" not in mail_server.letters[0].get_content()


def test_a_mail_server_that_is_down_neither_stops_a_registration_nor_answers_differently(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert sign_up(client).status_code == 302
    assert Client().post(reverse("account_reset_password"), {"email": FORM["email"]}).status_code == 302


def test_signing_up_sends_a_letter_whose_link_confirms_the_address(client, mail_server):
    sign_up(client)
    link = re.search(r"http://[^/]+(\S+)", mail_server.letters[0].get_content()).group(1)
    assert "chen@example.com" in client.get(link).content.decode()
    client.post(link)
    assert User.objects.get().emailaddress_set.get().verified


def test_changing_the_password_ends_the_sessions_elsewhere(client):
    user = UserFactory()
    elsewhere = Client()
    client.force_login(user)
    elsewhere.force_login(user)
    new = {"oldpassword": PASSWORD, "password1": "hai-ling-dao-88", "password2": "hai-ling-dao-88"}
    client.post(reverse("account_change_password"), new)
    assert client.get(reverse("account_change_password")).status_code == 200
    assert elsewhere.get(reverse("account_change_password")).status_code == 302


def test_staff_land_at_their_desk(client):
    user = UserFactory(operator=True)
    assert sign_in(client, user.username, PASSWORD).url == reverse("admin:index")


def test_a_clerk_begins_at_the_window(client):
    user = ClerkFactory().user
    assert sign_in(client, user.username, PASSWORD).url == reverse("window:home")


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/email/", "/accounts/reauthenticate/", "/accounts/social/"])
def test_addresses_we_do_not_need_do_not_exist(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_signup",
    ],
)
def test_account_pages_speak_chinese_only(client, name):
    html = client.get(reverse(name)).content.decode()
    words = re.sub(r"<[^>]*>", " ", html.split('id="content" tabindex="-1">', 1)[1].split("</main>")[0])
    assert not re.search(r"[A-Za-z]{3,}", words)


def test_a_form_that_lost_its_token_gets_our_own_page():
    response = sign_in(Client(enforce_csrf_checks=True), "li", PASSWORD)
    assert response.status_code == 403
    assert "表单已经失效" in response.content.decode()


def test_too_many_registrations_from_one_address_are_told_so_on_our_own_page(client):
    for _ in range(20):
        sign_up(client, privacy="")
    response = sign_up(client)
    assert response.status_code == 429
    assert "操作太频繁" in response.content.decode()
