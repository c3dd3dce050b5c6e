"""How one PostgreSQL and one Redis are set up and started, and when they are ready."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2

from portal import programs
from portal.supervisor import Child


class ServerError(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do."""


def start_postgres(place, data, throw_away, further=()):
    """Start it and put its address into os.environ; `further` settings are like "shared_buffers=3GB"."""
    account = programs.server_account()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    folder = programs.brought_within_reach(postgres_for(data), account, place)
    sockets = place / "socket"
    _give(sockets, account)
    options = {"cwd": "/", "env": environment} | _as(account)
    if not (data / "PG_VERSION").exists():
        _initialise(folder, data, account, options)
    settings = ["listen_addresses=", "port=5432", "log_error_verbosity=terse", "log_min_error_statement=panic"]
    if throw_away:
        settings += ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    settings += further
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


def postgres_for(data):
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


def _give(folder, account):
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _initialise(folder, data, account, options):
    # Beside its place first: a launcher killed here leaves no half data folder that looks whole.
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    _give(new, account)
    command = [folder / "initdb", "-D", new, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    done = subprocess.run([*command, "--no-sync"], capture_output=True, text=True, **options)
    if done.returncode:
        raise ServerError(f"PostgreSQL could not set up {data}: {' '.join(done.stderr.split())}")
    new.rename(data)


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


def start_redis(place):
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
