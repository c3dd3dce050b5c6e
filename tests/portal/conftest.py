import pytest

from tests.portal.world import World


@pytest.fixture
def world(catalogue):
    return World()
