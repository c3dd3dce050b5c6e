"""Two officers, or an officer and the applicant, decide on one task in the same moment (each with its control run)."""

import time
from functools import partial

import pytest
from django.db import transaction

from certificates import gathering, issuing
from certificates.gathering import gather
from certificates.models import Licence
from guidance.models import Post
from licensing.models import Application
from routing import moving
from routing.decisions import grant, refuse
from routing.models import ApprovalTask, TaskStatus
from routing.refusals import AlreadyDecided, NotAllowed
from routing.withdrawing import withdraw
from tests.factories import ApplicationFactory, ApprovalTaskFactory, MembershipFactory, PostFactory
from tests.races.harness import PAUSE, Constraints, ends, prove
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def face(number):
    return {"number": f"许{number}", "issued_on": "2026-03-02", "valid_until": None, "scope": ""}


def accepted():
    """An accepted task, two officers of its office and an applicant."""
    task = ApprovalTaskFactory(accepted=True)
    officers = [PostFactory(office=task.office).user for _ in range(2)]
    return task, *officers, MembershipFactory(enterprise=task.application.enterprise).user


def test_a_grant_and_a_refusal_are_one_decision(city, slowly, guards):
    def race(number):
        task, first, second, _ = accepted()
        outcomes = at_once(partial(grant, task, first, face(number)), partial(refuse, task, second, "不符合条件"))
        lost = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDecided)]
        if len(lost) == 1:
            winner = second if outcomes[0] is lost[0] else first
            assert str(winner) in str(lost[0]), "the loser is told who was faster"
        return ends(task.application) != {task.item_code: 1} or len(lost) != 1

    prove(race, guards)


def test_a_task_is_withdrawn_or_granted_never_both(city, slowly, guards):
    def race(number):
        task, officer, _, applicant = accepted()
        at_once(partial(grant, task, officer, face(number)), partial(withdraw, task.application, applicant))
        return ends(task.application) != {task.item_code: 1}

    prove(race, guards)


def test_a_withdrawn_task_never_gets_a_licence(city, slowly, guards):
    def race(number):
        task, officer, _, applicant = accepted()

        def grant_and_gather():
            grant(task, officer, face(number))
            gather(task.application_id)

        at_once(grant_and_gather, partial(withdraw, task.application, applicant))
        gather(task.application_id)
        task.refresh_from_db()
        has_licence = Licence.objects.filter(source_task=task).exists()
        return has_licence != (task.status == TaskStatus.GRANTED) or ends(task.application) != {task.item_code: 1}

    prove(race, guards)


class Unlocked:
    """Application without its row lock, for the control run of gathering."""

    class objects:
        filter = Application.objects.filter

        @staticmethod
        def select_for_update(**options):
            return Application.objects.all()


class WithoutTheGatherersLock:
    """And without the unique constraints that stand behind it."""

    def __init__(self):
        self.patch = pytest.MonkeyPatch()
        self.constraints = Constraints(
            "certificates_licence",
            "certificates_licence_source_task_id_key",
            "one_licence_per_office_number_and_version",
        )

    def off(self):
        self.patch.setattr(gathering, "Application", Unlocked)
        self.constraints.drop()

    def on(self):
        self.patch.undo()
        self.constraints.add()


def test_of_the_last_two_tasks_decided_together_one_gatherer_ends_the_application(city, slowly, monkeypatch):
    load = issuing.releases.load

    def slow_load(release_id):
        # Between asking which licences are missing and writing them.
        time.sleep(PAUSE)
        return load(release_id)

    def race(number):
        application = ApplicationFactory(in_progress=True, chosen=["food-operation", "drainage"])
        tasks = [
            ApprovalTaskFactory(item_code=code, application=application, accepted=True) for code in application.chosen
        ]
        officers = [PostFactory(office=task.office).user for task in tasks]

        def decide(task, officer):
            grant(task, officer, face(f"{number}-{task.item_code}"))
            if number % 2:
                gather(task.application_id)

        decisions = [partial(decide, *pair) for pair in zip(tasks, officers, strict=True)]
        # Every message comes twice, and once the sweeper is there as well.
        failed = [*at_once(*decisions), *at_once(*[partial(gather, application.pk)] * 3)]
        application.refresh_from_db()
        closings = application.log.filter(event="application.completed").count()
        licences = Licence.objects.filter(source_task__in=tasks).count()
        return any(failed) or (application.status, closings, licences) != ("completed", 1, 2)

    monkeypatch.setattr(issuing.releases, "load", slow_load)
    prove(race, WithoutTheGatherersLock())


class WithoutHoldingThePost:
    """The decision does not hold the post of who decides."""

    def __init__(self):
        self.patch = pytest.MonkeyPatch()

    def off(self):
        self.patch.setattr(moving, "hold_post", lambda office_id, user: None)

    def on(self):
        self.patch.undo()


def test_whose_post_is_taken_away_first_decides_nothing_more(city, slowly):
    def race(number):
        task, officer, *_ = accepted()

        @transaction.atomic
        def take_away():
            time.sleep(PAUSE / 2)
            Post.objects.filter(user=officer).delete()
            return ApprovalTask.objects.get(pk=task.pk).status

        decided, before = at_once(partial(grant, task, officer, face(number)), take_away)
        if isinstance(decided, Exception) and not isinstance(decided, NotAllowed):
            raise decided
        task.refresh_from_db()
        return before == TaskStatus.ACCEPTED and task.status == TaskStatus.GRANTED

    prove(race, WithoutHoldingThePost())
