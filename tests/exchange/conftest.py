import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings as django_settings

from tests.exchange.kinds import EVENT_HANDLERS
from tests.exchange.sharing_server import register
from tests.portal.letters import mail_server

__all__ = ["mail_server", "register"]


@pytest.fixture(autouse=True)
def event_handlers(settings):
    settings.EVENT_HANDLERS = EVENT_HANDLERS


@pytest.fixture
def broker():
    client = redis.Redis.from_url(django_settings.CELERY_BROKER_URL)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def start_worker(transactional_db, broker):
    """Return a function that starts a Celery worker of its own on the test's database; returns its Popen."""
    workers = []

    def start(**environment):
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{django_settings.DATABASES['default']['NAME']}")
        environment |= {"DATABASE_URL": url.geturl(), "DJANGO_SETTINGS_MODULE": "tests.exchange.worker_settings"}
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal",
            "worker",
            "-c",
            "1",
            "--without-gossip",
            "-l",
            "ERROR",
        ]
        workers.append(subprocess.Popen(command, env=os.environ | environment, start_new_session=True))
        return workers[-1]

    yield start
    for worker in workers:
        kill(worker)


def kill(worker):
    """SIGKILL the worker and its pool, as a power cut would."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def eventually(condition, seconds=30):
    """Wait until the condition holds, and say whether it does."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds
