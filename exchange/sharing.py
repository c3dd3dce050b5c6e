"""Asking a connected source about a licence (电子证照共享, in the way of GB/T 36906), so that nobody brings the paper.

One POST of JSON to the address of the Source:

    {"request", "holder_code_type": "uscc", "holder_code", "type_code", "place": {"division", "address"},
     "reason", "case"}

`request` is new each time; `reason` (用证事由, at most 200 characters) and `case` (our 申请码) say what for, since the
source keeps its own log of uses. The answer is 200 and JSON

    {"request", "licence": null or {"holder_code", "name", "number", "issuer", "issued_on", "valid_until", "status"}}

with the same `request`, dates as YYYY-MM-DD (`valid_until` null: no end), `status` as it is at that time, "valid" or
another word. A source whose licences belong to a place answers for the place named. Both sides sign: X-Timestamp is the
Unix time, X-Signature the hex HMAC-SHA256, with SHARING_KEY, of that time, a full stop and the body.

This is our own protocol. It was tried against a server of ours; the province's sharing gateway was not reached and has
its own envelope: the place to write that is `_ask`. Only the directory data is asked for, never the licence's file.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import socket
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

# From the first byte sent to the last one read. A connection must stand in half of it.
DEADLINE = 10
_LONGEST_ANSWER = 64 * 1024
# How far the source's clock may be off; an older answer was recorded and is sent again.
_CLOCK_SKEW = 300
VALID = "valid"
_TEXTS = {"holder_code": 18, "name": 80, "number": 60, "issuer": 80, "status": 30}


class Unanswered(Exception):
    """The source gave no answer that can be trusted. The message is a word of ours, never what the source said."""


@dataclass(frozen=True)
class Question:
    holder_code: str  # USCC
    type_code: str  # 证照类型代码
    division: str
    address: str
    reason: str
    case: str


@dataclass(frozen=True)
class SharedLicence:
    holder_code: str
    name: str
    number: str
    issuer: str
    issued_on: date
    valid_until: date | None
    status: str


def available():
    """Can any source be asked? Without the key none is."""
    return bool(settings.SHARING_KEY)


def is_safe(url):
    """May questions go there? Over TLS; without it only to this very machine (a 前置机 beside the portal)."""
    try:
        address = urlsplit(url)
        port_is_valid = address.port is None or address.port > 0
    except ValueError:
        return False
    if not address.hostname or address.username or not port_is_valid:
        return False
    return address.scheme == "https" or (address.scheme == "http" and _is_loopback(address.hostname))


def ask(source, question):
    """Return the SharedLicence that the source knows, or None. It may no longer be valid: see `status`, `valid_until`.

    Takes DEADLINE seconds at most, beside looking up the host's name. Raises Unanswered.
    """
    if not (available() and source.active and is_safe(source.url)):
        raise Unanswered("not configured")
    request = secrets.token_hex(16)
    try:
        said = _ask(source.url, _body(request, question))
        return _licence(said, request, question.holder_code)
    except (OSError, http.client.HTTPException) as error:
        # Its message may hold what was asked or answered, and would stand in the log of the outbox.
        raise Unanswered(type(error).__name__) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unanswered("not understood") from None


def signature(timestamp, body):
    """The hex signature of a request's or an answer's bytes at that Unix time (a text)."""
    return hmac.new(settings.SHARING_KEY.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _body(request, question):
    asked = {
        "request": request,
        "holder_code_type": "uscc",
        "holder_code": question.holder_code,
        "type_code": question.type_code,
        "place": {"division": question.division, "address": question.address},
        "reason": question.reason[:200],
        "case": question.case,
    }
    return json.dumps(asked, ensure_ascii=False).encode()


def _ask(url, body):
    """Return the JSON of a signed 200. This client follows no redirect and no proxy of the environment."""
    address, now = urlsplit(url), str(int(time.time()))
    secure = address.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    headers = {"Content-Type": "application/json", "X-Timestamp": now, "X-Signature": signature(now, body)}
    ends_at = time.monotonic() + DEADLINE
    with closing(connect(address.hostname, address.port, timeout=DEADLINE / 2)) as connection:
        connection.connect()
        # A timeout of the socket counts from byte to byte: one that sends a byte a second would never meet it.
        watchdog = Timer(max(ends_at - time.monotonic(), 0), _cut, [connection.sock])
        watchdog.start()
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            content = answer.read(_LONGEST_ANSWER + 1)
        finally:
            watchdog.cancel()
    if answer.status != 200:
        raise Unanswered(f"status {answer.status}")
    if len(content) > _LONGEST_ANSWER:
        raise Unanswered("too long")
    _check_signature(answer, content)
    return json.loads(content)


def _cut(sock):
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _check_signature(answer, content):
    timestamp = answer.headers.get("X-Timestamp", "")
    given = answer.headers.get("X-Signature", "")
    if not hmac.compare_digest(given.encode(), signature(timestamp, content).encode()):
        raise Unanswered("wrong signature")
    if abs(time.time() - int(timestamp)) > _CLOCK_SKEW:
        raise Unanswered("old answer")


def _licence(said, request, holder_code):
    if said["request"] != request:
        raise Unanswered("another answer")
    licence = said["licence"]
    if licence is None:
        return None
    texts = {name: _text(licence[name], longest) for name, longest in _TEXTS.items()}
    if texts["holder_code"] != holder_code:
        raise Unanswered("another holder")
    until = licence["valid_until"]
    return SharedLicence(
        **texts,
        issued_on=date.fromisoformat(licence["issued_on"]),
        valid_until=None if until is None else date.fromisoformat(until),
    )


def _text(value, longest):
    """The value, if it is a text that a page can show and PostgreSQL keep."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= longest or not value.isprintable():
        raise ValueError
    return value.strip()


def _is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
