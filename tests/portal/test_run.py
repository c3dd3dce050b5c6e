"""`manage.py run` and what `make run` does before it, as a newcomer meets them: real processes, some of them killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from portal import servers
from portal.demo import ACCOUNTS

ROOT = Path(__file__).resolve().parents[2]
UNSET = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "DATA_DIR", "DJANGO_SETTINGS_MODULE")

pytestmark = pytest.mark.processes


def environment(folder):
    return {name: value for name, value in os.environ.items() if name not in UNSET} | {"RUN_DIR": str(folder)}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Run:
    """A started `manage.py run`, what it said so far, and its process tree."""

    def __init__(self, folder, port):
        self.lines, self.address = [], f"http://127.0.0.1:{port}/"
        command = [sys.executable, "manage.py", "run", "--port", str(port)]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), **options)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def said(self, text, seconds=60):
        """Wait until it has said the text."""
        deadline = time.monotonic() + seconds
        while text not in "".join(self.lines):
            assert time.monotonic() < deadline, "".join(self.lines)
            assert self.process.poll() is None, "".join(self.lines)
            time.sleep(0.1)
        return True

    def tree(self):
        """{pid: command line} of everything below it."""
        found, waiting = {}, [self.process.pid]
        while waiting:
            for child in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
                for pid in map(int, child.read_text().split()):
                    found[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                    waiting.append(pid)
        return found

    def pid_of(self, words):
        return min(pid for pid, command in self.tree().items() if re.search(words, command))

    def home(self):
        with urllib.request.urlopen(self.address, timeout=20) as answer:
            return answer.status

    def end(self, number):
        """Send a signal; return the exit code and what is left of the tree after ten seconds."""
        tree = self.tree()
        self.process.send_signal(number)
        code = self.process.wait(30)
        deadline = time.monotonic() + 10
        while (left := [command for pid, command in tree.items() if _lives(pid)]) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.reader.join(10)
        self.process.stdout.close()
        return code, left


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("first") / "run"
    yield place
    servers.reset(place)


@pytest.fixture
def run(folder):
    started = Run(folder, free_port())
    yield started
    if started.process.poll() is None:
        started.end(signal.SIGKILL)


def test_run_tells_the_address_and_accounts_and_heals_and_dies_whole(run, folder):
    run.said("Press ^C to stop")
    assert run.address in "".join(run.lines)
    assert all(username in "".join(run.lines) for _, username, _ in ACCOUNTS)
    for program, name in (("celery .*worker", "worker"), ("gunicorn", "web"), ("redis|valkey", "Redis")):
        os.kill(run.pid_of(program), signal.SIGKILL)
        assert run.said(f"{name} ended with code -9; starting it again.")
    time.sleep(3)
    assert run.home() == 200
    assert run.end(signal.SIGKILL) == (-signal.SIGKILL, [])


def test_a_second_run_keeps_the_data_and_ends_with_an_interrupt(run, folder):
    assert run.said("Press ^C to stop")
    assert "migrate" in "".join(run.lines)
    second = manage("run", "--port", str(free_port()), folder=folder)
    assert "already running from this folder" in second.stderr
    assert run.end(signal.SIGINT) == (0, [])
    assert (folder / "postgres").exists()


def manage(*arguments, folder):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=60)


def test_a_busy_port_is_named_in_one_sentence(folder):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        done = manage("run", "--port", str(busy.getsockname()[1]), folder=folder)
    assert done.returncode != 0
    assert re.fullmatch(r"CommandError: Port \d+ on 127.0.0.1 cannot be used .*make run PORT=9001`\.\n", done.stderr)


def test_a_port_that_is_no_number_is_named_in_one_sentence(folder):
    done = manage("run", "--port", "eighty", folder=folder)
    assert done.returncode != 0
    assert "eighty is not a port number" in done.stderr


def test_any_command_works_without_a_setting(folder):
    done = manage("migrate", "--check", folder=folder)
    assert done.returncode == 0, done.stderr


def environment_script(tmp_path, python3):
    """Run .ci/environment in a folder of its own, on a machine with this python3 and no other Python."""
    programs = tmp_path / "bin"
    (tmp_path / ".ci").mkdir()
    programs.mkdir()
    for tool in ("sh", "cksum", "cut", "dirname", "rm", "touch"):
        (programs / tool).symlink_to(shutil.which(tool))
    (programs / "python3").write_text(python3)
    (programs / "python3").chmod(0o755)
    shutil.copy(ROOT / ".ci" / "environment", tmp_path / ".ci")
    (tmp_path / "requirements.txt").touch()
    command = [tmp_path / ".ci" / "environment", "run"]
    return subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True)


def test_an_old_python_is_named_in_one_sentence(tmp_path):
    done = environment_script(tmp_path, '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2\nexit 1\n')
    assert done.returncode != 0
    assert done.stderr.startswith("Python 3.11 or newer is needed (python3 is Python 3.9.2): install it")


def test_a_missing_venv_module_is_named_in_one_sentence(tmp_path):
    done = environment_script(tmp_path, '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    assert done.returncode != 0
    assert done.stderr == "Python's venv module is missing: install it (on Debian: apt install python3-venv).\n"
