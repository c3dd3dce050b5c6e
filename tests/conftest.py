"""What all tests may ask for."""

import pytest
from django.core.management import call_command

from guidance import releases
from guidance.models import Release
from licensing.files import quarantine


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    # A real hash takes a third of a second, and a case easily makes five users.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _loaded_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_catalogue", verbosity=0)


@pytest.fixture
def catalogue(db, _loaded_once):
    """The real catalogue, published; a Catalogue."""
    # Tests with real transactions empty the tables behind them.
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.load(releases.current().pk)


@pytest.fixture
def files_checked(db):
    """A function that does what a worker does in a second: it looks into all files that wait."""
    return quarantine.check_waiting
