"""The whole way over plain HTTP, while the worker is killed and Redis forgets everything."""

from collections import Counter
from functools import partial

import pytest

from portal.demo import PASSWORD
from tests.journeys import applicant, officers
from tests.journeys.stories import STORIES
from tests.journeys.walkers import HttpWalker

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]


def test_all_three_complete_once_though_the_worker_is_killed_and_redis_is_flushed(stack, paper):
    applications = {"restaurant": _apply(stack, "restaurant", paper)}
    walker = _signed_in(stack, "store")
    applicant.prepare(walker, STORIES["store"], paper)
    stack.kill_worker()
    applications["store"] = applicant.sign(walker)
    # The hint waits in Redis for a worker that is not there; then Redis forgets it. Only PostgreSQL knows now.
    stack.flush_redis()
    assert _statuses(stack, applications["store"]) == {}
    stack.worker.start()
    applications["hotel"] = _apply(stack, "hotel", paper)
    walkers = Walkers(stack)
    for name, application in applications.items():
        story = STORIES[name]
        tasks = stack.until(partial(_statuses, stack, application), what=f"the tasks of {name}")
        assert set(tasks) == story.items
        assert {code for code, status in tasks.items() if status == "waiting"} == story.waiting
        officers.decide_all(stack, application, walkers.of, granting=story.face_of)
        stack.kill_worker()
        stack.worker.start()
    for application in applications.values():
        stack.until(partial(_is_completed, stack, application), what=f"the end of {application}")
    _nothing_is_lost_or_doubled(stack)


def test_a_licence_is_carried_on_and_only_its_next_version_is_shown(stack, paper):
    holder = _signed_in(stack, "restaurant")
    [(licence, number, enterprise, token)] = stack.query(
        """SELECT licence.public_id, number, holder.public_id, public_token FROM certificates_licence licence
        JOIN licensing_enterprise holder ON holder.id = holder_id WHERE number = 'JY24417020000015'"""
    )
    holder.visit(f"/enterprises/{enterprise}/licences/")
    holder.press(f"/licences/{licence}/renew/")
    assert "/applications/" in holder.path, holder.text[:1500]
    while not holder.path.endswith("/plan/"):
        holder.fill("继续", applicant.taking({"answer": _COOKING[holder.path.split("/")[-2]]}))
    assert f"延续 食品经营许可证，编号 {number}" in holder.text
    applicant.agree(holder)
    applicant.fill_the_form(holder)
    applicant.choose_the_ordinary_way(holder)
    applicant.hand_in_papers(holder, paper)
    application = applicant.sign(holder)
    stack.until(partial(_statuses, stack, application), what="the task of the renewal")
    officers.decide_all(stack, application, Walkers(stack).of, granting=lambda item: {"number": number})
    stack.until(partial(_is_completed, stack, application), what="the next version")
    versions = (
        "SELECT version, status, previous_id IS NULL FROM certificates_licence WHERE number = %s ORDER BY version"
    )
    assert stack.query(versions, number) == [(1, "lapsed", True), (2, "valid", False)]
    anybody = HttpWalker(stack.address)
    anybody.visit(f"/e/{token}/")
    assert anybody.text.count(number) == 1


_COOKING = {
    "staff_count": "6",
    "premises_type": "shop",
    "sectors": ["food"],
    "food_kinds": ["hot"],
    "dine_in": ["yes"],
    "online_sale": ["no"],
}


class Walkers:
    """One signed-in walker for each officer."""

    def __init__(self, stack):
        self.stack, self.walkers = stack, {}

    def of(self, username):
        if username not in self.walkers:
            self.walkers[username] = HttpWalker(self.stack.address)
            applicant.sign_in(self.walkers[username], username, PASSWORD)
        return self.walkers[username]


def _apply(stack, name, paper):
    return applicant.apply(_signed_in(stack, name), STORIES[name], paper)


def _signed_in(stack, name):
    walker = HttpWalker(stack.address)
    applicant.sign_in(walker, STORIES[name].username, PASSWORD)
    return walker


def _statuses(stack, application):
    return dict(
        stack.query(
            """SELECT item_code, task.status FROM routing_approvaltask task
            JOIN licensing_application filed ON filed.id = application_id WHERE filed.public_id = %s""",
            application,
        )
    )


def _is_completed(stack, application):
    rows = stack.query("SELECT status FROM licensing_application WHERE public_id = %s", application)
    return rows == [("completed",)]


def _nothing_is_lost_or_doubled(stack):
    tasks = stack.query("SELECT application_id, item_code FROM routing_approvaltask")
    assert len(tasks) == len(set(tasks)) == sum(len(story.items) for story in STORIES.values())
    issued = stack.query("SELECT source_task_id FROM certificates_licence WHERE source_task_id IS NOT NULL")
    with_certificate = {code for code, item in applicant.CATALOGUE.items.items() if item.certificate_name}
    assert len(issued) == len([item for _, item in tasks if item in with_certificate])
    # The application ends first; its e-licences and letters follow.
    waiting = "SELECT id FROM exchange_delivery WHERE done_at IS NULL"
    stack.until(lambda: not stack.query(waiting), what="the last delivery")
    events = Counter(stack.query("SELECT application_id, item_code, event FROM licensing_logentry"))
    assert [event for event, times in events.items() if times > 1] == []
