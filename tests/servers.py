"""The pytest plugin that gives a test run its own PostgreSQL, Redis and folder before Django reads its settings."""

import os

import pytest

from portal import servers

# The processes of pytest-xdist inherit the addresses of the run that started them. Each starts servers of its own all
# the same: tests flush Redis, and a Celery worker would take the messages of another process's tests. Addresses that
# somebody else has set stay.
OURS = "TESTS_STARTED"
for name in os.environ.pop(OURS, "").split():
    del os.environ[name]
missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
place = servers.temporary_place()
try:
    servers.start_throw_away(place)
except servers.ServerError as error:
    raise pytest.UsageError(str(error)) from None
# Without the thread that hears of changed pages: it would ask a database that most tests may not.
os.environ |= {OURS: " ".join(missing), "DEBUG": "1", "DATA_DIR": str(place / "files"), "PUBLIC_CACHE": "0"}
# Where collectstatic would have written; without the folder whitenoise warns.
(place / "static").mkdir()
