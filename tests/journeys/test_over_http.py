"""The whole way over plain HTTP, while the worker is killed and Redis forgets everything."""

from collections import Counter

import pytest

from portal.demo import PASSWORD
from tests.journeys import applicant, officers
from tests.journeys.stories import STORIES
from tests.journeys.walkers import HttpWalker

pytestmark = pytest.mark.processes


def test_all_three_complete_once_though_the_worker_is_killed_and_redis_is_flushed(stack, paper):
    applications = {name: _apply(stack, story, paper) for name, story in STORIES.items()}
    stack.kill_worker()
    stack.flush_redis()
    stack.worker.start()
    for name, application in applications.items():
        stack.until(lambda: _statuses(stack, application), what=f"the tasks of {name}")  # noqa: B023
    walkers = {}

    def officer(username):
        if username not in walkers:
            walkers[username] = HttpWalker(stack.address)
            applicant.sign_in(walkers[username], username, PASSWORD)
        return walkers[username]

    for name, application in applications.items():
        story = STORIES[name]
        assert set(_statuses(stack, application)) == story.items
        assert {code for code, status in _statuses(stack, application).items() if status == "waiting"} == story.waiting
        officers.decide_all(stack, application, officer, granting=_face_of(story))
    stack.kill_worker()
    stack.worker.start()
    for application in applications.values():
        stack.until(lambda: _application(stack, application)[0] == "completed", what=application)  # noqa: B023
    _nothing_is_lost_or_doubled(stack, applications)


def _apply(stack, story, paper):
    walker = HttpWalker(stack.address)
    applicant.sign_in(walker, story.username, PASSWORD)
    return applicant.apply(walker, story, paper)


def _face_of(story):
    return lambda item: {"uscc": story.uscc, "name": story.who} if item == "business-registration" else {}


def _statuses(stack, application):
    return dict(
        stack.query(
            """SELECT item_code, task.status FROM routing_approvaltask task
            JOIN licensing_application filed ON filed.id = application_id WHERE filed.public_id = %s""",
            application,
        )
    )


def _application(stack, application):
    return stack.query("SELECT status, number FROM licensing_application WHERE public_id = %s", application)[0]


def _nothing_is_lost_or_doubled(stack, applications):
    tasks = stack.query("SELECT application_id, item_code FROM routing_approvaltask")
    assert len(tasks) == len(set(tasks)) == sum(len(story.items) for story in STORIES.values())
    issued = stack.query("SELECT source_task_id FROM certificates_licence WHERE source_task_id IS NOT NULL")
    with_certificate = {code for code, item in applicant.CATALOGUE.items.items() if item.certificate_name}
    assert len(issued) == len([item for _, item in tasks if item in with_certificate])
    assert not stack.query("SELECT id FROM exchange_delivery WHERE done_at IS NULL")
    events = Counter(stack.query("SELECT application_id, item_code, event FROM licensing_logentry"))
    assert [event for event, times in events.items() if times > 1] == []
