"""docker-compose.yml against the compose specification, and its commands as plain processes with DEBUG off.

No container engine runs here: images, networks and volumes are not tested, the commands and health checks are.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import resources
from pathlib import Path

import jsonschema
import psycopg2
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
SECRETS = {"SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}

pytestmark = pytest.mark.processes


def interpolate(text, variables):
    """What compose makes of ${NAME}, ${NAME:-default}, ${NAME:+instead} and ${NAME:?sentence}, innermost first.

    $$ is a dollar sign.
    """
    pattern = re.compile(r"(?<!\$)\$\{(\w+)(?:(:-|:\+|:\?)([^${}]*))?\}")
    while match := pattern.search(text):
        name, operator, rest = match.groups()
        if operator == ":?" and not variables.get(name):
            raise KeyError(name)
        value = variables.get(name) or (rest if operator == ":-" else "")
        if operator == ":+" and value:
            value = rest
        text = text[: match.start()] + value + text[match.end() :]
    return text.replace("$$", "$")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Production:
    """The services' commands on this machine: other addresses and folders, everything else as compose says."""

    def __init__(self, folder, database_url, redis_url):
        self.folder, self.port = folder, str(free_port())
        self.variables = {
            "SECRET_KEY": "a-long-random-text-for-this-test-only-0123456789-abcdefghij",
            "ALLOWED_HOSTS": "zz.example.cn",
            "PUBLIC_URL": "https://zz.example.cn",
            "POSTGRES_PASSWORD": "unused",
            "REDIS_PASSWORD": "unused",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
        }

    def environment(self, service):
        declared = {
            name: interpolate(value, self.variables) for name, value in SERVICES[service]["environment"].items()
        }
        system = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "TMPDIR")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return system | declared | {"PATH": path, "DATA_DIR": str(self.folder / "files"), "LOG_LEVEL": "WARNING"}

    def local(self, argv):
        parts = [interpolate(str(part), self.variables) for part in argv]
        parts = [part.replace("/tmp/scheduler", str(self.folder / "scheduler")) for part in parts]
        return [self.port if part == "8000" else part for part in parts]

    def run(self, service, argv):
        environment, command = self.environment(service), self.local(argv)
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)

    def start(self, service):
        command = self.local(SERVICES[service]["command"])
        with open(self.folder / f"{service}.log", "wb") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment(service), stdout=log, stderr=log)

    def becomes_healthy(self, service, process, seconds=60):
        kind, *test = SERVICES[service]["healthcheck"]["test"]
        argv = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        deadline = time.monotonic() + seconds
        while self.run(service, argv).returncode:
            assert process.poll() is None, (self.folder / f"{service}.log").read_text()
            assert time.monotonic() < deadline, (self.folder / f"{service}.log").read_text()
            time.sleep(0.5)
        return True


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """A migrated database of its own, as the service `migrate` leaves it, and static files as the image holds them."""
    servers = psycopg2.connect(os.environ["DATABASE_URL"])
    servers.autocommit = True
    with servers.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS production WITH (FORCE)")
        cursor.execute("CREATE DATABASE production")
    database_url = re.sub(r"/portal(\?|$)", r"/production\1", os.environ["DATABASE_URL"])
    folder = tmp_path_factory.mktemp("production")
    ours = Production(folder, database_url, re.sub(r"/0$", "/9", os.environ["REDIS_URL"]))
    collected = ours.run("web", ["python", "manage.py", "collectstatic", "--noinput"])
    assert collected.returncode == 0, collected.stderr
    migrated = ours.run("migrate", SERVICES["migrate"]["command"])
    assert migrated.returncode == 0, migrated.stderr
    yield ours
    with servers.cursor() as cursor:
        cursor.execute("DROP DATABASE production WITH (FORCE)")
    servers.close()


@pytest.fixture
def running(production):
    processes = []

    def start(service):
        processes.append(production.start(service))
        return processes[-1]

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(40)


def fetch(production, path, **headers):
    """(status, body) of the web service, asked as the city's proxy asks; redirects are not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    request = urllib.request.Request(
        f"http://127.0.0.1:{production.port}{path}", headers={"Host": "zz.example.cn"} | headers
    )
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def test_the_file_keeps_the_compose_specification():
    schema = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text()))


def test_every_service_that_stays_has_a_health_check():
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["migrate"]


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_compose_refuses_to_start_without(name):
    variables = dict.fromkeys(SECRETS, "given") | {name: ""}
    with pytest.raises(KeyError, match=name):
        interpolate(json.dumps(COMPOSE), variables)


def test_every_variable_that_compose_hands_over_is_read_by_the_settings():
    source = (ROOT / "portal" / "settings.py").read_text()
    assert not [name for name in SERVICES["web"]["environment"] if f'"{name}"' not in source]


def test_the_key_of_the_e_licences_is_the_workers_alone():
    holders = [name for name, service in SERVICES.items() if "LICENCE_KEY_FILE" in json.dumps(service)]
    assert holders == ["worker"]


def test_the_image_runs_without_root_and_looks_after_its_health():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]
    assert [line for line in lines if line.startswith("HEALTHCHECK ")]


def test_the_image_and_compose_start_the_same_web_server():
    command = next(line for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("CMD "))
    assert json.loads(command.removeprefix("CMD ")) == SERVICES["web"]["command"]


def test_the_web_service_answers_and_sends_plain_http_to_https(production, running):
    assert production.becomes_healthy("web", running("web"))
    assert fetch(production, "/healthz") == (200, "ok")
    assert fetch(production, "/readyz")[0] == 200
    assert fetch(production, "/")[0] == 301
    status, page = fetch(production, "/", **{"X-Forwarded-Proto": "https"})
    assert status == 200
    assert fetch(production, "/no-such-page/", **{"X-Forwarded-Proto": "https"})[0] == 404
    styles = re.search(r'href="(/static/portal[^"]+\.css)"', page)[1]
    assert fetch(production, styles, **{"X-Forwarded-Proto": "https"})[0] == 200
    assert fetch(production, "/healthz", Host="other.example.cn")[0] == 400


def test_the_worker_and_the_scheduler_start_and_become_healthy(production, running):
    worker, scheduler = running("worker"), running("scheduler")
    assert production.becomes_healthy("worker", worker)
    assert production.becomes_healthy("scheduler", scheduler)


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL"])
def test_no_process_starts_without(production, name):
    environment = production.environment("web") | {name: ""}
    command = [sys.executable, "manage.py", "check", "--deploy"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert name in done.stderr.strip().splitlines()[-1]


def test_the_deployment_check_of_django_finds_nothing(production):
    done = production.run("web", ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"])
    assert done.returncode == 0, done.stderr
