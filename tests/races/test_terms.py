"""The applicant's answer, the paper supplied or the officer's notice against the end of their term at midnight."""

import time
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from routing import correcting, deferring, moving, stopping
from routing.decisions import accept, accept_by_silence
from routing.models import ApprovalTask, Deferral, TaskStatus, Term
from routing.refusals import NotAllowed
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    PremisesFactory,
    SubmittedMaterialFactory,
    UserFactory,
)
from tests.licensing.samples import PDF, upload
from tests.races.harness import PAUSE, Constraints, prove
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("storage_folder")]
CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 9, 9, tzinfo=CHINA)
PAPER = "mat-premises-proof"
CORRECTION_TERM = {"value": 5, "name": "补正", "unit": "工作日", "basis": "本市规定"}


def left_for_later():
    """A task accepted without its paper, its officer and applicant, and the last day for the paper."""
    with time_machine.travel(MONDAY, tick=True):
        application = ApplicationFactory.build(
            in_progress=True,
            chosen=["food-operation"],
            premises=(premises := PremisesFactory()),
            enterprise=premises.enterprise,
            filer=UserFactory(),
        )
        application.snapshot["materials"][PAPER] |= {"how": "deferred", "defer_days": 2}
        application.save()
        SubmittedMaterialFactory(application=application, code=PAPER, how="deferred")
        task = ApprovalTaskFactory(application=application)
        officer, applicant = people(task)
        accept(task, officer)
    return task, officer, applicant, Deferral.objects.get(task=task).due_on


def _over_midnight():
    while timezone.localtime().hour > 12:
        time.sleep(0.001)
    time.sleep(PAUSE * 3)


@pytest.fixture
def over_midnight(monkeypatch):
    """Who has checked before midnight writes after it; whoever comes then takes a shorter pause."""
    objection, is_late = moving.objection, correcting.is_late

    def slow_objection(task, user, name):
        why = objection(task, user, name)
        if timezone.localtime().hour < 12:
            time.sleep(PAUSE)
        elif name in ("supply", "ask_correction"):
            _over_midnight()
        return why

    def slowly_late(correction):
        late = is_late(correction)
        _over_midnight()
        return late

    monkeypatch.setattr(moving, "objection", slow_objection)
    monkeypatch.setattr(correcting, "is_late", slowly_late)


def midnight(day, before=0.4):
    """The clock runs from shortly before the end of that day, past midnight; before=0 begins the next day."""
    last = datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=1)
    return time_machine.travel(last - timedelta(seconds=before), tick=True)


def after_midnight(act, task):
    while timezone.localtime().hour > 12:
        time.sleep(0.001)
    return act(task)


def people(task):
    return PostFactory(office=task.office).user, MembershipFactory(enterprise=task.application.enterprise).user


def _only_refusals(outcomes):
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, NotAllowed):
            raise outcome


def _events(task):
    return list(task.application.log.filter(item_code=task.item_code).values_list("event", flat=True))


def test_a_paper_supplied_at_the_last_moment_is_supplied_or_the_task_ended_never_both(city, over_midnight, guards):
    def race(number):
        task, _, applicant, due = left_for_later()
        material = task.application.materials.get()
        with midnight(due):
            supply = partial(deferring.supply, task.application, material, [upload(PDF, "租赁合同.pdf")], applicant)
            outcomes = at_once(supply, partial(after_midnight, deferring.end_missed, task))
            deferring.end_missed(task)
        _only_refusals(outcomes)
        events = _events(task)
        return ("task.supplied" in events) == ("task.terminated" in events)

    prove(race, guards)


def test_a_correction_answered_at_the_last_moment_is_answered_or_returned_never_both(city, over_midnight, guards):
    Term.objects.update_or_create(code="correction_days", defaults=CORRECTION_TERM)
    guards.constraints = Constraints("routing_correction", "a_correction_is_answered_or_closed")

    def race(number):
        with time_machine.travel(MONDAY, tick=True):
            task = ApprovalTaskFactory()
            officer, applicant = people(task)
            correction = correcting.ask(task, officer, [{"about": "other", "label": "面积", "text": "请写清楚"}])
        with midnight(correction.answer_due_on):
            answer = partial(correcting.answer, task, applicant, {1: {"answer": "180 平方米"}})
            outcomes = at_once(answer, partial(after_midnight, correcting.lapse, task))
            correcting.lapse(task)
        _only_refusals(outcomes)
        events = _events(task)
        return ("task.correction_answered" in events) == ("task.returned" in events)

    prove(race, guards)


def test_what_is_told_at_the_last_moment_is_told_or_the_silence_accepts_never_both(city, over_midnight, guards):
    """The five days of art. 32(4): a notice pauses them, their end accepts."""

    def race(number):
        with time_machine.travel(MONDAY, tick=True):
            task = ApprovalTaskFactory()
            officer, _ = people(task)
        # Working days: the next Monday is the fifth.
        with midnight(MONDAY.date() + timedelta(days=7)):
            asked = [{"about": "other", "label": "面积", "text": "请写清楚"}]
            ask = partial(correcting.ask, task, officer, asked)
            outcomes = at_once(ask, partial(after_midnight, accept_by_silence, task))
        _only_refusals(outcomes)
        events = _events(task)
        return ("task.correction_asked" in events) == ("task.accepted_by_silence" in events)

    prove(race, guards)


def test_a_clock_is_stopped_before_the_paper_was_due_or_the_task_has_ended(city, slowly, guards):
    """A stop written after the end would stop the clock of a task that nobody works on."""

    def race(number):
        task, officer, _, due = left_for_later()
        with midnight(due, before=0):
            hearing = {"kind": "hearing", "started_on": due, "expected_on": due + timedelta(days=20), "reason": "听证"}
            outcomes = at_once(partial(stopping.stop, task, officer, hearing), partial(deferring.end_missed, task))
        _only_refusals(outcomes)
        now = ApprovalTask.objects.get(pk=task.pk)
        return now.status != TaskStatus.TERMINATED or now.clock_stopped or now.stops.filter(ended_on=None).exists()

    prove(race, guards)
