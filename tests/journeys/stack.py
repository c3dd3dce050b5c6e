"""The portal as it runs in a city: web, worker and scheduler as processes of their own, on a database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

from portal.supervisor import Child, stop
from tests.portal.letters import MailServer

ROOT = Path(__file__).resolve().parent.parent.parent


class Stack:
    """Attributes: address of the web server, environment of the processes, worker (a Child), letters it has sent."""

    def __init__(self, folder, name):
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        mail = MailServer()
        self.letters = mail.letters
        self.database = _with_path(os.environ["DATABASE_URL"], f"/{name}")
        self.environment = os.environ | {
            "DATABASE_URL": self.database,
            # A Redis database of its own, so that flushing it harms no other test.
            "REDIS_URL": _with_path(os.environ["REDIS_URL"], "/7"),
            "PUBLIC_URL": self.address,
            "DATA_DIR": str(folder / "files"),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail.port),
            "DEBUG": "1",
            # As in a city: public pages are kept, and must be forgotten.
            "PUBLIC_CACHE": "1",
        }
        self.folder, self.name = folder, name
        self.web = self._child("web", "gunicorn", "portal.wsgi", "-b", f"127.0.0.1:{self.port}", "-k", "gthread",
                               "--threads", "4", "--workers", "2", "--no-control-socket")  # fmt: skip
        self.worker = self._child("worker", "celery", "-A", "portal", "worker", "-P", "threads", "-c", "4",
                                  "--without-mingle", "--without-gossip", "--without-heartbeat")  # fmt: skip
        self.scheduler = self._child("scheduler", "celery", "-A", "portal", "beat", "--pidfile", "",
                                     "--schedule", str(folder / "schedule"))  # fmt: skip

    def _child(self, name, *arguments):
        argv = [sys.executable, "-m", *arguments]
        return Child(name, argv, cwd=ROOT, env=self.environment, log=self.folder / f"{name}.log")

    def manage(self, *arguments):
        done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, sql, *parameters):
        """The rows of one statement, run beside the processes; one that writes returns what it has written."""
        with psycopg2.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def kill_worker(self):
        """SIGKILL, as the kernel does to a process that ate the memory; nothing is said goodbye to."""
        os.killpg(self.worker.process.pid, signal.SIGKILL)
        self.worker.process.wait()

    def flush_redis(self):
        redis.Redis.from_url(self.environment["REDIS_URL"]).flushdb()

    def until(self, condition, seconds=150, what="the condition"):
        """Wait for a condition of the database; what a lost message left is swept within two minutes."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"{what} did not come true in {seconds} s; logs in {self.folder}"
            time.sleep(0.2)
        return found


@contextmanager
def running(folder, name):
    stack = Stack(folder, name)
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    for command in ("migrate", "load_catalogue", "demo_city"):
        stack.manage(command)
    children = [stack.web, stack.worker, stack.scheduler]
    try:
        for child in children:
            child.start()
        stack.until(lambda: _answers(stack.address), 60, "the home page")
        yield stack
    finally:
        stop(children)


def _answers(address):
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _with_path(url, path):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{path}" + (f"?{parts.query}" if parts.query else "")
