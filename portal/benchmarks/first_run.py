"""What a newcomer waits: the first and the second `make run` of a fresh clone, until the home page answers."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from portal.benchmarks.processes import answers, free_port

GOALS = {"first": 120, "second": 10}
# A newcomer has set nothing; the rest (PATH, proxies, the package index) is the machine's.
_OURS = ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PUBLIC_URL", "DATA_DIR", "HTTPS"]
_OURS += ["HOST", "PORT", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL"]


def measure():
    with _clone() as clone:
        for which, goal in GOALS.items():
            yield f"{which} make run until the home page answers", f"{_seconds(clone):.1f} s   (goal {goal} s)"


@contextmanager
def _clone():
    # Open to PostgreSQL's own account, which cannot walk into a private folder.
    place = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    place.chmod(0o755)
    clone = place / "clone"
    try:
        subprocess.run(["git", "clone", "--quiet", settings.BASE_DIR, clone], check=True)
        yield clone
        subprocess.run(["make", "--silent", "reset"], cwd=clone, env=_environment(), check=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _environment():
    return {name: value for name, value in os.environ.items() if name not in _OURS}


def _seconds(clone):
    port = free_port()
    begun = time.monotonic()
    command = ["make", "run", f"PORT={port}"]
    log = clone.parent / "run.log"
    with log.open("w") as output:
        options = {"cwd": clone, "env": _environment(), "stdout": output, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        while not answers(port, "/"):
            if process.poll() is not None or time.monotonic() - begun > 600:
                said = " / ".join(log.read_text(errors="replace").splitlines()[-3:])
                raise RuntimeError(f"the home page of `make run` does not answer: {said}")
            time.sleep(0.05)
        return time.monotonic() - begun
    finally:
        # As ^C in a terminal does: the whole foreground group.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
