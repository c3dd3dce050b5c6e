"""The documents of an application: for the applicant all of them, for an officer those of their office."""

import pytest
from django.test import Client
from django.urls import reverse

from routing.models import Document
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    DocumentFactory,
    MembershipFactory,
    PostFactory,
    UserFactory,
)


def document_of(task):
    return DocumentFactory(task=task, paragraphs=["经审查，不予行政许可。", "理由：<后厨>面积不够"])


def ask(user, name, *args):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"routing:{name}", args=args))


@pytest.fixture
def application(catalogue):
    application = ApplicationFactory(in_progress=True, chosen=["food-operation", "fire-safety-check"])
    for code in application.chosen:
        document_of(ApprovalTaskFactory(application=application, item_code=code))
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    return application


def test_a_document_is_shown_as_it_was_issued(application):
    document = Document.objects.first()
    page = ask(application.filer, "document", document.public_id).content.decode()
    for text in (document.title, document.number, document.addressee, document.task.office.name):
        assert text in page
    assert "&lt;后厨&gt;面积不够" in page


def test_the_applicant_sees_all_documents_and_an_officer_those_of_the_office(application):
    first, second = Document.objects.order_by("pk")
    officer = PostFactory(office=first.task.office).user
    mine = ask(application.filer, "documents", application.public_id).content.decode()
    theirs = ask(officer, "documents", application.public_id).content.decode()
    assert [str(one.public_id) in mine for one in (first, second)] == [True, True]
    assert [str(one.public_id) in theirs for one in (first, second)] == [True, False]
    assert ask(officer, "document", first.public_id).status_code == 200
    assert ask(officer, "document", second.public_id).status_code == 404


def test_strangers_find_no_document(application):
    document = Document.objects.first()
    for user in (UserFactory(), MembershipFactory().user, PostFactory(office__division__code="441704").user):
        assert ask(user, "document", document.public_id).status_code == 404
        assert ask(user, "documents", application.public_id).status_code == 404


def test_a_draft_has_no_documents(catalogue):
    draft = ApplicationFactory()
    MembershipFactory(user=draft.filer, enterprise=draft.enterprise)
    assert ask(draft.filer, "documents", draft.public_id).status_code == 404


def test_without_documents_the_page_says_so(catalogue):
    task = ApprovalTaskFactory()
    MembershipFactory(user=task.application.filer, enterprise=task.application.enterprise)
    page = ask(task.application.filer, "documents", task.application.public_id)
    assert "现在还没有文书" in page.content.decode()


def test_queries_do_not_grow_with_the_documents(application, django_assert_max_num_queries):
    task = application.tasks.first()
    for _ in range(30):
        document_of(task)
    client = Client()
    client.force_login(application.filer)
    with django_assert_max_num_queries(12):
        client.get(reverse("routing:documents", args=[application.public_id]))
