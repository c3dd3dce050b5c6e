"""The queue: the most urgent first, and beside every filter the number of rows it leads to."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from guidance.models import Role
from routing import clock
from routing.lamps import AT_WORK, STOPPED, lamp_of, shown_lamp
from routing.load import loads_of
from routing.models import ApprovalTask, Proposal, TaskStatus
from routing.queue import LAMPS, STATES, WHOSE, Choice, Queue
from tests.factories import ApprovalTaskFactory, DepartmentFactory, EnterpriseFactory, OfficeFactory, PostFactory

QUEUE = "/admin/routing/approvaltask/"
LOAD = f"{QUEUE}load/"


@pytest.fixture
def officer(client, city):
    """An officer of the market supervision of 江城区, signed in."""
    user = PostFactory().user
    client.force_login(user)
    return user


def due(days, **traits):
    day = timezone.localdate() + timedelta(days=days)
    return ApprovalTaskFactory(committed_due_on=day, warns_on=day - timedelta(days=2), **traits)


def named(name, **traits):
    return {"application__enterprise": EnterpriseFactory(name=name)} | traits


@pytest.fixture
def all_sorts(officer):
    """Tasks of every state, lamp, person in charge and item, in two offices of the officer and one of others."""
    today = timezone.localdate()
    colleague = PostFactory().user
    second = PostFactory(user=officer, office=OfficeFactory(department=DepartmentFactory(code="health"))).office
    for days, who, state in product((-3, 1, 9), (None, officer, colleague), ({}, {"accepted": True})):
        due(days, assignee=who, **state)
    due(-5, accepted=True, statutory_due_on=today - timedelta(days=1))
    due(-5, accepted=True, statutory_due_on=today - timedelta(days=1), clock_stopped=True)
    due(-5, accepted=True, statutory_due_on=today + timedelta(days=1), clock_stopped=True, statutory_stopped=True)
    due(-5, status=TaskStatus.CORRECTION, clock_stopped=True)
    ApprovalTaskFactory(waiting=True)
    ApprovalTaskFactory(granted=True)
    ApprovalTaskFactory(refused=True)
    due(2, item_code="public-place-hygiene", office=second)
    due(2, item_code="drainage")
    Proposal.objects.create(
        task=due(4, accepted=True), outcome=TaskStatus.REFUSED, reason="不符合", proposed_by=colleague
    )
    return officer


def test_every_count_equals_the_rows_it_leads_to(all_sorts):
    offices = ["", *Queue(all_sorts).office_names]
    looks = list(product(STATES, ["", *LAMPS], ["", *WHOSE], offices, ["", "public-place-hygiene"]))
    for text in ("", "好味道"):
        # One count serves all filters of a page, as in the view.
        queue, shown = Queue(all_sorts, Choice(text=text)), 0
        for state, lamp, whose, office, item in looks:
            queue.choice = Choice(state, lamp, whose, office, item, text)
            assert queue.number == queue.rows().count(), queue.choice
            shown += queue.number
        assert shown


def test_the_lamp_in_the_database_is_the_clocks(all_sorts):
    today = timezone.localdate()
    tasks = ApprovalTask.objects.annotate(lamp=shown_lamp(today))
    assert {task.lamp for task in tasks} == {"", STOPPED, *clock.Lamp} - {clock.Lamp.NONE} | {""}
    for task in tasks:
        expected = lamp_of(task, today)
        if not expected and task.clock_stopped and task.status in AT_WORK:
            expected = STOPPED
        assert task.lamp == expected


def test_the_queue_lists_my_offices_open_tasks_the_most_urgent_first(client, officer):
    due(1, **named("明天店"))
    due(0, **named("今天店"))
    due(-1, **named("昨天店"))
    due(-9, clock_stopped=True, **named("停钟店"))
    ApprovalTaskFactory(granted=True, **named("办好的店"))
    due(1, item_code="drainage", **named("别家机关的店"))
    text = client.get(QUEUE).content.decode()
    assert text.index("昨天店") < text.index("今天店") < text.index("明天店") < text.index("停钟店")
    tags = re.findall(r'<span class="tag [^"]*">([^<]+)</span>', text)
    assert [tag for tag in tags if tag != "已收件"] == ["黄牌", "预警", "今天到期", "预警", "停钟"]
    assert "办好的店" not in text
    assert "别家机关的店" not in text
    assert "办好的店" in client.get(QUEUE, {"state": "decided"}).content.decode()


@pytest.mark.parametrize("text", ["YZ20260302", "好味道", "91441702"])
def test_the_queue_is_searched_by_number_name_and_uscc(client, officer, text):
    task = ApprovalTaskFactory()
    assert str(task.public_id) in client.get(QUEUE, {"q": text, "state": "all"}).content.decode()
    assert str(task.public_id) not in client.get(QUEUE, {"q": "没有这一家"}).content.decode()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "x", "lamp": "绿灯", "whose": "all", "item": "../", "page": "-3"},
        {"office": "9" * 40},
        {"q": "a\0b"},
        {"q": "%" * 500},
        {"page": "9" * 40},
    ],
)
def test_filters_that_make_no_sense_are_left_out(client, officer, nonsense):
    task = ApprovalTaskFactory()
    assert str(task.public_id) in client.get(QUEUE, nonsense).content.decode()


def test_another_offices_number_shows_no_more_than_ones_own(client, officer):
    mine, other = ApprovalTaskFactory(), ApprovalTaskFactory(item_code="drainage")
    text = client.get(QUEUE, {"office": other.office_id, "state": "all"}).content.decode()
    assert str(other.public_id) not in text
    assert str(mine.public_id) in text


@pytest.mark.parametrize("look", [{}, {"state": "all"}, {"q": "好味道"}, {"lamp": "黄牌"}])
def test_the_queues_queries_do_not_grow_with_its_rows(client, officer, django_assert_max_num_queries, look):
    for rows in (1, 25):
        for _ in range(rows):
            due(-1, assignee=officer)
        with django_assert_max_num_queries(10):
            client.get(QUEUE, look)


def test_the_index_takes_a_constant_of_queries(client, all_sorts, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        answer = client.get("/admin/")
    for office in answer.context["offices"]:
        for figure in office["figures"]:
            rows = client.get(QUEUE, figure["look"].dict()).context["page"].paginator.count
            assert figure["number"] == rows, figure


def test_a_head_sees_who_has_how_much_and_what_presses(client, all_sorts, django_assert_max_num_queries):
    office = ApprovalTask.objects.filter(item_code="food-operation").first().office
    head = PostFactory(office=office, role=Role.HEAD, user__name="负责人甲").user
    client.force_login(head)
    with django_assert_max_num_queries(14):
        text = client.get(LOAD).content.decode()
    assert "负责人甲" in text
    loads = loads_of(office)
    assert sum(load.open for load in loads) == ApprovalTask.objects.open().filter(office=office).count()
    assert [(load.red, load.yellow, load.warning) for load in loads if load.officer is None] == [(2, 2, 2)]
    assert "YZ" in text


def test_only_a_head_sees_the_load(client, officer):
    assert client.get(LOAD).status_code == 404


def test_a_head_reassigns_what_is_ticked_to_an_officer_of_the_office(client, city):
    task, other = due(-1), due(-1, item_code="drainage")
    head = PostFactory(office=task.office, role=Role.HEAD).user
    colleague = PostFactory(office=task.office).user
    client.force_login(head)
    address = f"{LOAD}{task.office_id}/reassign/"
    ids = [task.public_id, other.public_id, "rubbish"]
    answer = client.post(address, {"task": ids, "officer": colleague.pk}, follow=True)
    assert "已把 1 件改派给" in answer.content.decode()
    assert ApprovalTask.objects.get(pk=task.pk).assignee == colleague
    assert ApprovalTask.objects.get(pk=other.pk).assignee is None
    stranger = PostFactory(office=other.office).user
    for officer in (stranger.pk, "", "9" * 30):
        answer = client.post(address, {"task": ids, "officer": officer}, follow=True)
        assert "选择新的承办人" in answer.content.decode()
    assert client.post(f"{LOAD}{other.office_id}/reassign/", {"task": ids}).status_code == 404
