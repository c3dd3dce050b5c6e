import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from certificates.gathering import gather, left_behind
from certificates.models import Licence
from certificates.tasks import sweep
from licensing import chain
from licensing.models import Application, Status
from routing.decisions import grant
from routing.models import About, ApprovalTask, Correction, CorrectionPoint, TaskStatus
from routing.withdrawing import withdraw
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    LicenceFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
)
from tests.threads import refusals_at_once

SCOPE = {"number": "JY2441702000001", "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类食品制售"}


def application_with(*codes, **task):
    application = ApplicationFactory(in_progress=True, chosen=list(codes), values={"premises_address": "漠江路9号"})
    return application, [ApprovalTaskFactory(application=application, item_code=code, **task) for code in codes]


def completed(application):
    application.refresh_from_db()
    return application.status == Status.COMPLETED


def test_a_granted_task_becomes_a_licence_with_the_face_the_officer_gave(catalogue):
    application, [task] = application_with("food-operation", granted=True, face=SCOPE)
    gather(application.pk)
    licence = Licence.objects.get(source_task=task)
    assert (licence.name, licence.number, licence.scope) == ("食品经营许可证", SCOPE["number"], SCOPE["scope"])
    assert (str(licence.issued_on), str(licence.valid_until)) == ("2026-03-02", "2031-03-01")
    assert (licence.holder, licence.premises) == (application.enterprise, application.premises)
    assert (licence.office, licence.authority) == (task.office, task.office.name)
    assert licence.face == {"premises_address": "漠江路9号"}


def test_the_business_licence_belongs_to_the_enterprise_as_a_whole(catalogue):
    face = SCOPE | {"valid_until": None, "uscc": "91441702MA4UQ0000X", "name": "阳江市小巷便利店"}
    application, _ = application_with("business-registration", granted=True, face=face)
    gather(application.pk)
    licence = Licence.objects.get()
    assert (licence.premises, licence.valid_until) == (None, None)
    given = {"uscc": face["uscc"], "entity_name": face["name"], "establish_date": "2026-03-02"}
    assert licence.face.items() >= given.items()


def test_an_item_without_a_certificate_makes_no_licence_but_counts_for_the_end(catalogue):
    application, _ = application_with("seal-engraving", granted=True, face={"note": ""})
    gather(application.pk)
    assert completed(application)
    assert not Licence.objects.exists()


def test_a_refused_application_is_completed_too(catalogue):
    application, _ = application_with("food-operation", refused=True)
    gather(application.pk)
    assert completed(application)
    assert not Licence.objects.exists()


@pytest.mark.parametrize("trait", ["waiting", "accepted"])
def test_while_a_task_is_open_the_application_goes_on_but_its_licences_are_there(catalogue, trait):
    application, [task] = application_with("food-operation", granted=True)
    ApprovalTaskFactory(application=application, item_code="drainage", **{trait: True})
    gather(application.pk, task.pk)
    assert not completed(application)
    assert Licence.objects.get().source_task == task


def test_gathering_twice_changes_nothing(catalogue):
    application, _ = application_with("food-operation", "drainage", granted=True)
    gather(application.pk)
    application.refresh_from_db()
    completed_at = application.completed_at
    gather(application.pk)
    assert completed(application)
    assert application.completed_at == completed_at
    assert Licence.objects.count() == 2
    assert [entry.event for entry in application.log.all()] == ["application.completed"]


def test_the_end_and_each_licence_stand_in_chained_logs(catalogue):
    application, [task] = application_with("food-operation", granted=True)
    gather(application.pk)
    entry = application.log.get()
    assert (entry.from_status, entry.to_status) == (Status.IN_PROGRESS, Status.COMPLETED)
    event = Licence.objects.get().events.get()
    assert (event.event, event.sequence, event.actor) == ("issued", 1, task.decided_by)
    assert chain.verify(application.log) is None
    assert chain.verify(event.licence.events) is None


