"""Letters to the applicant, from the event in the outbox to a real SMTP server."""

from datetime import timedelta

import factory
import pytest
from django.utils import timezone

from exchange import outbox
from exchange.models import Delivery, Event
from routing import correcting, deferring, reminders
from routing.counting import rules
from routing.models import About, Deferral
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    SubmittedMaterialFactory,
    snapshot_of,
)

PROOF = "mat-premises-proof"


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
    """Run the deliveries of the events of that kind; return how many succeeded."""
    return sum(outbox.attempt(delivery.pk) for delivery in Delivery.objects.filter(event__kind=kind))


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
            secrets = [application.filer.name, application.enterprise.name, application.number, "王五", "食品"]
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


def test_a_mail_server_that_is_down_is_tried_again_and_nobody_is_named_in_the_log(deferral, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    deferring.remind(deferral)
    assert deliver("task.reminded") == 0
    delivery = Delivery.objects.get(event__kind="task.reminded")
    assert (delivery.done_at, delivery.error) == (None, "NotSent")
    assert deferral.task.application.filer.email not in caplog.text


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
    assert mail_server.letters == []
