"""The private PostgreSQL and Redis of `make run` and of the tests, where DATABASE_URL and REDIS_URL name no others.

PostgreSQL listens on a socket in a folder of its own, Redis on a free loopback port behind a random password. Both
end with the process that started them, even when it is killed.
"""

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from portal import programs, server_processes
from portal.server_processes import ServerError
from portal.supervisor import stop

RUN = Path(os.environ.get("RUN_DIR") or Path(__file__).resolve().parent.parent / ".run")
# Socket paths end at 107 bytes, so sockets never live below the checkout or a long TMPDIR.
TEMPORARY, PREFIX = Path("/tmp"), "portal-servers-"  # noqa: S108
# The servers this process has started, for the supervisor of `make run` to watch.
STARTED = []


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


def temporary_place(parent=TEMPORARY):
    """A new folder that is swept once its creator has ended: the lock on it tells."""
    for old in parent.glob(f"{PREFIX}*"):
        _sweep(old)
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
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
        STARTED.append(server_processes.start_postgres(place, data, throw_away))
    if "REDIS_URL" in missing:
        STARTED.append(server_processes.start_redis(place))


def _stop_own(owner):
    # A forked child runs our exit handlers too; only the process that started the servers may stop them.
    if os.getpid() == owner:
        stop(STARTED)


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
