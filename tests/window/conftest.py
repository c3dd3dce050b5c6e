import pytest

from guidance.models import Clerk
from tests.factories import ClerkFactory, DivisionFactory, HallFactory, UserFactory
from tests.licensing.conftest import storage_folder
from tests.routing.conftest import city, first_terms

__all__ = ["city", "first_terms", "storage_folder"]

# Whose check character is right.
ID_NUMBER = "441702199001010003"


@pytest.fixture(autouse=True)
def _own_storage(storage_folder):
    """No test of this folder leaves a file behind."""


@pytest.fixture
def hall(db):
    return HallFactory(name="江城区政务服务中心", division=DivisionFactory())


@pytest.fixture
def clerk(hall):
    return ClerkFactory(user=UserFactory(name="何小台"), hall=hall).user


@pytest.fixture
def colleague(hall):
    return Clerk.objects.create(user=UserFactory(name="许晓窗"), hall=hall).user


@pytest.fixture
def elsewhere(db):
    """A hall in another district, and nothing of ours."""
    return HallFactory(name="阳东区政务服务中心", division=DivisionFactory(code="441704"))


@pytest.fixture
def outsider(elsewhere):
    return Clerk.objects.create(user=UserFactory(name="别处窗口"), hall=elsewhere).user
