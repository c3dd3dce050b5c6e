import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string

from portal.handlers import HANDLERS
from tests.factories import ApplicationFactory, MembershipFactory, PremisesFactory

pytestmark = pytest.mark.django_db


def home(client):
    return client.get(reverse("portal:home"))


def file_for(membership, count, **traits):
    premises = PremisesFactory(enterprise=membership.enterprise)
    facts = {"enterprise": membership.enterprise, "premises": premises, "filer": membership.user}
    return ApplicationFactory.create_batch(count, **facts, **traits)


def test_a_visitor_is_shown_the_way_in_and_some_themes(client, catalogue):
    response = home(client)
    assert reverse("guidance:themes") in response.content.decode()
    assert response.context["themes"][0].code in catalogue.themes


def test_a_signed_in_person_finds_own_drafts_and_how_many_filings_are_under_way(client, catalogue):
    own, other = MembershipFactory(), MembershipFactory()
    (draft,) = file_for(own, 1)
    file_for(own, 2, in_progress=True)
    (others,) = file_for(other, 1)
    client.force_login(own.user)
    page = home(client)
    assert str(draft.public_id) in page.content.decode()
    assert str(others.public_id) not in page.content.decode()
    assert page.context["open_applications"] == 2


def test_the_home_page_costs_the_same_for_one_and_for_twenty_filings(client, catalogue):
    own = MembershipFactory()
    client.force_login(own.user)
    file_for(own, 1)
    with CaptureQueriesContext(connection) as few:
        home(client)
    file_for(own, 20)
    with CaptureQueriesContext(connection) as many:
        home(client)
    assert len(many) == len(few) <= 8


def test_every_handler_of_an_event_exists():
    for handlers in HANDLERS.values():
        for handler in handlers:
            assert callable(import_string(handler))
