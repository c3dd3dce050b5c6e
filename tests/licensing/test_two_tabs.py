"""One draft in two tabs at once: whoever comes second sees what the first has done, and mixes nothing."""

import threading
from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from licensing import drafts, papers
from licensing.models import Application
from licensing.plan import plan_for
from licensing.submission import NotSubmittable, submit
from tests.factories import PASSWORD, EnterpriseFactory, MembershipFactory, PremisesFactory
from tests.licensing.drafting import RESTAURANT, begun, find_all_clean, ready
from tests.licensing.reading import Page, Person
from tests.licensing.samples import PDF, upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("storage_folder")]


@pytest.fixture
def draft(city, catalogue):
    return begun(catalogue, RESTAURANT, division=city)


@pytest.fixture
def other(draft):
    """Another enterprise of the same person."""
    enterprise = EnterpriseFactory()
    MembershipFactory(user=draft.filer, enterprise=enterprise)
    return enterprise


def behind(first, second):
    """Run `second` in another thread while the transaction of `first` is open; return what second returns or raises."""
    outcome = []

    def run():
        try:
            outcome.append(second())
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        # It must have read the row before this transaction ends, and stand at the lock.
        thread.join(timeout=1.5)
        assert thread.is_alive()
    thread.join(timeout=20)
    return outcome[0]


def test_premises_of_the_enterprise_chosen_before_are_not_settled_at(draft, other):
    drafts.apply_for(draft, other)
    drafts.settle_at(draft, PremisesFactory(enterprise=draft.enterprise))
    now = Application.objects.get()
    assert (now.enterprise, now.premises) == (other, None)


def test_changing_the_enterprise_while_premises_are_chosen_leaves_none_of_another(draft, other):
    place = PremisesFactory(enterprise=draft.enterprise)
    behind(partial(drafts.settle_at, draft, place), partial(drafts.apply_for, draft, other))
    now = Application.objects.get()
    assert (now.enterprise, now.premises) == (other, None)


def test_a_form_sent_while_the_enterprise_changes_is_kept(draft, other):
    client = Client()
    client.force_login(draft.filer)
    page = reverse("licensing:form", args=[draft.public_id, "1"])
    answer = behind(partial(drafts.apply_for, draft, other), partial(client.post, page, {"contact_name": "林小雨"}))
    assert answer.url == reverse("licensing:where", args=[draft.public_id])


def test_submitting_while_the_enterprise_changes_says_what_is_missing(city, catalogue):
    draft = ready(catalogue, RESTAURANT, division=city)
    other = EnterpriseFactory()
    MembershipFactory(user=draft.filer, enterprise=other)
    refused = behind(partial(drafts.apply_for, draft, other), partial(submit, draft, draft.filer))
    assert isinstance(refused, NotSubmittable)
    assert "还没有选择经营场所" in str(refused)


def retype_a_value(draft):
    drafts.fill(draft, plan_for(draft), {"contact_name": "别的人"})
    draft.save()


def exchange_a_paper(draft):
    paper = next(one for one in papers.ways(draft, plan_for(draft)) if one.uploaded)
    papers.attach(draft, paper, [upload(PDF + b"\n", "另一份.pdf")], draft.filer, replace=True)
    find_all_clean()


def move_next_door(draft):
    place = PremisesFactory(enterprise=draft.enterprise, division=draft.premises.division)
    drafts.settle_at(draft, place)


@pytest.mark.parametrize("change", [retype_a_value, exchange_a_paper, move_next_door])
def test_what_changed_after_it_was_read_is_not_signed_unread(change, city, catalogue, client):
    draft = ready(catalogue, RESTAURANT, division=city)
    person = Person(client, draft.filer)
    page = person.open(reverse("licensing:review", args=[draft.public_id]))
    change(Application.objects.get())
    page = _sign(person, page)
    assert "在别的窗口改过" in page.soup.get_text()
    assert Application.objects.get().status == "draft"
    _sign(person, page)
    assert Application.objects.get().status == "submitted"


def _sign(person, page):
    form = page.soup.select_one("form.panel")
    typed = page.fields("form.panel") | {"promise": "on", "confirmation": PASSWORD}
    return Page(person.client.post(form["action"], typed, follow=True))
