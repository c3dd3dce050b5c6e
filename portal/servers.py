"""The private PostgreSQL and Redis of `make run` and of the tests, where DATABASE_URL and REDIS_URL name no others.

PostgreSQL listens on a socket in a folder of its own, Redis on a free loopback port behind a random password. Both
end with the process that started them, even when it is killed.
"""

import atexit
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2

from portal import programs
from portal.supervisor import Child, stop

RUN = Path(os.environ.get("RUN_DIR") or Path(__file__).resolve().parent.parent / ".run")
# Socket paths end at 107 bytes, so sockets never live below the checkout or a long TMPDIR.
TEMPORARY, PREFIX = Path("/tmp"), "portal-servers-"  # noqa: S108
# The servers this process has started, for the supervisor of `make run` to watch.
STARTED = []


class ServerError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do."""


def start_throw_away(place):
    """Start the missing servers below a temporary_place and put their addresses into os.environ."""
    _start(place, place / "postgres", throw_away=True)


def start_lasting(folder=RUN):
    """Start the missing servers with data that lasts. Raises ServerError, also when they run already."""
    if not _claim(folder):
        raise ServerError(f"The portal is already running from this folder (data in {folder}); stop that one first.")
    if _missing():
        _start_claimed(folder, lasting=True)


def join_or_start(folder=RUN):
    """For any single management command: use the servers of a running `make run`, else start them for its time."""
    if not _missing():
        return
    deadline = time.monotonic() + 60
    while not _claim(folder):
        if (addresses := _announced(folder)) is not None:
            # Addresses of our own choice stay.
            os.environ.update(addresses | {name: os.environ[name] for name in addresses if os.environ.get(name)})
            return
        if time.monotonic() > deadline:
            raise ServerError(f"Another command has been using {folder} for a minute; try again when it has ended.")
        time.sleep(0.1)
    _start_claimed(folder, lasting=False)


def _missing():
    return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]


def _claim(folder):
    """Lock the folder for this process's life. Raises ServerError for a folder we may not write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise ServerError(f"Cannot write to {folder} ({error.strerror}): make it writable and try again.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    return True


def _announced(folder):
    try:
        return json.loads((folder / "addresses.json").read_text())
    except (OSError, ValueError):
        return None


def _start_claimed(folder, lasting):
    announcement = folder / "addresses.json"
    announcement.unlink(missing_ok=True)
    _start(temporary_place(), _data_folder(folder), throw_away=False)
    if lasting:
        addresses = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
        with open(os.open(announcement, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            json.dump(addresses, file)
        atexit.register(announcement.unlink, missing_ok=True)


def _data_folder(folder):
    """<folder>/postgres; where PostgreSQL's account cannot walk there, a link of that name to a folder it can."""
    data = folder / "postgres"
    if not programs.within_reach(data, programs.server_account()):
        elsewhere = Path("/var/tmp") / f"portal-{hashlib.sha256(bytes(data)).hexdigest()[:12]}"  # noqa: S108
        elsewhere.mkdir(mode=0o711, exist_ok=True)
        if elsewhere.stat().st_uid != os.geteuid():
            raise ServerError(f"{elsewhere} belongs to somebody else: remove it and try again.")
        if not data.is_symlink() and not data.exists():
            data.symlink_to(elsewhere / "postgres")
    return data.parent.resolve() / os.readlink(data) if data.is_symlink() else data


def temporary_place():
    """A new folder that is swept once its creator has ended: the lock on it tells."""
    for old in TEMPORARY.glob(f"{PREFIX}*"):
        _sweep(old)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=TEMPORARY))
    place.chmod(0o711)
    descriptor = os.open(place / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(place, ignore_errors=True))
    return place


