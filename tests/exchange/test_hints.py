"""Publishing never makes a request wait, whatever Redis does."""

import queue
import socket
from contextlib import suppress

import pytest
from celery import Celery
from django.db import transaction

from exchange import hints, outbox
from exchange.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


def use_broker(monkeypatch, url):
    app = Celery("elsewhere", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = url
    monkeypatch.setattr(hints, "current_app", app)


@pytest.fixture
def mute_redis(monkeypatch):
    """A Redis that takes connections and never says a word."""
    hints._waiting.join()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        use_broker(monkeypatch, f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield server
    hints._waiting.join()


def emit():
    with transaction.atomic():
        return outbox.emit("plain", number=1)


def emit_and_fail():
    with suppress(ZeroDivisionError), transaction.atomic():
        outbox.emit("plain", number=1)
        raise ZeroDivisionError


def test_with_a_mute_redis_a_request_goes_on_while_the_publisher_still_waits(mute_redis):
    emit()
    connection, _ = mute_redis.accept()
    # Here the request has long answered, and its hint is still on the way.
    assert hints._waiting.unfinished_tasks == 1
    assert hints._publisher.is_alive()
    assert Delivery.objects.waiting().count() == 1
    connection.close()


def test_with_redis_down_nothing_is_raised_and_the_delivery_waits(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    use_broker(monkeypatch, f"redis://127.0.0.1:{port}/0")
    emit()
    hints._waiting.join()
    assert hints._publisher.is_alive()
    assert Delivery.objects.waiting().count() == 1


def test_hints_beyond_what_can_wait_are_dropped(monkeypatch):
    monkeypatch.setattr(hints, "_ensure_publisher", lambda: None)
    monkeypatch.setattr(hints, "_waiting", queue.Queue(maxsize=2))
    hints.publish([1, 2, 3, 4])
    assert hints._waiting.qsize() == 2


def test_a_rolled_back_event_sends_no_hint(broker):
    emit_and_fail()
    hints._waiting.join()
    assert broker.llen("celery") == 0


def test_a_message_carries_the_id_of_a_delivery_and_nothing_else(broker):
    event = emit()
    hints._waiting.join()
    message = broker.lpop("celery").decode()
    assert '"id": "' in message
    assert "number" not in message
    assert str(event.deliveries.get().pk)
