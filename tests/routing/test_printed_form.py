"""What an officer prints: the item's own form as it stands now, and the documents issued on it."""

import pytest
from django.urls import reverse

from licensing.disclosures import show_in_full
from licensing.masking import masked
from tests.factories import ApplicationFactory, ApprovalTaskFactory, DocumentFactory, PostFactory
from tests.licensing.drafting import sample
from tests.pdf_text import text_of


@pytest.fixture
def task(catalogue):
    codes = catalogue.items["food-operation"].form_fields
    values = {code: sample(catalogue.elements[code]) for code in codes}
    return ApprovalTaskFactory(application=ApplicationFactory(in_progress=True, values=values))


@pytest.fixture
def officer(client, task):
    user = PostFactory(office=task.office, user__is_staff=True).user
    client.force_login(user)
    return user


def form_of(client, task):
    response = client.get(reverse("admin:routing_approvaltask_form", args=[task.public_id]))
    assert "no-store" in response["Cache-Control"]
    return "".join(text_of(response.content).split())


def test_the_department_gets_its_own_form(client, task, officer):
    text = form_of(client, task)
    assert "食品经营许可申请表" in text
    assert task.application.number in text
    assert task.application.snapshot_sha256 in text


def test_numbers_are_masked_until_the_officer_has_given_a_reason(client, task, officer):
    number = task.application.values["legal_rep_id"]
    text = form_of(client, task)
    assert number not in text
    assert masked("id_number", number) in text
    show_in_full(officer, task.application, "legal_rep_id", "核对身份证原件")
    assert number in form_of(client, task)


def test_a_document_is_printed_as_it_was_issued(client, task, officer):
    document = DocumentFactory(task=task)
    response = client.get(reverse("routing:document-pdf", args=[document.public_id]))
    text = "".join(text_of(response.content).split())
    assert document.number in text
    assert all(paragraph in text for paragraph in document.paragraphs)
