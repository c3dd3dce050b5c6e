"""Deliveries that were given up: an operator sees why, and has them tried once more."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from exchange import outbox
from exchange.models import Delivery, Event
from tests.factories import PostFactory, UserFactory

LIST = "admin:exchange_delivery_changelist"
pytestmark = pytest.mark.django_db


def parked(**changes):
    event = Event.objects.create(kind="application.submitted", payload={"application_id": 7})
    now = timezone.now()
    values = {"handler": "tests.exchange.handlers.note", "attempts": 5, "error": "NoOffice", "parked_at": now}
    return Delivery.objects.create(event=event, next_attempt_at=now, **values | changes)


def retry(client, delivery, method="post"):
    return getattr(client, method)(reverse("admin:exchange_delivery_retry", args=[delivery.pk]))


@pytest.fixture
def operator(client):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


def test_an_operator_sees_what_was_given_up_and_nothing_of_what_it_was_about(client, operator):
    parked()
    parked(parked_at=None, error="StillTrying")
    text = client.get(reverse(LIST)).content.decode()
    for words in ("application.submitted", "5 次", "NoOffice", "共 1 条", "再试一次"):
        assert words in text
    assert "StillTrying" not in text
    assert "application_id" not in text


def test_a_delivery_tried_again_waits_with_fresh_attempts_and_that_is_logged(client, operator):
    delivery = parked()
    assert retry(client, delivery).url == reverse(LIST)
    delivery.refresh_from_db()
    assert (delivery.parked_at, delivery.attempts, delivery.done_at) == (None, 0, None)
    assert list(Delivery.objects.waiting()) == [delivery]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message[-4:]) == (operator, "再试一次")


def test_only_what_is_parked_is_tried_again(client, operator):
    done = parked(parked_at=None, done_at=timezone.now())
    assert retry(client, done).status_code == 302
    done.refresh_from_db()
    assert done.attempts == 5
    assert outbox.retry(parked().pk) is True
    assert not LogEntry.objects.exists()


def test_a_second_click_changes_nothing(client, operator):
    delivery = parked()
    retry(client, delivery)
    Delivery.objects.update(attempts=1)
    assert "没有改动" in client.post(retry_address(delivery), follow=True).content.decode()
    assert Delivery.objects.get().attempts == 1


def retry_address(delivery):
    return reverse("admin:exchange_delivery_retry", args=[delivery.pk])


def test_it_takes_a_post_and_an_operator(client, operator):
    delivery = parked()
    assert retry(client, delivery, "get").status_code == 405
    client.force_login(PostFactory().user)
    assert client.get(reverse(LIST)).status_code == 404
    assert retry(client, delivery).status_code == 404
    assert client.post("/admin/exchange/delivery/99999999999999999999999/retry/").status_code == 404
    delivery.refresh_from_db()
    assert delivery.parked_at


def test_the_list_costs_the_same_for_one_and_for_many(client, operator, django_assert_max_num_queries):
    for _ in range(60):
        parked()
    with django_assert_max_num_queries(6):
        text = client.get(reverse(LIST)).content.decode()
    assert text.count("再试一次") == 50
