"""Telling somebody something: the inbox at once, a real SMTP server and a gateway on loopback behind the outbox."""

import hashlib
import hmac
import json

import pytest
from django.db import transaction

from exchange import outbox, texts
from exchange.messages import tell
from exchange.models import Delivery, Event, Message
from tests.exchange.gateway import gateway
from tests.factories import UserFactory

__all__ = ["gateway"]
pytestmark = pytest.mark.django_db

KEY = "task.decided 1"


@transaction.atomic
def told(*users, key=KEY):
    return tell(users, key, "有结果了", "您的一件申请有了结果。", "/applications/")


def deliver(handler):
    """Run the waiting deliveries of `letters` or `texts`; return how many succeeded."""
    waiting = Delivery.objects.waiting().filter(handler=f"exchange.{handler}.send")
    return sum(outbox.attempt(pk) for pk in waiting.values_list("pk", flat=True))


def with_a_phone(**facts):
    return UserFactory(phone="13812345678", **facts)


def test_what_is_told_twice_stands_in_the_inbox_once_and_is_sent_once():
    user = UserFactory()
    assert len(told(user, user)) == 1
    assert told(user) == []
    assert Message.objects.get().user == user
    assert Event.objects.filter(kind="message.written").count() == 1


def test_each_of_several_people_is_told():
    first, second = UserFactory(), UserFactory()
    told(first)
    assert [message.user for message in told(first, second)] == [second]


def test_who_has_no_account_any_more_is_told_nothing():
    assert told(UserFactory(is_active=False)) == []
    assert not Event.objects.exists()


def test_a_letter_says_what_and_where_and_names_nobody(mail_server, settings):
    settings.PUBLIC_URL = "https://yizhao.example"
    user = UserFactory()
    told(user)
    assert deliver("letters") == 1
    (letter,) = mail_server.letters
    assert (letter["To"], letter["Subject"]) == (user.email, "【一照通行】有结果了")
    assert "您的一件申请有了结果。" in letter.get_content()
    assert "https://yizhao.example/applications/" in letter.get_content()
    assert user.name not in letter.get_content()


def test_without_an_address_only_the_inbox_is_told(mail_server):
    told(UserFactory(email=""))
    assert deliver("letters") == 1
    assert mail_server.letters == []


def test_a_mail_server_that_is_down_is_tried_again_and_nobody_is_named_in_the_log(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user = UserFactory()
    told(user)
    assert deliver("letters") == 0
    delivery = Delivery.objects.get(handler="exchange.letters.send")
    assert (delivery.done_at, delivery.parked_at, delivery.error) == (None, None, "NotSent")
    assert user.email not in caplog.text


def test_a_text_is_signed_and_says_what_happened_without_a_link(gateway):
    (message,) = told(with_a_phone())
    assert deliver("texts") == 1
    ((headers, body),) = gateway.taken
    signed = f"{headers['X-Timestamp']}.".encode() + body
    assert headers["X-Signature"] == hmac.new(b"a key", signed, hashlib.sha256).hexdigest()
    sent = json.loads(body)
    assert (sent["id"], sent["to"]) == (message.pk, "13812345678")
    assert sent["text"].startswith("【一照通行】有结果了")
    assert "http" not in sent["text"]


def test_who_gave_no_number_gets_no_text(gateway):
    told(UserFactory())
    assert deliver("texts") == 1
    assert gateway.taken == []


def test_without_a_gateway_no_text_is_sent():
    told(with_a_phone())
    assert deliver("texts") == 1


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"", 0),
        (302, b"", 0),
        (200, b"", 0),
        (200, b"<html>", 0),
        (200, b"[" * 9000, 0),
        (200, b'{"accepted": false}', 0),
        (200, b'"accepted"', 0),
        (200, b"\xff\xfe", 0),
        (200, b'{"accepted": true}', 0.5),
    ],
    ids=["500", "redirect", "empty", "rubbish", "deep", "refused", "no object", "no text", "slow"],
)
def test_a_gateway_that_does_not_take_it_is_asked_again_and_no_number_stands_in_the_log(
    gateway, answer, caplog, monkeypatch
):
    monkeypatch.setattr(texts, "_DEADLINE", 0.4)
    gateway.answer = answer
    told(with_a_phone())
    assert deliver("texts") == 0
    delivery = Delivery.objects.get(handler="exchange.texts.send")
    assert (delivery.done_at, delivery.error) == (None, "NotSent")
    assert "13812345678" not in caplog.text
    assert len(gateway.taken) == 1
    gateway.answer = (200, b'{"accepted": true}', 0)
    assert outbox.attempt(delivery.pk)


def test_a_gateway_that_answers_byte_by_byte_is_left_at_the_deadline(gateway, monkeypatch):
    monkeypatch.setattr(texts, "_DEADLINE", 0.4)
    gateway.pause = 0.05
    told(with_a_phone())
    assert deliver("texts") == 0


def test_a_gateway_that_is_not_there_is_asked_again(settings):
    settings.SMS_URL, settings.SMS_KEY = "http://127.0.0.1:1/", "a key"
    told(with_a_phone())
    assert deliver("texts") == 0
