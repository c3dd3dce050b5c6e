"""The hall's day: what its clerks did, counted, on any day that was."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guidance.models import Clerk
from licensing.models import EnterpriseEvent
from tests.factories import ApplicationFactory, EnterpriseFactory
from tests.window.counter import browser_of
from window import entries, today
from window.models import Kind

pytestmark = pytest.mark.django_db
PATH = reverse("window:today")


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to("2026-05-11T02:00:00+00:00")


def test_it_counts_what_each_clerk_of_the_hall_did(clerk, colleague, outsider, hall, elsewhere):
    application = ApplicationFactory(submitted=True)
    for at, who, kind in ((hall, clerk, "received"), (hall, colleague, "received"), (elsewhere, outsider, "submitted")):
        entries.record(at, who, kind, application=application)
    EnterpriseEvent.objects.create(enterprise=EnterpriseFactory(), kind="confirmed", actor=clerk)
    EnterpriseEvent.objects.create(enterprise=EnterpriseFactory(), kind="confirmed", actor=outsider)
    counts = dict(today.counts_of(hall, entries.timezone.localdate()))
    assert (counts["收件"], counts["提交"], counts["确认企业"]) == (2, 0, 1)


def test_yesterday_is_shown_by_its_date(clerk, hall, time_machine):
    entries.record(hall, clerk, Kind.RECEIVED, application=ApplicationFactory(submitted=True, number="YZ1"))
    time_machine.move_to("2026-05-12T02:00:00+00:00")
    browser = browser_of(clerk)
    assert "YZ1" not in browser.get(PATH).content.decode()
    assert "YZ1" in browser.get(PATH, {"day": "2026-05-11"}).content.decode()


@pytest.mark.parametrize("day", ["", "x", "2026-13-01", "2999-01-01", "\0", "0001-01-01", "2026-05-11T00:00"])
def test_a_day_that_is_none_shows_today(clerk, day):
    assert browser_of(clerk).get(PATH, {"day": day}).status_code == 200


def test_its_queries_do_not_grow_with_the_day(clerk, hall):
    browser, counts = browser_of(clerk), []
    for _ in range(2):
        for _one in range(3):
            entries.record(hall, clerk, Kind.RECEIVED, application=ApplicationFactory(submitted=True))
        with CaptureQueriesContext(connection) as asked:
            browser.get(PATH)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_works_at_two_halls_chooses_one_and_no_other(clerk, hall, elsewhere):
    browser = browser_of(clerk)
    Clerk.objects.create(user=clerk, hall=elsewhere)
    browser.post(reverse("window:hall"), {"hall": elsewhere.pk})
    assert elsewhere.name in browser.get(PATH).content.decode()
    browser.post(reverse("window:hall"), {"hall": "999999\0"})
    assert elsewhere.name in browser.get(PATH).content.decode()
    Clerk.objects.filter(hall=elsewhere).delete()
    assert hall.name in browser.get(PATH).content.decode()
