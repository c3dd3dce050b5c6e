"""The portal's own programs as processes, on the servers that the environment names."""

import http.client
import os
import socket
import sys
import time
from contextlib import contextmanager

from django.conf import settings

from portal.supervisor import Child, stop

SERVERS = {
    # As docker-compose.yml runs it.
    "granian": ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--log-level", "warning"],
    "gunicorn": ["--workers", "2", "--worker-class", "sync", "--no-control-socket", "--log-level", "warning"],
}


@contextmanager
def web(server, **environment):
    """Run a web server of SERVERS, with these settings too, until the block ends; gives its port."""
    port = free_port()
    places = {
        "granian": ["--host", "127.0.0.1", "--port", port],
        "gunicorn": ["--bind", f"127.0.0.1:{port}"],
    }
    argv = [sys.executable, "-m", server, *SERVERS[server], *places[server], "portal.wsgi:application"]
    child = Child(server, argv, cwd=settings.BASE_DIR, env=os.environ | environment, log=_log(server))
    child.start()
    try:
        _await(port)
        yield port
    finally:
        stop([child])


@contextmanager
def worker():
    argv = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "4"]
    child = Child("worker", [*argv, "--without-mingle", "--without-gossip"], cwd=settings.BASE_DIR, log=_log("worker"))
    child.start()
    try:
        yield
    finally:
        stop([child])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _log(name):
    # Beside the throw-away files, and gone with them.
    folder = settings.DATA_DIR.parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def answers(port, path):
    """Whether that address answers with 200. Asks it directly, whatever proxy the machine has for the world."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _await(port, seconds=30):
    deadline = time.monotonic() + seconds
    while not answers(port, "/healthz"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server on port {port} does not answer")
        time.sleep(0.1)
