import copy

import pytest

from tests.exchange.sharing_server import register  # noqa: F401 - asked in these tests too
from tests.factories import offices_everywhere


@pytest.fixture
def storage_folder(settings, tmp_path):
    """Uploads go to a folder of the test's own; return it."""
    storages = copy.deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = tmp_path
    settings.STORAGES = storages
    return tmp_path


@pytest.fixture
def kept(storage_folder):
    """Return a function that lists the files in private storage now."""
    return lambda: [path for path in storage_folder.rglob("*") if path.is_file()]


@pytest.fixture
def city(catalogue):
    """江城区 in 阳江市, with an office of every department at both levels."""
    return offices_everywhere(catalogue)
