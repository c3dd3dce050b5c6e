import pytest

from guidance.models import Role
from tests.factories import ApprovalTaskFactory, LicenceFactory, PostFactory
from tests.routing.conftest import city, file, first_terms  # noqa: F401 - the same city


@pytest.fixture
def granted(catalogue):
    """granted(**task traits) → a licence that a granted task of 江城区市场监督管理局 gave."""

    def granted(licence=None, **traits):
        task = ApprovalTaskFactory(granted=True, **traits)
        own = {"source_task": task, "holder": task.application.enterprise, "premises": task.application.premises}
        return LicenceFactory(office=task.office, number=task.face["number"], **own | (licence or {}))

    return granted


@pytest.fixture
def staff():
    """staff(office) → an officer and two heads of it."""

    def staff(office):
        return tuple(PostFactory(office=office, role=role).user for role in (Role.OFFICER, Role.HEAD, Role.HEAD))

    return staff
