import time

import pytest
from django.db import connection, models

from licensing.models.application import ApplicationQuerySet
from routing import correcting, deferring, moving, withdrawing
from routing.models import ApprovalTask
from routing.models.task import ApprovalTaskQuerySet
from tests.licensing.conftest import storage_folder  # noqa: F401
from tests.races.harness import PAUSE, Constraints
from tests.routing.conftest import city, first_terms, submit  # noqa: F401

# What stands behind the lock and the guarded UPDATE: (table, trigger).
TRIGGERS = [
    ("licensing_application", "what_was_signed_stays"),
    ("routing_approvaltask", "a_decision_stays"),
    ("routing_clockstop", "an_ended_stop_stays"),
    ("routing_proposal", "a_settled_proposal_stays"),
    ("routing_correction", "an_ended_correction_stays"),
    ("routing_correctionpoint", "an_answer_stays"),
]


@pytest.fixture
def slowly(monkeypatch):
    """Widen the gap of every move, between what it checks and what it writes."""
    objection = moving.objection

    def slow(task, user, name):
        why = objection(task, user, name)
        time.sleep(PAUSE)
        return why

    monkeypatch.setattr(moving, "objection", slow)


@pytest.fixture
def guards():
    """guards.off() takes the lock, the guarded UPDATE and the triggers away; guards.on() gives them back."""
    guards = Guards()
    yield guards
    guards.on()


class Guards:
    """constraints: what else stands behind them, as a harness.Constraints."""

    def __init__(self):
        self.patch, self.constraints = pytest.MonkeyPatch(), Constraints()

    def off(self):
        for module in (moving, correcting, deferring, withdrawing):
            self.patch.setattr(module, "lock", lambda application_id: None)
        self.patch.setattr(ApplicationQuerySet, "lock", lambda queryset, **which: None)
        self.patch.setattr(ApprovalTaskQuerySet, "bulk_update", _whatever_the_state, raising=False)
        self._triggers("DISABLE")
        self.constraints.drop()

    def on(self):
        self.patch.undo()
        self._triggers("ENABLE")
        self.constraints.add()

    def _triggers(self, do):
        with connection.cursor() as cursor:
            for table, trigger in TRIGGERS:
                cursor.execute(f"ALTER TABLE {table} {do} TRIGGER {trigger}")


def _whatever_the_state(queryset, tasks, fields):
    return models.QuerySet.bulk_update(ApprovalTask.objects.all(), tasks, fields)
