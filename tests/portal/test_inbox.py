"""The inbox and the number for text messages, as their owner sees them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.models import Message
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import MessageFactory, UserFactory

pytestmark = pytest.mark.django_db
INBOX = "/messages/"


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def page(client):
    return client.get(INBOX).content.decode()


def test_the_newest_message_comes_first_and_only_ones_own_are_there(client, reader):
    MessageFactory(user=reader, subject="早些的")
    MessageFactory(user=reader, subject="晚些的")
    MessageFactory(subject="别人的")
    shown = page(client)
    assert shown.index("晚些的") < shown.index("早些的")
    assert "别人的" not in shown


def test_looking_at_the_inbox_reads_nothing(client, reader):
    message = MessageFactory(user=reader)
    page(client)
    assert client.get(reverse("exchange:read", args=[message.pk])).status_code == 405
    assert Message.objects.get().read_at is None


def test_going_where_a_message_points_reads_it(client, reader):
    message, other = MessageFactory(user=reader, path="/enterprises/"), MessageFactory(user=reader)
    assert client.post(reverse("exchange:read", args=[message.pk])).url == "/enterprises/"
    assert set(Message.objects.filter(read_at=None)) == {other}


def test_a_message_that_points_nowhere_can_be_read_too(client, reader):
    message = MessageFactory(user=reader, path="")
    assert client.post(reverse("exchange:read", args=[message.pk])).url == INBOX


def test_all_can_be_noted_as_read_at_once_but_not_another_persons(client, reader):
    MessageFactory.create_batch(3, user=reader)
    others = MessageFactory()
    client.post(reverse("exchange:read-all"))
    assert set(Message.objects.filter(read_at=None)) == {others}


def test_the_number_of_unread_messages_stands_beside_the_word_on_every_page(client, reader):
    MessageFactory.create_batch(2, user=reader)
    assert '2<span class="visually-hidden"> 条没有读' in client.get("/privacy/").content.decode()
    client.post(reverse("exchange:read-all"))
    assert "条没有读" not in client.get("/privacy/").content.decode()


def test_a_visitor_has_no_inbox(client):
    assert INBOX not in client.get("/privacy/").content.decode()


def test_a_long_inbox_comes_in_pages_and_costs_no_more_queries(client, reader):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(INBOX).status_code == 200
        return len(captured)

    MessageFactory(user=reader)
    few = queries()
    MessageFactory.create_batch(25, user=reader)
    assert queries() == few
    assert client.get(INBOX, {"page": "2"}).content.decode().count('class="panel"') == 6


@pytest.mark.parametrize(
    ("typed", "kept"), [("138 1234 5678", "13812345678"), ("＋８６１３８１２３４５６７８", "13812345678")]
)
def test_a_number_for_text_messages_is_kept_as_digits(client, reader, typed, kept):
    assert client.post(reverse("portal:phone"), {"phone": typed}).status_code == 302
    reader.refresh_from_db()
    assert reader.phone == kept


@pytest.mark.parametrize("typed", ["0662-3412345", "1381234567", "12812345678", "abc", "1" * 5000, "138\x0012345678"])
def test_what_is_no_mobile_number_is_said_at_the_field(client, reader, typed):
    answer = client.post(reverse("portal:phone"), {"phone": typed})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    reader.refresh_from_db()
    assert reader.phone == ""


def test_emptying_the_field_ends_the_text_messages(client, reader):
    reader.phone = "13812345678"
    reader.save()
    client.post(reverse("portal:phone"), {"phone": ""})
    reader.refresh_from_db()
    assert reader.phone == ""


def test_the_inbox_says_only_what_is_true_about_mail_and_texts(client, reader, settings):
    reader.phone = "13812345678"
    reader.save()
    assert "也发到您的邮箱。" in page(client)
    settings.SMS_URL = "https://gateway.example/"
    assert "也发到您的邮箱和手机。" in page(client)


def test_without_a_gateway_the_page_says_that_no_text_is_sent(client, reader, settings):
    assert "还没有开通短信" in client.get(reverse("portal:phone")).content.decode()
    settings.SMS_URL = "https://gateway.example/"
    assert "还没有开通短信" not in client.get(reverse("portal:phone")).content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(client, live_server, width):
    user = UserFactory()
    MessageFactory(user=user, path="")
    MessageFactory.create_batch(2, user=user)
    with signed_in_page(client, live_server, user, width) as page:
        for address in (INBOX, "/accounts/phone/"):
            page.goto(address)
            assert_sound(page, address)
