"""What all tests may ask for."""

import functools

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django.plugin import blocking_manager_key

from guidance import loading, releases
from guidance.management.catalogues import FOLDER
from guidance.models import Release
from licensing.files import quarantine
from tests.routing.conftest import write_first_terms

_counts_left = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items):
    """Files with tests that wait for browsers and processes go first, so that no worker ends alone with one of them."""
    waiting = {item.path for item in items for name in ("browser", "processes") if item.get_closest_marker(name)}
    items.sort(key=lambda item: item.path not in waiting)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test with real transactions empties the tables behind it: fill them again once, not in each test.

    With the catalogue, and with what migrations have written. The cache is no model's table and is emptied by nobody:
    the counts of a throttle would stay. A fixture would come too late: by then the test's own transaction may have
    begun.
    """
    if _commits(item):
        item.config.stash[_counts_left] = True
    elif item.config.stash.get(_counts_left, False):
        with item.config.stash[blocking_manager_key].unblock():
            # One that was skipped may have come before there was a database of the tests.
            if connection.settings_dict["NAME"].startswith("test_"):
                cache.clear()
        item.config.stash[_counts_left] = False
    if "_loaded_once" in item.fixturenames and _documents.cache_info().currsize and not _commits(item):
        with item.config.stash[blocking_manager_key].unblock():
            if not Release.objects.exists():
                publish_catalogue()
                write_first_terms()


def _commits(item):
    marker = item.get_closest_marker("django_db")
    return (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & {*item.fixturenames}


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    # A real hash takes a third of a second, and a case easily makes five users.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _loaded_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        publish_catalogue()


def publish_catalogue():
    """The real catalogue, published unless one is."""
    if not Release.objects.exists():
        loading.publish(_documents())


@functools.cache
def _documents():
    # To read and to check them takes half a second.
    return loading.checked_documents(FOLDER)


@pytest.fixture
def catalogue(db, _loaded_once):
    """The real catalogue, published; a Catalogue."""
    publish_catalogue()
    return releases.load(releases.current().pk)


@pytest.fixture
def files_checked(db):
    """A function that does what a worker does in a second: it looks into all files that wait."""
    return quarantine.check_waiting
