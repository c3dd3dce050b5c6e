import pytest
from django.db import connection, transaction

from guidance import releases
from portal.invariants.invariant import Moment
from tests.portal.invariants import story
from tests.routing.conftest import write_first_terms


@pytest.fixture(scope="module")
def told(_loaded_once, django_db_blocker):
    """The story, told once for a module in a transaction that is never committed; gives the Moment of its end."""
    whole = transaction.atomic()
    # Like a test's own transaction: what insists on being the outermost may run in it.
    whole._from_testcase = True
    with django_db_blocker.unblock(), whole:
        # Tests with real transactions may have emptied the tables before.
        write_first_terms()
        now = story.tell(releases.load(releases.current().pk))
        # So that tables can be changed: no constraint waits for the end of the transaction.
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield now
        transaction.set_rollback(True)


@pytest.fixture
def moment(told, django_db_blocker, time_machine):
    """The end of the story, with every table open to be broken; what a test breaks is whole again after it."""
    time_machine.move_to(told, tick=False)
    with django_db_blocker.unblock(), transaction.atomic():
        # Triggers and foreign keys sleep: this is what somebody with the database's own password could do.
        connection.cursor().execute("SET LOCAL session_replication_role = replica")
        yield Moment.at(settle=0)
        transaction.set_rollback(True)
