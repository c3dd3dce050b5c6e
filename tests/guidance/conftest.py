import pickle

import pytest
from django.db import connection

from guidance.management.catalogues import FOLDER
from guidance.reading import read_folder
from guidance.schema import Catalogue

DOCUMENTS, _ = read_folder(FOLDER)


@pytest.fixture
def documents():
    """The real catalogue's documents, the test's own to change."""
    # Ten times quicker than a deep copy.
    return pickle.loads(pickle.dumps(DOCUMENTS))


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.from_data(DOCUMENTS)


@pytest.fixture
def nothing_published(db):
    """Other tests leave the published catalogue in the database; within this test it is as new."""
    with connection.cursor() as cursor:
        # Published rows cannot be deleted; emptying the tables is rolled back with the test.
        cursor.execute("TRUNCATE guidance_release, guidance_department CASCADE")
