"""A database, a Redis database and a folder of the benchmark's own: nobody's data is touched, nothing is left."""

import os
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from portal import servers
from portal.server_processes import start_postgres
from portal.supervisor import stop

DATABASE = "portal_bench"
# The last of Redis' sixteen: hints about the benchmark's rows must not reach a portal that runs beside it.
_REDIS = "/15"


@contextmanager
def throw_away():
    """Give the environment of a process that measures. Raises RuntimeError when another benchmark is at work."""
    address = os.environ["DATABASE_URL"]
    _execute(address, f"DROP DATABASE IF EXISTS {DATABASE}", f"CREATE DATABASE {DATABASE}")
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        yield os.environ | {
            "DATABASE_URL": _with_path(address, f"/{DATABASE}"),
            "REDIS_URL": _with_path(os.environ["REDIS_URL"], _REDIS),
            "DATA_DIR": str(folder / "files"),
            "DJANGO_SETTINGS_MODULE": "portal.benchmarks.settings",
            # As in production, but for TLS, which ends before these servers anyway.
            "DEBUG": "0",
            "HTTPS": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": "http://127.0.0.1:8000",
            "LOG_LEVEL": "ERROR",
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _execute(address, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@contextmanager
def roomy(folder, size, settings):
    """A PostgreSQL of its own below the folder, with these settings, for throw_away() inside the block.

    Raises RuntimeError where fewer than `size` bytes are free.
    """
    # What a killed run has left there is swept by this.
    data = servers.temporary_place(Path(folder))
    free = shutil.disk_usage(folder).free
    if free < size:
        raise RuntimeError(
            f"{folder} has {free / 1e9:.0f} GB free, {size / 1e9:.0f} GB are needed: name another --folder"
        )
    before = os.environ["DATABASE_URL"]
    # The socket's path must be short, wherever the data are.
    server = start_postgres(servers.temporary_place(), data / "postgres", throw_away=True, further=settings)
    try:
        yield
    finally:
        stop([server])
        os.environ["DATABASE_URL"] = before
        shutil.rmtree(data, ignore_errors=True)


def _execute(address, *statements):
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        for statement in statements:
            connection.cursor().execute(statement)
    except psycopg2.errors.ObjectInUse:
        raise RuntimeError("another benchmark is at work on this server; try again when it has ended") from None
    finally:
        connection.close()


def _with_path(address, path):
    return urlunsplit(urlsplit(address)._replace(path=path))
