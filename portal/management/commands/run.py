import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal import servers
from portal.demo import ACCOUNTS
from portal.supervisor import Child, end_with_parent, restart_ended, stop

# Beside the demo's data, in a folder of its owner's alone; gone with `make reset`.
_DEVELOPMENT_KEY = str(servers.RUN / "licence-key.pem")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Prepare the database and the demo city, then run web, worker and scheduler in one foreground process tree."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument(
            "--end-with-parent", action="store_true", dest="follow", help="Stop when the calling `make` is killed."
        )

    def handle(self, *, host, port, follow, **options):
        for number in ENDING:
            signal.signal(number, _end)
        if follow:
            end_with_parent(signal.SIGTERM)
        _check_port(host, port)
        # Taken out of our own environment, which the web process inherits: only the worker seals licences.
        key = os.environ.pop("LICENCE_KEY_FILE", "")
        self._prepare(development_key=not key)
        children = [_web(host, port), _worker(key or _DEVELOPMENT_KEY), _scheduler()]
        try:
            for child in children:
                child.start()
            address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104
            self._await_home(address, children)
            self._greet(address)
            while True:
                time.sleep(0.5)
                restart_ended(servers.STARTED + children, self._say)
        finally:
            stop(children)

    def _prepare(self, *, development_key):
        """Bring database, catalogue, demo data and static files up to date; each step leaves what is done alone."""
        # --force: DEBUG is off here as in production, but this is the demo that the known passwords are for.
        for command in ("migrate", "createcachetable", "load_catalogue", "demo_city --force"):
            self._call(*command.split())
        if development_key:
            self._call("licence_key", "create", "--development", _DEVELOPMENT_KEY)
        if not settings.DEBUG:
            _collect_static()
        # The children open their own connections.
        connections.close_all()

    def _call(self, *command):
        self._say(f"{' '.join(command[:2])} …")
        with open(os.devnull, "w") as silence:
            call_command(*command, verbosity=0, stdout=silence)

    def _await_home(self, address, children):
        deadline = time.monotonic() + 60
        while not _answers(address):
            if time.monotonic() > deadline:
                raise CommandError(f"{address} does not answer after a minute; see the lines above.")
            restart_ended(servers.STARTED + children, self._say)
            time.sleep(0.1)

    def _greet(self, address):
        self._say(f"\n一照通行 is running:  {address}   (staff: {address}admin/)\n\nDemo accounts:")
        for role, username, password in ACCOUNTS:
            self._say(f"  {username:<24} {password:<20} {role}")
        if settings.STAFF_SECOND_FACTOR == "optional":
            self._say(
                "\nStaff may sign in without a second factor here (STAFF_SECOND_FACTOR=optional); production asks it."
            )
        self._say("\nPress ^C to stop; the data stays. `make reset` starts over.")

    def _say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


def _end(number, frame):
    # A second ^C while the children stop would leave them half stopped.
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(0)


def _check_port(host, port):
    """Raise CommandError with one sentence when nobody can listen there."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"{port} is not a port number: choose one between 1 and 65535, like `make run PORT=9001`.")
    try:
        socket.create_server((host, int(port))).close()
    except OSError as error:
        reason = os.strerror(error.errno)
        raise CommandError(
            f"Port {port} on {host} cannot be used ({reason}): choose another, like `make run PORT=9001`."
        ) from None


def _answers(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise CommandError(f"{address} answers with status {error.code}; see the lines above.") from None
    except OSError:
        return False


def _collect_static():
    """Collect the static files again only when one of them or the locked packages changed."""
    root = Path(settings.STATIC_ROOT)
    sources = [settings.BASE_DIR / "requirements.txt", *sorted(Path(settings.BASE_DIR / "static").rglob("*"))]
    state = repr([(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in sources])
    stamp = root / ".collected"
    if not stamp.exists() or stamp.read_text() != state:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(state)


def _web(host, port):
    # Threads, because a browser opens connections ahead of need and each would hold a sync worker. gunicorn's workers
    # notice within a second that its master was killed.
    argv = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{host}:{port}", "--workers", "2"]
    argv += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
    return Child("web", argv, cwd=settings.BASE_DIR)


def _celery(*arguments):
    # The demo of a container's root is no reason for Celery's page-long warning.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    return [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "portal", *arguments, "--loglevel", "WARNING"]


def _worker(key):
    argv = _celery("worker", "--pool", "threads", "--concurrency", "4", "--prefetch-multiplier", "1")
    argv += ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    return Child("worker", argv, cwd=settings.BASE_DIR, env=os.environ | {"LICENCE_KEY_FILE": key})


def _scheduler():
    argv = _celery("beat", "--schedule", str(servers.RUN / "scheduler"), "--pidfile", "")
    return Child("scheduler", argv, cwd=settings.BASE_DIR)
