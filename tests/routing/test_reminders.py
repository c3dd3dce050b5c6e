"""What the applicant is told, from the event in the outbox to the inbox and a real SMTP server."""

from datetime import timedelta

import factory
import pytest
from django.utils import timezone

from exchange import outbox
from exchange.models import Delivery, Event, Message
from licensing import telling
from licensing.wording import day_text
from routing import correcting, decisions, deferring, reminders, withdrawing
from routing.counting import rules
from routing.models import About, Deferral
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    PremisesFactory,
    SubmittedMaterialFactory,
    snapshot_of,
)

PROOF = "mat-premises-proof"
FOOD, DRAINAGE = "food-operation", "drainage"


def deferring_snapshot(application):
    snapshot = snapshot_of(application)
    snapshot["materials"][PROOF] |= {"how": "deferred", "defer_days": 7}
    return snapshot


@pytest.fixture
def deferral(city):
    application = ApplicationFactory(in_progress=True, snapshot=factory.LazyAttribute(deferring_snapshot))
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    SubmittedMaterialFactory(application=application, code=PROOF, how="deferred")
    task = ApprovalTaskFactory(application=application, accepted=True)
    return deferring.begin(task, rules())[0]


def deliver(kind):
    """Run the deliveries of the events of that kind, then of what they tell; return how many of the first succeeded."""
    succeeded = _run(Delivery.objects.filter(event__kind=kind))
    _run(Delivery.objects.waiting().filter(event__kind="message.written"))
    return succeeded


def _run(deliveries):
    return sum(outbox.attempt(pk) for pk in deliveries.order_by("pk").values_list("pk", flat=True))


def told():
    """[(subject, text)] of all messages, oldest first."""
    return list(Message.objects.order_by("pk").values_list("subject", "text"))


def asked(task):
    point = {"about": About.OTHER, "code": "", "label": "后厨", "text": "请说明王五的岗位"}
    return correcting.ask(task, PostFactory(office=task.office).user, [point])


def test_a_paper_due_soon_is_reminded_of_by_a_letter(deferral, mail_server, settings):
    settings.PUBLIC_URL = "https://yizhao.example"
    deferring.remind(deferral)
    assert deliver("task.reminded") == 1
    (letter,) = mail_server.letters
    text = letter.get_content()
    assert letter["To"] == deferral.task.application.filer.email
    assert letter["Subject"] == "【一照通行】有一份材料要补交"
    assert f"{deferral.due_on.year}年{deferral.due_on.month}月{deferral.due_on.day}日" in text
    assert f"https://yizhao.example/applications/{deferral.task.application.public_id}/papers/{PROOF}/supply/" in text


def test_a_letter_names_no_person_enterprise_or_matter(deferral, mail_server):
    asked(task := ApprovalTaskFactory(application=ApplicationFactory(in_progress=True)))
    MembershipFactory(user=task.application.filer, enterprise=task.application.enterprise)
    deferring.remind(deferral)
    assert deliver("task.correction_asked") + deliver("task.reminded") == 2
    for letter in mail_server.letters:
        for application in (task.application, deferral.task.application):
            secrets = [application.filer.name, application.enterprise.name, "王五", "食品", "场所"]
            assert not [secret for secret in secrets if secret in letter.get_content()]


def test_a_correction_notice_is_told_by_a_letter(city, mail_server):
    task = ApprovalTaskFactory()
    MembershipFactory(user=task.application.filer, enterprise=task.application.enterprise)
    asked(task)
    assert Event.objects.get(kind="task.correction_asked").payload == {
        "task_id": task.pk,
        "application_id": task.application_id,
    }
    deliver("task.correction_asked")
    (letter,) = mail_server.letters
    assert letter["Subject"] == "【一照通行】有内容需要补正"
    assert f"/tasks/{task.public_id}/correction/" in letter.get_content()


def test_the_event_delivered_twice_sends_one_letter(deferral, mail_server):
    deferring.remind(deferral)
    deferring.remind(deferral)
    deliver("task.reminded")
    deliver("task.reminded")
    assert len(mail_server.letters) == 1


def test_what_was_supplied_or_answered_meanwhile_needs_no_letter(deferral, mail_server):
    deferring.remind(deferral)
    Deferral.objects.update(supplied_at=timezone.now())
    assert deliver("task.reminded") == 1
    assert mail_server.letters == []


