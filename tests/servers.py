"""The pytest plugin that gives a test run its own PostgreSQL, Redis and folder before Django reads its settings."""

import os

import pytest

from portal import servers

# The children of pytest-xdist inherit the addresses from the run that started them.
if "PYTEST_XDIST_WORKER" not in os.environ:
    place = servers.temporary_place()
    try:
        servers.start_throw_away(place)
    except servers.ServerError as error:
        raise pytest.UsageError(str(error)) from None
    os.environ["DEBUG"] = "1"
    os.environ["DATA_DIR"] = str(place / "files")
    # Where collectstatic would have written; without the folder whitenoise warns.
    (place / "static").mkdir()
