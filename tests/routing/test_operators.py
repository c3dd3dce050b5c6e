"""What operators set up in the admin, and that nobody else does."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import reverse

from guidance.models import Department, Post
from tests.factories import ApprovalTaskFactory, OfficeFactory, PostFactory, UserFactory

LISTS = [
    "portal_user",
    "routing_calendaryear",
    "routing_term",
    "licensing_untrustworthyentry",
    "admin_logentry",
    "exchange_delivery",
    "exchange_source",
] + [f"guidance_{name}" for name in ("division", "department", "office", "hall", "post", "clerk")]
FORMS = ["portal_user", "licensing_untrustworthyentry", "exchange_source"] + [
    f"guidance_{name}" for name in ("division", "office", "hall", "post", "clerk")
]


@pytest.fixture
def operator(client, db):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", LISTS)
def test_an_operator_lists_and_searches_what_a_city_sets_up(client, operator, name):
    PostFactory()
    call_command("load_calendar", verbosity=0)
    address = reverse(f"admin:{name}_changelist")
    for query in ({}, {"q": "通知"}):
        answer = client.get(address, query)
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_an_operator_is_offered_a_form_without_scripts(client, operator, name):
    text = client.get(reverse(f"admin:{name}_add")).content.decode()
    assert "保存" in text
    assert "admin/js" not in text


@pytest.mark.parametrize("name", LISTS)
def test_an_officer_finds_none_of_it(client, db, name):
    client.force_login(PostFactory().user)
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 404


def test_a_post_is_given_by_user_name_or_address_and_counts_at_once(client, operator, city):
    task, officer = ApprovalTaskFactory(), UserFactory()
    for account in (officer.username, officer.email.upper()):
        Post.objects.all().delete()
        data = {"user": account, "office": task.office.pk, "role": "officer"}
        assert client.post(reverse("admin:guidance_post_add"), data).status_code == 302
        client.force_login(officer)
        assert client.get(reverse("admin:routing_approvaltask_change", args=[task.public_id])).status_code == 200
        client.force_login(operator)


def test_an_address_nobody_has_proven_to_be_theirs_gets_no_post(client, operator):
    squatter = UserFactory(email="li@samr.example")
    address = EmailAddress.objects.create(user=squatter, email=squatter.email, primary=True)
    data = {"user": "li@samr.example", "office": OfficeFactory().pk, "role": "officer"}
    assert "没有验证" in client.post(reverse("admin:guidance_post_add"), data).content.decode()
    address.set_verified()
    assert client.post(reverse("admin:guidance_post_add"), data).status_code == 302
    assert Post.objects.get().user == squatter


def test_a_post_for_an_unknown_account_is_refused_with_a_sentence(client, operator):
    data = {"user": "没有这个人", "office": OfficeFactory().pk, "role": "officer"}
    assert "没有这个账号" in client.post(reverse("admin:guidance_post_add"), data).content.decode()


def test_a_post_is_taken_away_after_one_confirmation(client, operator):
    post = PostFactory()
    address = reverse("admin:guidance_post_delete", args=[post.pk])
    assert str(post.user) in client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    assert not Post.objects.exists()


def test_departments_come_from_the_catalogue_and_are_only_read(client, operator):
    Department.objects.create(code="x", name="某局")
    assert (
        "<a" not in client.get(reverse("admin:guidance_department_changelist")).content.decode().split("某局")[1][:40]
    )
    assert client.get("/admin/guidance/department/add/").status_code == 404


def test_an_operator_makes_and_closes_accounts(client, operator):
    data = {
        "username": "newofficer",
        "name": "新人",
        "email": "",
        "password1": "shui-mo-2026",
        "password2": "shui-mo-2026",
    }
    assert client.post(reverse("admin:portal_user_add"), data).status_code == 302
    user = get_user_model().objects.get(username="newofficer")
    assert user.check_password("shui-mo-2026")
    assert not user.is_superuser
    client.post(reverse("admin:portal_user_change", args=[user.pk]), {"username": "newofficer", "name": "新人"})
    user.refresh_from_db()
    assert not user.is_active
    client.force_login(user)
    assert client.get("/admin/").status_code == 302


def test_a_missing_row_is_a_404_and_not_a_redirect(client, operator):
    assert client.get(reverse("admin:guidance_office_change", args=[999999])).status_code == 404
