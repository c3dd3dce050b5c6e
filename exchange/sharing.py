"""Asking a connected source about a licence (电子证照共享, in the way of GB/T 36906), so that nobody brings the paper.

One POST of JSON to the address of the Source:

    {"request", "holder_code_type": "uscc", "holder_code", "type_code", "place": {"division", "address"},
     "reason", "case"}

`request` is new each time; `reason` (用证事由, at most 200 characters) and `case` (our 申请码) say what for, since the
source keeps its own log of uses. The answer is 200 and JSON

    {"request", "licence": null or {"holder_code", "name", "number", "issuer", "issued_on", "valid_until", "status"}}

with the same `request`, dates as YYYY-MM-DD (`valid_until` null: no end), `status` as it is at that time, "valid" or
another word. A source whose licences belong to a place answers for the place named. Both sides sign, with SHARING_KEY,
in the way of exchange/calling.py.

This is our own protocol. It was tried against a server of ours; the province's sharing gateway was not reached and has
its own envelope: the place to write that is `ask`. Only the directory data is asked for, never the licence's file.
"""

import hmac
import json
import secrets
import time
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from exchange.calling import Unanswered, post, signature

# Three tries with the outbox's pauses are over in less than a minute.
DEADLINE = 10
# How far the source's clock may be off; an older answer was recorded and is sent again.
_CLOCK_SKEW = 300
VALID = "valid"
_TEXTS = {"holder_code": 18, "name": 80, "number": 60, "issuer": 80, "status": 30}


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
    headers, content = post(source.url, settings.SHARING_KEY, _asked(request, question), within=DEADLINE)
    try:
        _check_signature(headers, content)
        return _licence(json.loads(content), request, question.holder_code)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Unanswered("not understood") from None


def _asked(request, question):
    return {
        "request": request,
        "holder_code_type": "uscc",
        "holder_code": question.holder_code,
        "type_code": question.type_code,
        "place": {"division": question.division, "address": question.address},
        "reason": question.reason[:200],
        "case": question.case,
    }


def _check_signature(headers, content):
    timestamp, given = headers.get("X-Timestamp", ""), headers.get("X-Signature", "")
    right = signature(settings.SHARING_KEY, timestamp, content)
    if not hmac.compare_digest(given.encode(), right.encode()):
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
