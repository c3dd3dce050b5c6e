import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from portal.logs import JsonFormatter, RequestIdFilter


def line(record):
    RequestIdFilter().filter(record)
    return json.loads(JsonFormatter().format(record))


def test_an_answer_names_its_request(client, db):
    assert len(client.get("/healthz")["X-Request-ID"]) == 32


def test_a_proxys_request_id_is_kept_and_a_harmful_one_is_not(client, db):
    assert client.get("/healthz", headers={"x-request-id": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    assert client.get("/healthz", headers={"x-request-id": 'x"\n{"level'})["X-Request-ID"] != 'x"\n{"level'


def test_a_line_is_one_json_object_whatever_the_message_holds():
    record = logging.LogRecord("portal", logging.ERROR, "", 1, "a\nb \x1b[31m %s", ('"},{"',), None)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert json.loads(text)["message"] == 'a\nb \x1b[31m "},{"'


def test_a_refused_request_is_logged_with_its_id(client, db, caplog):
    response = client.get("/no-such-page/")
    assert [line(record)["request_id"] for record in caplog.records] == [response["X-Request-ID"]]


@pytest.mark.django_db
def test_an_error_in_a_view_is_logged_with_its_request_and_without_its_words(caplog, monkeypatch):
    words = f"李四{440102199001011234}"

    def broken():
        raise ValueError(words)

    monkeypatch.setattr("portal.views._themes", broken)
    response = Client(raise_request_exception=False).get(reverse("portal:home"))
    assert response.status_code == 500
    entries = [line(record) for record in caplog.records if record.exc_info]
    assert "ValueError" in entries[0]["exception"]
    assert words not in json.dumps(entries, ensure_ascii=False)


@pytest.mark.django_db
def test_what_people_type_into_forms_is_in_no_log_line(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.post(reverse("account_login"), {"login": "li@example.com", "password": "geheim-canary-1"})
    client.post(
        reverse("account_signup"), {"email": "canary@example.com", "name": "陈大文", "password1": "geheim-canary-2"}
    )
    lines = " ".join(JsonFormatter().format(record) for record in caplog.records if record.name != "django.db.backends")
    for canary in ("geheim-canary", "li@example.com", "canary@example.com", "陈大文"):
        assert canary not in lines