def _sweep(place):
    try:
        if place.stat().st_uid != os.geteuid() or time.time() - place.stat().st_mtime < 60:
            return
        descriptor = os.open(place / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(place, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _start(place, data, *, throw_away):
    missing = _missing()
    atexit.register(_stop_own, os.getpid())
    if "DATABASE_URL" in missing:
        STARTED.append(_start_postgres(place, data, throw_away))
    if "REDIS_URL" in missing:
        STARTED.append(_start_redis(place))


def _stop_own(owner):
    # A forked child runs our exit handlers too; only the process that started the servers may stop them.
    if os.getpid() == owner:
        stop(STARTED)


def _start_postgres(place, data, throw_away):
    account = programs.server_account()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    folder = programs.brought_within_reach(_postgres_for(data), account, place)
    sockets = place / "socket"
    for needed in (sockets, data):
        needed.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account:
            os.chown(needed, account.pw_uid, account.pw_gid)
    options = {"cwd": "/", "env": environment} | _as(account)
    if not (data / "PG_VERSION").exists():
        _initialise(folder, data, options)
    settings = ["listen_addresses=", "port=5432", "log_error_verbosity=terse", "log_min_error_statement=panic"]
    if throw_away:
        settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    switches = [part for setting in settings for part in ("-c", setting)]
    log = data.parent / "postgres.log"
    log.unlink(missing_ok=True)
    server = Child(
        "PostgreSQL",
        [folder / "postgres", "-D", data, "-k", sockets, *switches],
        orphaned=signal.SIGQUIT,  # PostgreSQL's immediate stop; recovery at the next start loses no commit.
        stop=signal.SIGINT,
        log=log,
        **options,
    )
    _await(server, lambda: _create_database(sockets))
    os.environ["DATABASE_URL"] = f"postgresql:///portal?host={sockets}&user=postgres"
    return server


def _as(account):
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _postgres_for(data):
    """The programs for a data folder, which only its own major version can read."""
    installed = programs.postgres_folders()
    if not installed:
        raise ServerError("PostgreSQL is missing: install requirements.txt or the package postgresql (15 or newer).")
    if not (data / "PG_VERSION").exists():
        return next(iter(installed.values()))
    made_by = int((data / "PG_VERSION").read_text())
    if made_by not in installed:
        present = ", ".join(str(version) for version in installed)
        raise ServerError(
            f"The data in {data} was made by PostgreSQL {made_by} and only {present} is installed: "
            f"install PostgreSQL {made_by}, or give the data up with `make reset`."
        )
    return installed[made_by]


def _initialise(folder, data, options):
    command = [folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    done = subprocess.run([*command, "--no-sync"], capture_output=True, text=True, **options)
    if done.returncode:
        raise ServerError(f"PostgreSQL could not set up {data}: {' '.join(done.stderr.split())}")


def _create_database(sockets):
    try:
        connection = psycopg2.connect(host=str(sockets), user="postgres", dbname="postgres", connect_timeout=5)
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'portal'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE portal")
    connection.close()
    return True


def _start_redis(place):
    program = programs.redis_program()
    if program is None:
        raise ServerError("Redis is missing: install requirements.txt or one of the packages redis-server, valkey.")
    account = programs.server_account()
    program = programs.brought_within_reach(Path(program).parent, account, place) / Path(program).name
    password = secrets.token_urlsafe(18)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    # Nothing is kept on disk: the outbox in PostgreSQL is swept, so a lost message costs seconds. The password goes
    # through stdin, where other users of the machine cannot read it.
    config = f'bind 127.0.0.1\nport {port}\nsave ""\nappendonly no\nrequirepass {password}\ndir {place}\n'
    server = Child("Redis", [program, "-"], config=config, log=place / "redis.log", cwd="/", **_as(account))
    _await(server, lambda: _answers(port))
    os.environ["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
    return server


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _await(server, ready, seconds=60):
    """Start a server and wait until it serves. Raises ServerError with its last words."""
    server.start()
    deadline = time.monotonic() + seconds
    while not ready():
        if not server.running() and "postmaster.pid" in server.said() and time.monotonic() < deadline:
            time.sleep(0.5)  # The server of a launcher killed a moment ago is still going down.
            server.start()
        elif not server.running() or time.monotonic() > deadline:
            raise ServerError(f"{server.name} did not start: {server.said()}")
        time.sleep(0.02)


def reset(folder=RUN):
    """Remove the data of `make run`. Raises ServerError while something uses it."""
    if not folder.exists():
        return
    if not _claim(folder):
        raise ServerError(f"The portal is running from this folder (data in {folder}); stop it first.")
    data = _data_folder(folder)
    if data.parent != folder:
        shutil.rmtree(data.parent)
    shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1:] != ["reset"]:
        sys.exit("usage: python -m portal.servers reset")
    try:
        reset()
    except ServerError as error:
        sys.exit(str(error))
