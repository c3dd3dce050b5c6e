"""The city that is measured is a lawful one, in all the states that a portal has."""

import pytest
from django.core.management import call_command

from portal.benchmarks import desk
from portal.benchmarks.city import City
from portal.invariants.every import INVARIANTS
from portal.invariants.invariant import Moment, ask
from routing.models import ApprovalTask, TaskStatus


@pytest.fixture
def city(catalogue):
    call_command("load_calendar", verbosity=0)
    City(tasks_each=2).write(120)


def test_it_breaks_no_invariant(city):
    outcomes = [ask(invariant, Moment.at()) for invariant in INVARIANTS]
    assert [outcome for outcome in outcomes if outcome.total] == []


def test_it_has_tasks_in_every_state_that_needs_no_other_item(city):
    states = set(ApprovalTask.objects.values_list("status", flat=True))
    assert states == set(TaskStatus) - {TaskStatus.WAITING, TaskStatus.TERMINATED}


def test_each_page_that_is_measured_is_there(city, client, django_user_model):
    for _, user in desk.people():
        client.force_login(user)
        for query in desk.PAGES.values():
            assert client.get(desk.address() + query).status_code == 200