def test_who_no_longer_acts_for_the_enterprise_gets_no_letter(deferral, mail_server):
    application = deferral.task.application
    application.filer.memberships.update(until=timezone.localdate() - timedelta(days=1))
    successor = MembershipFactory(enterprise=application.enterprise).user
    deferring.remind(deferral)
    deliver("task.reminded")
    assert [letter["To"] for letter in mail_server.letters] == [successor.email]


def test_without_an_address_nothing_is_sent(deferral, mail_server):
    filer = deferral.task.application.filer
    filer.email = ""
    filer.save()
    Deferral.objects.update(reminded_at=timezone.now())
    reminders.remind_of_paper(deferral.task_id, deferral.task.application_id)
    deliver("message.written")
    assert mail_server.letters == []
    assert [message.user for message in Message.objects.all()] == [filer]


def test_a_paper_that_two_offices_wait_for_is_reminded_of_once(deferral, mail_server):
    other = ApprovalTaskFactory(application=deferral.task.application, item_code=DRAINAGE, accepted=True)
    twin = Deferral.objects.create(task=other, material=deferral.material, due_on=deferral.due_on)
    deferring.remind(deferral)
    deferring.remind(twin)
    assert deliver("task.reminded") == 2
    assert len(mail_server.letters) == 1


def test_an_agent_for_other_premises_is_not_told(deferral, mail_server):
    application = deferral.task.application
    application.filer.memberships.update(until=timezone.localdate() - timedelta(days=1))
    elsewhere = PremisesFactory(enterprise=application.enterprise)
    MembershipFactory(enterprise=application.enterprise, role="agent", premises=elsewhere)
    here = MembershipFactory(enterprise=application.enterprise, role="agent", premises=application.premises).user
    deferring.remind(deferral)
    deliver("task.reminded")
    assert [letter["To"] for letter in mail_server.letters] == [here.email]


def test_what_was_handed_in_is_receipted_with_its_number(submit):
    application = submit(FOOD)
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    telling.received(application.pk)
    telling.received(application.pk)
    ((subject, text),) = told()
    assert subject == "申请已经收到"
    assert application.number in text


def test_the_owner_is_told_of_what_an_agent_has_filed(submit):
    application = submit(FOOD)
    MembershipFactory(user=application.filer, enterprise=application.enterprise, role="agent")
    owner = MembershipFactory(enterprise=application.enterprise).user
    telling.received(application.pk)
    assert owner.inbox.get().subject == "有人为您的企业提交了申请"
    assert application.filer.inbox.get().subject == "申请已经收到"


def test_the_acceptance_of_the_only_item_says_by_when_it_is_decided(file):
    case = file(FOOD)
    task = case.accept(FOOD)
    deliver("task.accepted")
    ((subject, text),) = told()
    assert subject == "申请已经受理"
    assert day_text(task.committed_due_on) in text


def test_many_acceptances_of_a_day_are_told_once(file):
    case = file(FOOD, DRAINAGE)
    case.accept(FOOD, DRAINAGE)
    assert deliver("task.accepted") == 2
    assert [subject for subject, text in told()] == ["申请已经受理"]


def test_an_acceptance_with_a_paper_to_come_says_until_when(file):
    case = file(FOOD, deferred=[PROOF])
    task = case.accept(FOOD)
    deliver("task.accepted")
    assert [subject for subject, text in told()] == ["申请已经受理", "有材料要补交"]
    assert day_text(task.deferrals.get().due_on) in told()[1][1]


def test_a_refusal_and_what_it_ends_are_told_once(file):
    case = file(FOOD, DRAINAGE)
    case.accept(FOOD, DRAINAGE)
    for code in (FOOD, DRAINAGE):
        decisions.refuse(case[code], case.officer(code), "不符合条件")
    deliver("task.decided")
    assert [subject for subject, text in told() if "没有办成" in subject] == ["有事项没有办成"]


def test_a_withdrawal_is_told_as_what_it_is(file):
    case = file(FOOD)
    withdrawing.withdraw(case.application, case.applicant)
    deliver("task.decided")
    assert told()[0][0] == "有事项已经撤回"
