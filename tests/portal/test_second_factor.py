"""The second factor: staff must have one, anybody may, and losing it locks nobody out for good."""

import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from exchange.models import Message
from tests.authenticators import code_of, with_authenticator
from tests.factories import PASSWORD, ClerkFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = "required"


@pytest.fixture
def operator():
    return UserFactory(operator=True)


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def signed_in(client):
    return "_auth_user_id" in client.session


def test_staff_without_one_set_it_up_before_any_staff_page(required, client, operator):
    assert sign_in(client, operator).url == reverse("admin:index")
    for name in ("admin:index", "admin:portal_user_changelist"):
        assert client.get(reverse(name)).url == reverse("mfa_index")
        assert client.post(reverse(name)).url == reverse("mfa_index")
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    page = client.post(
        page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], {"password": PASSWORD}, follow=True
    )
    page = client.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)}, follow=True)
    assert "只显示这一次" in page.content.decode()
    assert client.get(reverse("admin:index")).status_code == 200
    assert "****" not in page.content.decode()
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in page.context["unused_codes"])


@pytest.mark.parametrize("kind", ["clerk", "officer"])
def test_clerks_and_officers_need_one_too(required, kind, client):
    user = ClerkFactory().user if kind == "clerk" else PostFactory().user
    client.force_login(user)
    page = "licensing:confirmations" if kind == "clerk" else "admin:routing_approvaltask_changelist"
    assert client.get(reverse(page)).url == reverse("mfa_index")
    assert client.get(reverse("portal:home")).status_code == 200


@pytest.mark.parametrize("kind", ["clerk", "officer"])
@pytest.mark.parametrize("page", ["file", "preview"])
def test_without_one_no_file_is_read_by_a_post_or_a_place_at_the_window(required, page, kind, client):
    client.force_login(ClerkFactory().user if kind == "clerk" else PostFactory().user)
    address = reverse(f"licensing:{page}", args=[uuid.uuid4()])
    assert client.get(address).url == reverse("mfa_index")
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_a_fragment_leads_the_whole_page_to_the_set_up(required, client, operator):
    client.force_login(operator)
    answer = client.get(reverse("admin:index"), headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("mfa_index")


def test_applicants_need_none(required, client):
    client.force_login(UserFactory())
    assert client.get(reverse("licensing:enterprises")).status_code == 200


def test_where_it_is_optional_staff_go_on_without(settings, client, operator):
    settings.STAFF_SECOND_FACTOR = "optional"
    client.force_login(operator)
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("way", ["account_login", "admin:login"])
def test_the_password_alone_signs_nobody_in_who_has_one(way, required, client, operator):
    secret = with_authenticator(operator)
    login = client.get(reverse(way), follow=True).request["PATH_INFO"]
    answer = client.post(login, {"login": operator.username, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get(reverse("admin:index")).status_code == 302
    before = client.session.session_key
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert signed_in(client)
    assert client.session.session_key != before
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "x" * 100_000, "1\0", PASSWORD])
def test_a_wrong_code_signs_nobody_in(code, client, operator):
    with_authenticator(operator)
    sign_in(client, operator)
    assert "field--error" in client.post(reverse("mfa_authenticate"), {"code": code}).content.decode()
    assert not signed_in(client)


def test_five_wrong_codes_lock_even_the_right_one(client, operator):
    secret = with_authenticator(operator)
    sign_in(client, operator)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "abcdef"})
    elsewhere = Client()
    sign_in(elsewhere, operator)
    answer = elsewhere.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "输错次数太多" in answer.content.decode()
    assert not signed_in(elsewhere)


def test_a_code_signs_in_once(client, operator):
    secret = with_authenticator(operator)
    code = code_of(secret)
    for session in (client, Client()):
        sign_in(session, operator)
        session.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in(client)
    assert not signed_in(session)


def test_the_page_for_the_code_is_nobodys_who_gave_no_password(client):
    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")


def test_taking_it_off_asks_for_the_password_or_a_code_first_and_is_told_by_mail(client):
    user = UserFactory()
    with_authenticator(user)
    client.force_login(user)
    asked = client.post(reverse("mfa_deactivate_totp"))
    assert reverse("account_reauthenticate") in asked.url
    assert Authenticator.objects.exists()
    client.post(asked.url, {"password": "wrong-password"})
    assert Authenticator.objects.exists()
    client.post(asked.url, {"password": PASSWORD}, follow=True)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "【一照通行】动态验证码已取消"


def test_an_operator_takes_a_colleagues_off_on_record_but_not_their_own(client, operator):
    officer = PostFactory().user
    for user in (officer, operator):
        with_authenticator(user)
    client.force_login(operator)
    page = client.get(reverse("admin:portal_user_change", args=[officer.pk])).content.decode()
    assert "的动态验证码</button>" in page
    own = reverse("admin:portal_user_reset_second_factor", args=[operator.pk])
    assert client.post(own).status_code == 404
    client.post(reverse("admin:portal_user_reset_second_factor", args=[officer.pk]))
    assert [one.user for one in Authenticator.objects.all()] == [operator]
    assert LogEntry.objects.get().change_message == "取消动态验证码"
    assert Message.objects.get().user == officer


def test_a_recovery_code_signs_in_once(client, operator):
    with_authenticator(operator)
    row = Authenticator.objects.create(user=operator, type="recovery_codes", data={"seed": "a" * 80, "used_mask": 0})
    code = row.wrap().get_unused_codes()[0]
    for session in (client, Client()):
        sign_in(session, operator)
        session.post(reverse("mfa_authenticate"), {"code": code})
    assert signed_in(client)
    assert not signed_in(session)


PAGES = (
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "account_reauthenticate",
)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_ours(name, client):
    user = UserFactory()
    if name != "mfa_activate_totp":
        with_authenticator(user)
        Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "a" * 80, "used_mask": 0})
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse(name)).content.decode()
    assert "一照通行" in page
    assert "Recovery" not in page
    assert "Authenticator" not in page
