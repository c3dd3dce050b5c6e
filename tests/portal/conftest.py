import copy

import pytest
from django.db import transaction

from tests.portal.letters import mail_server
from tests.portal.world import IDENTITIES, World

__all__ = ["mail_server"]


@pytest.fixture(scope="module")
def _world_of_module(_loaded_once, django_db_blocker):
    """The small city, built once for a module in a transaction that is never committed: it costs fifty queries."""
    whole = _like_a_tests_own()
    with django_db_blocker.unblock(), whole:
        world = World()
        world.sign_in(IDENTITIES)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(_world_of_module, django_db_blocker):
    """A World of the test's own to change; whatever the test does to its rows is undone after it."""
    with django_db_blocker.unblock(), _like_a_tests_own():
        yield copy.deepcopy(_world_of_module)
        transaction.set_rollback(True)


def _like_a_tests_own():
    """A transaction in which even what insists on being the outermost may run, as in every test's."""
    whole = transaction.atomic()
    whole._from_testcase = True
    return whole
