import pytest

from tests.portal.letters import mail_server
from tests.portal.world import World

__all__ = ["mail_server"]


@pytest.fixture
def world(catalogue):
    return World()
