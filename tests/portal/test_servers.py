import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from portal import programs, server_processes, servers

ROOT = Path(__file__).resolve().parents[2]
# Starts servers, says what it set and waits; the tests kill it.
LAUNCHER = """
import json, os, sys
from pathlib import Path
from portal import servers
place = servers.temporary_place()
servers.start_throw_away(place)
names = ("DATABASE_URL", "REDIS_URL")
print(json.dumps({"place": str(place), "started": [child.process.pid for child in servers.STARTED]}
    | {name: os.environ[name] for name in names}), flush=True)
sys.stdin.read()
"""
LASTING = "import sys; from pathlib import Path; from portal import servers; servers.start_lasting(Path(sys.argv[1]))"

pytestmark = pytest.mark.processes


def bare_environment(**settings):
    unset = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")
    return {name: value for name, value in os.environ.items() if name not in unset} | settings


@pytest.fixture
def launch():
    """Start a launcher; return it and what it said."""
    processes = []

    def start(**settings):
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER],
            cwd=ROOT,
            env=bare_environment(**settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process, json.loads(process.stdout.readline())

    yield start
    for process in processes:
        process.stdin.close()
        process.stdout.close()
        process.wait(20)


@pytest.fixture
def folder(tmp_path):
    """A folder like .run; root's data may lie elsewhere, which reset removes too."""
    yield tmp_path / "run"
    servers.reset(tmp_path / "run")


def lasting(folder, **settings):
    """Start lasting servers and stop them again at once."""
    command = [sys.executable, "-c", LASTING, str(folder)]
    return subprocess.run(command, cwd=ROOT, env=bare_environment(**settings), capture_output=True, text=True)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def gone_within(pids, seconds=10):
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(alive(pid) for pid in pids)


def query(url, statement):
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        answer = cursor.fetchone()[0]
    connection.close()
    return answer


def test_both_servers_die_with_a_killed_launcher(launch):
    process, said = launch()
    os.kill(process.pid, signal.SIGKILL)
    assert len(said["started"]) == 2
    assert gone_within(said["started"])


def test_a_launcher_that_ends_leaves_nothing_behind(launch):
    process, said = launch()
    process.stdin.close()
    assert process.wait(20) == 0
    assert gone_within(said["started"])
    assert not Path(said["place"]).exists()


def test_the_folder_of_a_killed_launcher_is_swept_by_a_later_one(launch):
    killed, said = launch()
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert gone_within(said["started"])
    os.utime(said["place"], (0, 0))
    living, _ = launch()
    assert not Path(said["place"]).exists()
    assert living.poll() is None


def test_two_launchers_run_side_by_side(launch):
    (_, first), (_, second) = launch(), launch()
    assert first["DATABASE_URL"] != second["DATABASE_URL"]
    for said in (first, second):
        assert query(said["DATABASE_URL"], "SELECT current_database()") == "portal"
        assert redis.Redis.from_url(said["REDIS_URL"]).ping()


def test_addresses_in_the_environment_start_nothing(launch):
    _, said = launch(DATABASE_URL="postgresql://db.example/portal", REDIS_URL="redis://queue.example/0")
    assert said["started"] == []
    assert said["DATABASE_URL"] == "postgresql://db.example/portal"


def test_a_database_of_our_own_starts_redis_only(launch):
    _, said = launch(DATABASE_URL="postgresql://db.example/portal")
    assert len(said["started"]) == 1
    assert redis.Redis.from_url(said["REDIS_URL"]).ping()


def test_redis_keeps_nothing_on_disk_and_asks_for_a_password(launch):
    _, said = launch()
    client = redis.Redis.from_url(said["REDIS_URL"])
    assert client.config_get("save")["save"] == ""
    assert client.config_get("appendonly")["appendonly"] == "no"
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=client.connection_pool.connection_kwargs["port"]).ping()


def test_postgresql_opens_no_port(launch):
    _, said = launch()
    assert query(said["DATABASE_URL"], "SHOW listen_addresses") == ""


@pytest.mark.parametrize("version", programs.postgres_folders())
def test_each_installed_postgresql_serves(version):
    """Debian's and the wheel's; the wheel's also where its folder is closed to PostgreSQL's account."""
    place = programs.postgres_folders()[version]
    only = f"from portal import programs; programs.postgres_folders = lambda: {{{version}: Path({str(place)!r})}}\n"
    closed = "programs.within_reach = lambda path, account: False\n" if "site-packages" in str(place) else ""
    done = subprocess.run(
        [sys.executable, "-c", f"from pathlib import Path\n{only}{closed}{LAUNCHER}"],
        cwd=ROOT,
        env=bare_environment(),
        capture_output=True,
        text=True,
        input="",
    )
    assert done.returncode == 0, done.stderr


def test_lasting_data_is_there_again_after_a_restart(folder):
    connect = "; import os, psycopg2; c = psycopg2.connect(os.environ['DATABASE_URL']); c.autocommit = True; "
    for statement in ("CREATE TABLE kept (n int)", "DROP TABLE kept"):
        code = f"{LASTING}{connect}c.cursor().execute('{statement}')"
        command = [sys.executable, "-c", code, str(folder)]
        done = subprocess.run(command, cwd=ROOT, env=bare_environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_a_setup_that_was_cut_short_is_done_again(folder):
    folder.mkdir()
    half = servers._data_folder(folder).with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    assert lasting(folder).returncode == 0
    assert not half.exists()


def test_data_of_another_major_version_is_refused_in_one_sentence(folder):
    folder.mkdir()
    data = servers._data_folder(folder)
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    last = lasting(folder).stderr.strip().splitlines()[-1]
    assert "was made by PostgreSQL 9 and only" in last
    assert "make reset" in last


def test_a_folder_in_use_is_refused_in_one_sentence(tmp_path):
    assert servers._claim(tmp_path)
    assert "already running from this folder" in lasting(tmp_path).stderr


def test_an_unwritable_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    assert f"Cannot write to {tmp_path / 'file' / 'run'}" in lasting(tmp_path / "file" / "run").stderr


def test_reset_removes_the_data_also_where_it_lies_elsewhere(folder):
    assert lasting(folder).returncode == 0
    data = servers._data_folder(folder)
    assert (data / "PG_VERSION").exists()
    servers.reset(folder)
    assert not folder.exists()
    assert not data.exists()


def test_missing_programs_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "postgres_folders", dict)
    with pytest.raises(servers.ServerError, match="PostgreSQL is missing: install"):
        server_processes.postgres_for(tmp_path)
    monkeypatch.setattr(programs, "redis_program", lambda: None)
    with pytest.raises(servers.ServerError, match="Redis is missing: install"):
        server_processes.start_redis(tmp_path)
