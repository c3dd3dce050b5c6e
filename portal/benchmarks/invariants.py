"""How long `manage.py check_invariants` takes over a whole city, and how much memory."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

from licensing.models import Application, LogEntry
from portal.benchmarks.city import City
from portal.benchmarks.figures import timed
from routing.models import ApprovalTask

APPLICATIONS, TASKS_EACH, GOAL = 100_000, 3, 60
_COUNTED = [(Application, "applications"), (ApprovalTask, "tasks"), (LogEntry, "log rows")]


def measure():
    seconds, _ = timed(City(TASKS_EACH).write, APPLICATIONS)
    yield "a city written", f"{seconds:.0f} s"
    settle_down()
    yield "to check", ", ".join(f"{model.objects.count():,} {word}" for model, word in _COUNTED)
    for _ in range(2):
        seconds, megabytes = _check()
        yield f"check_invariants (goal {GOAL} s); memory of its processes", f"{seconds:.1f} s   {megabytes:.0f} MB"


def settle_down():
    """What autovacuum has long done in a portal that has grown to that size."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")


def _check():
    """Return (seconds, megabytes at the peak) of one run as an operator starts it. Raises RuntimeError on a breach."""
    begun, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+") as said:
        command = [sys.executable, "manage.py", "check_invariants"]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=said, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, _memory_of(process.pid))
            time.sleep(0.2)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read())
    return time.perf_counter() - begun, peak


def _memory_of(pid):
    """Megabytes of a process and its children; what they share counts once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(map(_memory_of, children))
