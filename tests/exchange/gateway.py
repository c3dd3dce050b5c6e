"""A gateway for text messages on a loopback port, that answers as a test wants."""

import http.server
import threading
import time
from contextlib import suppress

import pytest


class Gateway(http.server.ThreadingHTTPServer):
    """taken: (headers, body) of each request. answer: (status, body, seconds it lets one wait).

    pause: seconds between two bytes of the body.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken, self.answer = [], (200, b'{"accepted": true}', 0)
        self.pause = 0
        self.url = f"http://127.0.0.1:{self.server_port}/messages"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.taken.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
        status, body, seconds = self.server.answer
        time.sleep(seconds)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", len(body))
        self.end_headers()
        with suppress(OSError):
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(self.server.pause)

    do_GET = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(settings):
    with Gateway() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.SMS_URL, settings.SMS_KEY = server.url, "a key"
        yield server
        server.shutdown()
