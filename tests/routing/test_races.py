"""Several officers and workers in the same moment: real threads, real transactions."""

from functools import partial

import pytest

from exchange.models import Event
from licensing import chain
from routing.decisions import accept, grant, refuse
from routing.models import ApprovalTask, TaskStatus
from routing.prerequisites import release_dependents
from routing.splitting import split_application
from tests.factories import ApplicationFactory, ApprovalTaskFactory, EnterpriseFactory, PostFactory, uscc_of
from tests.threads import refusals_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def face(number, **more):
    return {"number": number, "issued_on": "2026-03-02", "valid_until": None, "scope": "", **more}


def decisions():
    return Event.objects.filter(kind="task.decided").count()


def test_of_two_officers_one_accepts(city):
    for _ in range(ROUNDS):
        task = ApprovalTaskFactory()
        first, second = PostFactory(office=task.office).user, PostFactory(office=task.office).user
        refused = refusals_at_once(partial(accept, task, first), partial(accept, task, second))
        assert len(refused) == 1
        assert "把这件办为“已受理”" in refused[0]
        assert task.application.log.filter(event="task.accepted").count() == 1


def test_a_grant_and_a_refusal_at_once_are_one_decision(city):
    for number in range(ROUNDS):
        task = ApprovalTaskFactory(accepted=True)
        first, second = PostFactory(office=task.office).user, PostFactory(office=task.office).user
        refused = refusals_at_once(
            partial(grant, task, first, face(f"JY{number}")), partial(refuse, task, second, "不符合条件")
        )
        assert len(refused) == 1
        assert decisions() == number + 1
        assert chain.verify(task.application.log) is None


def test_two_applications_cannot_get_one_number(city):
    for number in range(ROUNDS):
        tasks = ApprovalTaskFactory(accepted=True), ApprovalTaskFactory(accepted=True)
        officer = PostFactory(office=tasks[0].office).user
        refused = refusals_at_once(*(partial(grant, task, officer, face(f"JY{number}")) for task in tasks))
        assert len(refused) == 1
        assert "编号" in refused[0]


def test_two_founders_cannot_get_one_uscc(city):
    tasks = [
        ApprovalTaskFactory(
            item_code="business-registration",
            accepted=True,
            application=ApplicationFactory(
                in_progress=True, chosen=["business-registration"], enterprise=EnterpriseFactory(founder=True)
            ),
        )
        for _ in range(2)
    ]
    officer = PostFactory(office=tasks[0].office).user
    faces = [face(f"N{place}", uscc=uscc_of(40_000_000), name=f"阳江市第{place}有限公司") for place in range(2)]
    refused = refusals_at_once(*(partial(grant, task, officer, own) for task, own in zip(tasks, faces, strict=True)))
    assert refused == ["这个统一社会信用代码已经登记给另一家经营主体，请核对。"]


def test_two_workers_split_an_application_once(submit):
    for _ in range(ROUNDS):
        application = submit("food-operation", "drainage", "outdoor-ad")
        refusals_at_once(*[partial(split_application, application_id=application.pk)] * 2)
        assert application.tasks.count() == 3
        assert chain.verify(application.log) is None


def test_a_barrier_falls_once_however_many_workers_come(submit):
    application = submit("radiation-safety", "radiology", "clinic-filing", "drainage")
    split_application(application_id=application.pk)
    tasks = {task.item_code: task for task in application.tasks.all()}
    safety, drainage = tasks["radiation-safety"], tasks["drainage"]
    officers = {code: PostFactory(office=task.office).user for code, task in tasks.items()}
    for task in (safety, drainage):
        accept(task, officers[task.item_code])
    grant(safety, officers["radiation-safety"], face("粤环辐证01"))
    release = partial(release_dependents, application_id=application.pk)
    # Another decision of the same application in the same moment changes nothing about it.
    refusals_at_once(release, release, release, partial(grant, drainage, officers["drainage"], face("排水01")))
    assert ApprovalTask.objects.get(pk=tasks["radiology"].pk).status == TaskStatus.RECEIVED
    assert application.log.filter(event="task.received").count() == 1
    assert chain.verify(application.log) is None


def test_a_dependent_is_not_granted_while_its_prerequisite_is_refused(city):
    """Whichever comes first, the dependent never ends granted behind a refused prerequisite."""
    for number in range(ROUNDS):
        application = ApplicationFactory(in_progress=True, chosen=["hotel-special-trade", "fire-safety-check"])
        hotel, fire = (
            ApprovalTaskFactory(item_code=code, application=application, accepted=True) for code in application.chosen
        )
        officers = {task: PostFactory(office=task.office).user for task in (hotel, fire)}
        refused = refusals_at_once(
            partial(refuse, fire, officers[fire], "疏散通道不合格"),
            partial(grant, hotel, officers[hotel], face(f"特{number}")),
            partial(release_dependents, application_id=application.pk),
        )
        release_dependents(application_id=application.pk)
        assert len(refused) == 1
        assert ApprovalTask.objects.get(pk=hotel.pk).status == TaskStatus.TERMINATED
