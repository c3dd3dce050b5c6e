import copy
from pathlib import Path

import pytest

from guidance.reading import read_folder
from guidance.schema import Catalogue

FOLDER = Path(__file__).resolve().parent.parent.parent / "guidance" / "catalogue"
DOCUMENTS, _ = read_folder(FOLDER)


@pytest.fixture
def documents():
    """The real catalogue's documents, the test's own to change."""
    return copy.deepcopy(DOCUMENTS)


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.from_data(DOCUMENTS)
