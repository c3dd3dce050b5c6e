"""What raw SQL, a shell or a mistaken line of code cannot undo: the database itself says no."""

import pytest
from django.db import DatabaseError, connection, transaction

from certificates import annulling
from tests.factories import (
    AfterCheckFactory,
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    LicenceFactory,
    PremisesFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """A submitted application with a granted and a refused task, a licence, and a place of somebody else."""
    task = ApprovalTaskFactory(granted=True)
    ApprovalTaskFactory(application=task.application, item_code="drainage", refused=True)
    LicenceFactory(source_task=task, holder=task.application.enterprise, premises=task.application.premises)
    PremisesFactory(name="别人的店")
    EnterpriseFactory(name="别人")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE licensing_application SET status = 'draft'",
        "UPDATE licensing_application SET snapshot = '{}'",
        "UPDATE licensing_application SET snapshot_sha256 = 'x'",
        "UPDATE licensing_application SET number = NULL",
        "UPDATE licensing_application SET enterprise_id = (SELECT id FROM licensing_enterprise WHERE name = '别人')",
        "DELETE FROM licensing_application",
        "UPDATE routing_approvaltask SET status = 'refused', reason = '不行' WHERE status = 'granted'",
        "UPDATE routing_approvaltask SET status = 'accepted' WHERE status = 'refused'",
        "UPDATE routing_approvaltask SET face = '{}' WHERE status = 'granted'",
        "DELETE FROM routing_approvaltask",
        "DELETE FROM certificates_licence",
        "UPDATE certificates_licence SET premises_id = (SELECT id FROM licensing_premises WHERE name = '别人的店')",
    ],
)
def test_the_database_refuses(rows, statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


def test_a_draft_is_for_premises_of_its_own_enterprise():
    ApplicationFactory()
    stranger = PremisesFactory()
    with pytest.raises(DatabaseError, match="premises_are_the_enterprises_own"), transaction.atomic():
        run(f"UPDATE licensing_application SET premises_id = {stranger.pk}")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_licence SET status = 'valid'",
        "UPDATE certificates_licence SET status = 'withdrawn'",
        "UPDATE certificates_ending SET paragraphs = '[]'",
        "DELETE FROM certificates_ending",
        "UPDATE certificates_endingproposal SET reason = '别的'",
        "UPDATE certificates_endingproposal SET approved = false",
        "DELETE FROM certificates_endingproposal",
    ],
)
def test_an_annulment_stays(granted, staff, statement):
    licence = granted()
    officer, head, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, {"ground": "fraud", "reason": "假材料", "heard": "无意见"})
    annulling.approve(proposal, head)
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


def test_an_annulled_licence_is_cancelled_and_then_stays_so():
    licence = LicenceFactory(status="annulled")
    run("UPDATE certificates_licence SET status = 'cancelled'")
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"UPDATE certificates_licence SET status = 'annulled' WHERE id = {licence.pk}")


@pytest.mark.parametrize("status", ["passed", "rectified", "annulled"])
@pytest.mark.parametrize(
    "statement", ["UPDATE routing_aftercheck SET status = 'pending'", "DELETE FROM routing_aftercheck"]
)
def test_a_check_that_is_closed_stays_so(status, statement):
    AfterCheckFactory(rectifying=True, status=status)
    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)
