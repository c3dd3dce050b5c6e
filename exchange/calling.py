"""Calling another system: one POST of JSON, signed, bounded in time and size, to the configured address only.

X-Timestamp is the Unix time, X-Signature the hex HMAC-SHA256, with the key both sides have, of that time, a full stop
and the body. What the other side says is never repeated: it may hold what was asked, and would stand in a log.
"""

import hashlib
import hmac
import http.client
import json
import socket
import time
from contextlib import closing, suppress
from threading import Timer
from urllib.parse import urlsplit

_LONGEST_ANSWER = 64 * 1024


class Unanswered(Exception):
    """The other side gave no answer that can be trusted. The message is a word of ours, never what it said."""


def signature(key, timestamp, body):
    """The hex signature of a request's or an answer's bytes at that Unix time (a text)."""
    return hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def post(url, key, asked, *, within):
    """Return (headers, bytes) of the 200 that answers the JSON value `asked`. Raises Unanswered.

    within: seconds from the first byte sent to the last one read, beside looking up the host's name; a connection must
    stand in half of it.
    """
    body, now = json.dumps(asked, ensure_ascii=False).encode(), str(int(time.time()))
    headers = {"Content-Type": "application/json", "X-Timestamp": now, "X-Signature": signature(key, now, body)}
    try:
        answer, content = _exchanged(urlsplit(url), body, headers, within)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(type(error).__name__) from None
    if answer.status != 200:
        raise Unanswered(f"status {answer.status}")
    if len(content) > _LONGEST_ANSWER:
        raise Unanswered("too long")
    return answer.headers, content


def _exchanged(address, body, headers, within):
    """(HTTPResponse, bytes). This client follows no redirect and no proxy of the environment."""
    connect = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    ends_at = time.monotonic() + within
    with closing(connect(address.hostname, address.port, timeout=within / 2)) as connection:
        connection.connect()
        # A timeout of the socket counts from byte to byte: one that sends a byte a second would never meet it.
        watchdog = Timer(max(ends_at - time.monotonic(), 0), _cut, [connection.sock])
        watchdog.start()
        try:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            return answer, answer.read(_LONGEST_ANSWER + 1)
        finally:
            watchdog.cancel()


def _cut(sock):
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
