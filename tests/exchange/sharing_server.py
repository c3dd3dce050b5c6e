"""A register of another authority on a loopback port: it speaks the protocol of exchange/sharing.py, or breaks it."""

import hashlib
import hmac
import http.server
import json
import threading
import time
from contextlib import suppress

import pytest

from exchange.models import Source

LICENCE = {
    "name": "不动产权证书",
    "number": "粤2024阳江不动产权第0012345号",
    "issuer": "阳江市自然资源局",
    "issued_on": "2024-05-06",
    "valid_until": None,
    "status": "valid",
}


class Register(http.server.ThreadingHTTPServer):
    """asked: the JSON of each request. licence: what it knows of any holder, or None.

    `respond` may be replaced by a function of the handler that writes the whole answer itself.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked, self.licence, self.changes = [], LICENCE, {}
        self.key, self.respond = b"a key of both sides", None
        self.url = f"http://127.0.0.1:{self.server_port}/licences?v=1"

    def signature(self, timestamp, body):
        return hmac.new(self.key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()

    def answer_to(self, asked):
        licence = self.licence and {"holder_code": asked["holder_code"]} | self.licence
        return {"request": asked["request"], "licence": licence} | self.changes


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["X-Signature"] != self.server.signature(self.headers["X-Timestamp"], body):
            self.send_error(401)
            return
        asked = json.loads(body)
        self.server.asked.append(asked)
        with suppress(OSError):
            if self.server.respond:
                self.server.respond(self)
            else:
                self.reply(json.dumps(self.server.answer_to(asked)).encode())

    def do_GET(self):
        self.server.asked.append("GET")
        self.send_error(405)

    def reply(self, body, status=200, **headers):
        now = str(int(time.time()))
        signed = {"X-Timestamp": now, "X-Signature": self.server.signature(now, body)}
        self.send_response(status)
        for name, value in ({"Content-Length": len(body)} | signed | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def register(settings):
    settings.SHARING_KEY = "a key of both sides"
    with Register() as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()


def source_at(register, code="real-estate-cert", **changes):
    """A connected source, kept by an operator."""
    values = {"name": "市不动产登记系统", "url": register.url, "type_code": "11100000000013338W001"}
    return Source.objects.create(code=code, **values | changes)
