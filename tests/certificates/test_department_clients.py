"""The operators' pages on systems of departments: the token once, revoked at once, nothing deleted."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from certificates import clients
from certificates.models import DepartmentClient
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/certificates/departmentclient/add/", "/admin/certificates/departmentclient/"


@pytest.fixture
def operator(client):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


def add(client, **values):
    return client.post(ADD, {"department": DepartmentFactory().pk, "name": "户外广告审批系统"} | values)


def test_the_token_is_shown_in_the_answer_and_nowhere_else(client, operator):
    answer = add(client)
    token = re.search(r">([\w-]{43})</textarea>", answer.content.decode())[1]
    made = DepartmentClient.objects.get()
    assert clients.client_of(token) == made
    assert made.created_by == operator
    assert "no-store" in answer["Cache-Control"]
    assert token not in client.get(LIST).content.decode()
    assert token not in str(LogEntry.objects.values_list("object_repr", "change_message").get())
    assert token not in str(dict(client.session))


def test_a_form_sent_twice_makes_one_system(client, operator):
    add(client)
    assert "同名的系统" in add(client).content.decode()
    assert DepartmentClient.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "字" * 81}, {"name": "a\0"}, {"department": "9" * 30}])
def test_what_is_wrong_is_told_at_its_field(client, operator, wrong):
    answer = add(client, **wrong)
    assert answer.context["adminform"].form.errors.keys() == wrong.keys()
    assert not DepartmentClient.objects.exists()


def test_revoking_is_asked_for_done_once_and_logged(client, operator):
    one, token = clients.add(DepartmentFactory(), "系统", operator)
    address = reverse("admin:certificates_departmentclient_revoke", args=[one.public_id])
    assert "不能恢复" in client.get(address).content.decode()
    assert clients.client_of(token)
    for _ in range(2):
        assert client.post(address).url == LIST
    one.refresh_from_db()
    assert clients.client_of(token) is None
    assert one.revoked_by == operator
    assert LogEntry.objects.filter(change_message__contains="停用令牌").count() == 1
    assert "停用（" in client.get(LIST).content.decode()
