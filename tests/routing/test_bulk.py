"""Accepting what is ticked in the queue: each task for itself, and what was not accepted is named with why."""

import pytest

from licensing.models import UntrustworthyEntry
from routing.decisions import accept
from routing.models import ApprovalTask, TaskStatus
from routing.withdrawing import withdraw
from tests.factories import ApprovalTaskFactory, MembershipFactory, PostFactory

ACCEPT = "/admin/routing/approvaltask/accept/"


@pytest.fixture
def officer(client, city):
    user = PostFactory().user
    client.force_login(user)
    return user


def post(client, *tasks, **more):
    return client.post(ACCEPT, {"task": [task.public_id for task in tasks]} | more, follow=True)


def status(task):
    return ApprovalTask.objects.get(pk=task.pk).status


def test_ticked_tasks_are_accepted_each_with_its_log_and_document(client, officer):
    tasks = ApprovalTaskFactory.create_batch(3)
    assert "已受理 3 件" in post(client, *tasks).content.decode()
    for task in tasks:
        assert status(task) == TaskStatus.ACCEPTED
        assert [entry.event for entry in task.application.log.all()] == ["task.accepted"]
        assert task.documents.count() == 1


def test_what_cannot_be_accepted_is_named_and_keeps_none_of_the_others(client, officer):
    good, decided, withdrawn, party, promised = ApprovalTaskFactory.create_batch(5)
    accept(decided, PostFactory(user__name="赵六").user)
    withdraw(withdrawn.application, MembershipFactory(enterprise=withdrawn.application.enterprise).user)
    MembershipFactory(user=officer, enterprise=party.application.enterprise)
    ApprovalTask.objects.filter(pk=promised.pk).update(by_commitment=True)
    enterprise = promised.application.enterprise
    UntrustworthyEntry.objects.create(
        uscc=enterprise.uscc, name=enterprise.name, reason="承诺不实", source="公示", entered_by=officer
    )
    text = post(client, good, decided, withdrawn, party, promised).content.decode()
    assert "已受理 1 件" in text
    assert text.count("没有受理：") == 4
    for task, why in ((decided, "赵六 已在"), (withdrawn, "已撤回"), (party, "应当回避"), (promised, "失信主体名单")):
        assert why in text[text.index(f"没有受理：{task.item.name}（{task.application.number}）") :]
    assert status(good) == TaskStatus.ACCEPTED
    assert [status(task) for task in (party, promised)] == [TaskStatus.RECEIVED] * 2


def test_another_offices_task_is_not_even_named(client, officer):
    other = ApprovalTaskFactory(item_code="drainage")
    text = post(client, other).content.decode()
    assert other.application.number not in text
    assert status(other) == TaskStatus.RECEIVED


def test_nothing_ticked_is_said_and_rubbish_is_passed_over(client, officer):
    assert "请先勾选" in client.post(ACCEPT, follow=True).content.decode()
    task = ApprovalTaskFactory()
    ids = ["rubbish", "\0", "9" * 5000, str(task.public_id)]
    assert "已受理 1 件" in client.post(ACCEPT, {"task": ids}, follow=True).content.decode()


def test_the_officer_comes_back_to_the_queue_as_it_was(client, officer):
    filters = "state=received&whose=nobody&page=2&next=https://evil.example"
    answer = client.post(ACCEPT, {"task": [], "filters": filters})
    assert answer.url == "/admin/routing/approvaltask/?state=received&whose=nobody&page=2"
    assert client.get(ACCEPT).status_code == 405


def test_only_what_can_be_accepted_is_ticked(client, officer):
    received, accepted = ApprovalTaskFactory(), ApprovalTaskFactory(accepted=True)
    text = client.get("/admin/routing/approvaltask/").content.decode()
    assert f'value="{received.public_id}"' in text
    assert f'value="{accepted.public_id}"' not in text