def test_a_changed_row_in_a_licence_s_log_is_found(catalogue):
    application, _ = application_with("food-operation", granted=True)
    gather(application.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_licenceevent DISABLE TRIGGER append_only")
        cursor.execute("UPDATE certificates_licenceevent SET to_status = 'revoked'")
    assert chain.verify(Licence.objects.get().events) == 1


def test_gathering_costs_the_same_number_of_queries_for_two_items_and_for_six(catalogue, django_assert_num_queries):
    for codes in (list(catalogue.items)[6:8], list(catalogue.items)[6:12]):
        application, _ = application_with(*codes, granted=True)
        with django_assert_num_queries(19):
            gather(application.pk)


def test_two_offices_of_one_name_may_give_the_same_number(catalogue):
    for office in OfficeFactory(name="市场监督管理局"), OfficeFactory(name="市场监督管理局", division__code="441704"):
        application, _ = application_with("food-operation", granted=True, face=SCOPE, office=office)
        gather(application.pk)
        assert completed(application)


def test_a_number_given_twice_stops_the_gathering_instead_of_losing_a_licence(catalogue):
    application, [task] = application_with("food-operation", granted=True, face=SCOPE)
    LicenceFactory(number=SCOPE["number"], office=task.office)
    with pytest.raises(IntegrityError), transaction.atomic():
        gather(application.pk)
    assert not completed(application)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_decisions_taken_together_complete_the_application_once(catalogue):
    application, tasks = application_with("food-operation", "drainage", accepted=True)
    together = threading.Barrier(len(tasks))

    def decide_and_gather(task):
        together.wait()
        granted = {"status": TaskStatus.GRANTED, "decided_at": timezone.now(), "face": SCOPE}
        ApprovalTask.objects.filter(pk=task.pk).update(decided_by=application.filer, **granted)
        gather(application.pk, task.pk)
        connections.close_all()

    threads = [threading.Thread(target=decide_and_gather, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert completed(application)
    assert Licence.objects.count() == 2
    assert application.log.filter(event="application.completed").count() == 1


def test_the_sweeper_completes_what_a_lost_message_left(catalogue):
    application, _ = application_with("food-operation", granted=True, decided_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert completed(application)
    assert Licence.objects.count() == 1


def test_the_sweeper_issues_a_missing_licence_while_other_tasks_are_open(catalogue):
    application, _ = application_with("food-operation", granted=True, decided_at=timezone.now() - timedelta(minutes=1))
    ApprovalTaskFactory(application=application, item_code="drainage")
    sweep()
    assert Licence.objects.count() == 1
    assert not completed(application)
    assert not left_behind(timezone.now())


def test_the_sweeper_leaves_a_fresh_decision_to_its_own_event(catalogue):
    application, _ = application_with("food-operation", granted=True)
    sweep()
    assert not completed(application)


def test_the_sweeper_does_not_come_back_to_what_needs_nothing(catalogue):
    application_with("seal-engraving", granted=True, face={"note": ""})
    done, _ = application_with("food-operation", granted=True)
    gather(done.pk)
    waiting, _ = application_with("food-operation", waiting=True)
    ApprovalTaskFactory(application=waiting, item_code="seal-engraving", granted=True, face={"note": ""})
    assert list(left_behind(timezone.now()).exclude(tasks__item_code="seal-engraving")) == []
    assert waiting.pk not in left_behind(timezone.now())


@pytest.mark.django_db(transaction=True)
def test_one_application_that_cannot_be_gathered_keeps_no_other_waiting(catalogue, caplog):
    long_ago = timezone.now() - timedelta(minutes=1)
    stuck, [task] = application_with("food-operation", granted=True, face=SCOPE, decided_at=long_ago)
    LicenceFactory(number=SCOPE["number"], office=task.office)
    other, _ = application_with("drainage", granted=True, decided_at=long_ago)
    sweep()
    assert not completed(stuck)
    assert completed(other)
    assert caplog.messages == [f"application {stuck.pk} could not be gathered (IntegrityError)"]


def test_the_sweep_reads_no_completed_application(catalogue):
    """With 5,000 completed applications it asks the index of those in progress, which does not hold them."""
    original = ApplicationFactory(in_progress=True)
    unique = {"id", "public_id", "number", "draft_code", "status", "completed_at"}
    same = {field.attname: getattr(original, field.attname) for field in Application._meta.fields}
    same = {name: value for name, value in same.items() if name not in unique}
    done = {"status": Status.COMPLETED, "completed_at": timezone.now()}
    rows = [Application(**same, **done, number=f"旧{number}") for number in range(5000)]
    Application.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE licensing_application")
    plan = left_behind(timezone.now()).explain()
    assert "applications_in_progress" in plan
    assert "Seq Scan on licensing_application" not in plan


def withdrawn_task(application, code):
    done = {"status": TaskStatus.WITHDRAWN, "decided_at": timezone.now() - timedelta(minutes=1)}
    return ApprovalTaskFactory(application=application, item_code=code, **done)


def test_an_application_withdrawn_as_a_whole_ends_as_withdrawn_with_its_time_and_log_row(catalogue):
    codes = ["food-operation", "drainage"]
    application = ApplicationFactory(in_progress=True, chosen=codes)
    for code in codes:
        withdrawn_task(application, code)
    sweep()
    application.refresh_from_db()
    assert application.status == Status.WITHDRAWN
    assert application.completed_at
    entry = application.log.get()
    assert (entry.event, entry.to_status) == ("application.withdrawn", Status.WITHDRAWN)
    assert not Licence.objects.exists()
    gather(application.pk)
    assert application.log.count() == 1


def test_a_grant_beside_a_withdrawal_gives_its_licence_and_completes_the_application(catalogue):
    application, [task] = application_with("food-operation", granted=True)
    withdrawn_task(application, "drainage")
    gather(application.pk)
    assert completed(application)
    assert Licence.objects.get().source_task == task


def test_the_licence_shows_what_a_correction_has_put_right(catalogue):
    application, [task] = application_with("food-operation", granted=True, face=SCOPE)
    correct_address(application, task, task.decided_at)
    gather(application.pk)
    assert Licence.objects.get().face["premises_address"] == "漠江路11号"


def test_the_licence_shows_nothing_that_was_corrected_after_its_grant(catalogue):
    """By a sibling's notice, while the worker was late: this office has decided on the other address."""
    application, [task] = application_with("food-operation", granted=True, face=SCOPE)
    correct_address(application, task, task.decided_at + timedelta(seconds=1))
    gather(application.pk)
    assert Licence.objects.get().face["premises_address"] == "漠江路9号"


def correct_address(application, task, at):
    correction = Correction.objects.create(
        task=task, round=1, issued_by=task.decided_by, issued_at=at, answered_at=at, answered_by=application.filer
    )
    CorrectionPoint.objects.create(
        correction=correction,
        number=1,
        round=1,
        about=About.ELEMENT,
        code="premises_address",
        label="经营场所地址",
        text="门牌号写错了",
        value="漠江路11号",
    )


@pytest.mark.django_db(transaction=True)
def test_of_a_withdrawal_and_a_grant_in_the_same_moment_one_happens_and_only_a_grant_gives_a_licence(city):
    for number in range(4):
        task = ApprovalTaskFactory(accepted=True)
        application = task.application
        user = MembershipFactory(enterprise=application.enterprise).user
        officer = PostFactory(office=task.office).user
        given = SCOPE | {"number": f"JY{number}"}
        refused = refusals_at_once(partial(withdraw, application, user), partial(grant, task, officer, given))
        gather(application.pk)
        assert len(refused) == 1
        task.refresh_from_db()
        application.refresh_from_db()
        granted = task.status == TaskStatus.GRANTED
        assert application.status == (Status.COMPLETED if granted else Status.WITHDRAWN)
        assert Licence.objects.filter(source_task=task).exists() == granted
