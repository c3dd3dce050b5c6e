"""Asking a connected source: what it says is believed only when it is whole, signed, new and about this holder."""

import json
import time
from datetime import date

import pytest

from exchange import sharing
from exchange.models import Source
from exchange.sharing import Question, Unanswered, ask, is_safe
from tests.exchange.sharing_server import LICENCE

HOLDER = "914417021000000000"


def source_of(register, **changes):
    return Source(**{"code": "real-estate-cert", "name": "市不动产登记系统", "url": register.url} | changes)


def question(**changes):
    values = {"type_code": "T1", "division": "441702", "address": "漠江路1号", "reason": "办理食品经营许可"}
    return Question(holder_code=HOLDER, case="ABCD2345", **values | changes)


def test_a_licence_is_found_by_holder_type_and_place_and_the_source_is_told_why(register):
    found = ask(source_of(register), question(reason="因" * 300))
    assert (found.number, found.issuer) == (LICENCE["number"], "阳江市自然资源局")
    assert (found.issued_on, found.valid_until, found.status) == (date(2024, 5, 6), None, "valid")
    [asked] = register.asked
    assert (asked["holder_code"], asked["type_code"], asked["case"]) == (HOLDER, "T1", "ABCD2345")
    assert asked["place"] == {"division": "441702", "address": "漠江路1号"}
    assert asked["reason"] == "因" * 200


def test_a_source_that_knows_none_says_so(register):
    register.licence = None
    assert ask(source_of(register), question()) is None


def test_a_licence_that_ended_is_answered_with_its_end(register):
    register.licence = LICENCE | {"valid_until": "2025-01-01", "status": "expired"}
    found = ask(source_of(register), question())
    assert (found.valid_until, found.status) == (date(2025, 1, 1), "expired")


def test_a_question_signed_with_another_key_is_turned_away(register, settings):
    settings.SHARING_KEY = "another key"
    with pytest.raises(Unanswered, match="status 401"):
        ask(source_of(register), question())


@pytest.mark.parametrize("forged", [{"X-Signature": "0" * 64}, {"X-Signature": ""}, {"X-Timestamp": "1"}])
def test_an_answer_that_is_not_signed_by_the_source_is_none(register, forged):
    register.respond = lambda handler: handler.reply(
        json.dumps(register.answer_to(register.asked[-1])).encode(), **forged
    )
    with pytest.raises(Unanswered, match="wrong signature"):
        ask(source_of(register), question())


def test_an_answer_recorded_long_ago_is_none(register):
    old = str(int(time.time()) - 3600)

    def respond(handler):
        body = json.dumps(register.answer_to(register.asked[-1])).encode()
        handler.reply(body, **{"X-Timestamp": old, "X-Signature": register.signature(old, body)})

    register.respond = respond
    with pytest.raises(Unanswered, match="old answer"):
        ask(source_of(register), question())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"request": "of somebody else"}, "another answer"),
        ({"licence": LICENCE | {"holder_code": "92441702MA00000000"}}, "another holder"),
        ({"licence": LICENCE}, "not understood"),
        ({"licence": [1]}, "not understood"),
        ({"licence": LICENCE | {"holder_code": HOLDER, "number": 5}}, "not understood"),
        ({"licence": LICENCE | {"holder_code": HOLDER, "number": "1" * 61}}, "not understood"),
        ({"licence": LICENCE | {"holder_code": HOLDER, "number": "1\0"}}, "not understood"),
        ({"licence": LICENCE | {"holder_code": HOLDER, "valid_until": "2025-02-30"}}, "not understood"),
    ],
)
def test_an_answer_to_another_question_or_without_sense_is_none(register, changes, word):
    register.changes = changes
    with pytest.raises(Unanswered, match=word):
        ask(source_of(register), question())


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 60_000, b"null", b"{}"])
def test_rubbish_is_no_answer(register, body):
    register.respond = lambda handler: handler.reply(body)
    with pytest.raises(Unanswered, match="not understood"):
        ask(source_of(register), question())


def test_a_huge_answer_is_not_read_to_its_end(register):
    register.respond = lambda handler: handler.reply(b" " * 10_000_000)
    with pytest.raises(Unanswered, match="too long"):
        ask(source_of(register), question())


@pytest.mark.parametrize("status", [500, 404, 204])
def test_an_error_is_no_answer(register, status):
    register.respond = lambda handler: handler.reply(b"", status=status)
    with pytest.raises(Unanswered, match=f"status {status}"):
        ask(source_of(register), question())


def test_a_redirect_is_not_followed(register):
    register.respond = lambda handler: handler.reply(b"", status=302, Location=register.url)
    with pytest.raises(Unanswered, match="status 302"):
        ask(source_of(register), question())
    assert len(register.asked) == 1


def test_a_proxy_of_the_environment_does_not_hear_the_question(register, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert ask(source_of(register), question()).number == LICENCE["number"]


def drip(handler):
    """Send a byte now and then: no single wait is long."""
    handler.send_response(200)
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def keep_waiting(handler):
    time.sleep(3)


@pytest.mark.parametrize("respond", [drip, keep_waiting])
def test_a_slow_source_is_left_at_the_deadline(register, monkeypatch, respond):
    monkeypatch.setattr(sharing, "DEADLINE", 0.6)
    register.respond, started = respond, time.monotonic()
    with pytest.raises(Unanswered):
        ask(source_of(register), question())
    assert time.monotonic() - started < 1.5


def test_a_source_that_is_away_gives_no_answer(settings):
    settings.SHARING_KEY = "a key"
    with pytest.raises(Unanswered, match="ConnectionRefusedError"):
        ask(Source(url="http://127.0.0.1:9/"), question())


def test_without_the_key_nothing_is_asked(register, settings):
    settings.SHARING_KEY = ""
    with pytest.raises(Unanswered, match="not configured"):
        ask(source_of(register), question())
    assert register.asked == []


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://sharing.example.gov.cn/licences", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/", True),
        ("http://[::1]/", True),
        ("http://sharing.example.gov.cn/", False),
        ("http://10.0.0.5/", False),
        ("https://user:password@example.com/", False),
        ("https:///licences", False),
        ("https://example.com:99999/", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_questions_leave_this_machine_only_over_tls(url, safe):
    assert is_safe(url) is safe
