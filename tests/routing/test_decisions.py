"""An officer's moves: who may, when, and what each leaves behind."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from exchange.models import Event
from licensing.models import LogEntry
from routing.decisions import accept, decline, grant, refuse
from routing.models import AfterCheck, ApprovalTask, TaskStatus
from routing.refusals import AlreadyDecided, InvalidInput, NotAllowed
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PostFactory,
    UserFactory,
    uscc_of,
)
from tests.routing.acting import traces

FACE = {"number": "JY24417020000001", "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类食品制售"}
USCC = uscc_of(30_000_001)
REGISTRATION_FACE = FACE | {"number": "441702000001", "valid_until": None, "uscc": USCC, "name": "阳江市新开张有限公司"}


@pytest.fixture
def officer_of(city):
    return lambda task: PostFactory(office=task.office).user


@pytest.fixture
def accepted(city, officer_of):
    """accepted(item code, …) → a task accepted by its officer, and that officer."""

    def accepted(code="food-operation", **traits):
        task = ApprovalTaskFactory(item_code=code, accepted=True, **traits)
        return task, officer_of(task)

    return accepted


@pytest.fixture
def registration(accepted):
    """An accepted 设立登记 of a founder, and its officer."""

    def registration():
        values = {
            "legal_rep_name": "王五",
            "registered_address": "江城区一号",
            "business_scope": "零售",
            "entity_type": "company",
            "registered_capital": "50",
        }
        application = ApplicationFactory(
            in_progress=True,
            chosen=["business-registration"],
            values=values,
            enterprise=EnterpriseFactory(founder=True),
        )
        return accepted("business-registration", application=application)

    return registration


def log_of(task):
    return list(LogEntry.objects.filter(application=task.application_id).values_list("event", "to_status", "actor"))


def test_accepting_starts_the_statutory_clock(city, officer_of):
    task = ApprovalTaskFactory()
    officer = officer_of(task)
    accept(task, officer)
    task.refresh_from_db()
    assert task.status == TaskStatus.ACCEPTED
    assert task.statutory_due_on > timezone.localdate() + timedelta(days=9)  # 10 working days
    assert log_of(task) == [("task.accepted", "accepted", officer.pk)]
    assert [event.kind for event in Event.objects.all()] == ["task.accepted"]


def test_a_grant_keeps_the_face_and_announces_itself_once(accepted):
    task, officer = accepted()
    grant(task, officer, FACE)
    task.refresh_from_db()
    assert (task.status, task.face, task.decided_by) == (TaskStatus.GRANTED, FACE, officer)
    assert log_of(task) == [("task.granted", "granted", officer.pk)]
    event = Event.objects.get()
    assert (event.kind, event.payload) == ("task.decided", {"task_id": task.pk, "application_id": task.application_id})


def test_a_refusal_gives_its_reason(accepted):
    task, officer = accepted()
    with pytest.raises(NotAllowed, match="请写明理由"):
        refuse(task, officer, "  ")
    refuse(task, officer, "后厨面积不够")
    task.refresh_from_db()
    assert (task.status, task.reason) == (TaskStatus.REFUSED, "后厨面积不够")
    assert Event.objects.count() == 1


@pytest.mark.parametrize("move", ["accept", "grant", "refuse"])
@pytest.mark.parametrize("role", ["filer", "member"])
def test_nobody_decides_on_an_application_of_their_own(accepted, move, role):
    officer = UserFactory()
    application = ApplicationFactory(in_progress=True, **{"filer": officer} if role == "filer" else {})
    task, _colleague = accepted(application=application)
    PostFactory(user=officer, office=task.office)
    if role == "member":
        MembershipFactory(user=officer, enterprise=application.enterprise)
    if move == "accept":
        ApprovalTask.objects.update(status=TaskStatus.RECEIVED)
    moves = {
        "accept": lambda: accept(task, officer),
        "grant": lambda: grant(task, officer, FACE),
        "refuse": lambda: refuse(task, officer, "不行"),
    }
    with pytest.raises(NotAllowed, match="回避"):
        moves[move]()


@pytest.mark.parametrize("move", ["accept", "grant", "refuse"])
def test_an_officer_of_another_office_may_do_nothing(city, move):
    task = ApprovalTaskFactory(accepted=move != "accept")
    stranger = PostFactory(office__department__code="health").user
    moves = {
        "accept": lambda: accept(task, stranger),
        "grant": lambda: grant(task, stranger, FACE),
        "refuse": lambda: refuse(task, stranger, "不行"),
    }
    with pytest.raises(NotAllowed, match="岗位"):
        moves[move]()
    assert log_of(task) == []


def test_a_post_taken_away_ends_the_right_at_once(accepted):
    task, officer = accepted()
    officer.posts.all().delete()
    with pytest.raises(NotAllowed, match="岗位"):
        grant(task, officer, FACE)


def test_what_is_not_accepted_is_not_decided(city, officer_of):
    task = ApprovalTaskFactory()
    with pytest.raises(NotAllowed, match="请先受理"):
        grant(task, officer_of(task), FACE)
    waiting = ApprovalTaskFactory(waiting=True)
    with pytest.raises(NotAllowed, match="前置事项"):
        accept(waiting, officer_of(waiting))


def test_the_second_officer_is_told_who_was_faster_and_what_they_did(accepted):
    task, officer = accepted()
    colleague = PostFactory(office=task.office, user__name="赵六").user
    grant(task, colleague, FACE)
    with pytest.raises(AlreadyDecided, match=r"赵六 已在 .* 把这件办为“准予许可”"):
        refuse(task, officer, "不行")
    assert Event.objects.count() == 1


def test_a_grant_waits_for_the_prerequisite_and_says_for_which(city, officer_of):
    application = ApplicationFactory(in_progress=True, chosen=["hotel-special-trade", "fire-safety-check"])
    task = ApprovalTaskFactory(item_code="hotel-special-trade", application=application, accepted=True)
    ApprovalTaskFactory(item_code="fire-safety-check", application=application)
    with pytest.raises(NotAllowed, match="公众聚集场所投入使用"):
        grant(task, officer_of(task), FACE)
    refuse(task, officer_of(task), "治安条件不合格")


@pytest.mark.parametrize(
    ("change", "key", "sentence"),
    [
        ({"number": " "}, "number", "编号"),
        ({"number": "9" * 61}, "number", "60"),
        ({"issued_on": ""}, "issued_on", "发证日期"),
        ({"issued_on": "2999-01-01"}, "issued_on", "不能晚于今天"),
        ({"issued_on": "2026-02-30"}, "issued_on", "日期"),
        ({"valid_until": "2026-03-01"}, "valid_until", "不能早于发证日期"),
        ({"valid_until": "2026-03-03"}, "valid_until", "已经过了"),
    ],
)
def test_a_face_that_cannot_be_is_refused(accepted, change, key, sentence):
    task, officer = accepted()
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        grant(task, officer, FACE | change)
    assert list(refusal.value.errors) == [key]
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.ACCEPTED


def test_a_number_of_another_licence_of_the_office_is_not_given_again(accepted):
    first, officer = accepted()
    grant(first, officer, FACE)
    second, officer = accepted()
    with pytest.raises(InvalidInput, match="已经用在"):
        grant(second, officer, FACE)
    LicenceFactory(office=second.office, number="JY2", item_code="food-operation")
    with pytest.raises(InvalidInput, match="已经用在"):
        grant(second, officer, FACE | {"number": "JY2"})


def test_the_database_itself_refuses_a_number_twice(accepted):
    first, officer = accepted()
    grant(first, officer, FACE)
    second, _ = accepted()
    with pytest.raises(IntegrityError, match="one_number_per_office_and_item"), transaction.atomic():
        ApprovalTask.objects.filter(pk=second.pk).update(face=FACE)


def test_a_public_service_ends_without_a_number_in_its_own_words(accepted):
    task, officer = accepted("seal-engraving")
    grant(task, officer, {"note": "公章已交付"})
    task.refresh_from_db()
    assert task.face == {"note": "公章已交付"}
    assert task.status_text == "已办理"


def test_a_filing_is_not_called_a_licence(accepted):
    task, officer = accepted("prepackaged-food")
    grant(task, officer, FACE)
    assert ApprovalTask.objects.get(pk=task.pk).status_text == "备案完成"


def test_registration_gives_the_enterprise_its_code_name_and_facts(registration):
    task, officer = registration()
    grant(task, officer, REGISTRATION_FACE | {"uscc": f" {USCC[:8].lower()}-{USCC[8:]} "})
    enterprise = task.application.enterprise
    enterprise.refresh_from_db()
    assert (enterprise.uscc, enterprise.name) == (USCC, "阳江市新开张有限公司")
    assert (enterprise.verified_by, enterprise.legal_representative) == (officer, "王五")
    assert (enterprise.address, enterprise.scope, enterprise.entity_type) == ("江城区一号", "零售", "company")
    assert enterprise.register == {"registered_capital": "50", "establish_date": "2026-03-02"}


def test_registration_refuses_a_wrong_code_and_one_that_another_enterprise_bears(registration):
    task, officer = registration()
    with pytest.raises(InvalidInput, match="校验码"):
        grant(task, officer, REGISTRATION_FACE | {"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")})
    EnterpriseFactory(uscc=USCC)
    with pytest.raises(InvalidInput, match="已经登记给另一家") as refusal:
        grant(task, officer, REGISTRATION_FACE)
    assert list(refusal.value.errors) == ["uscc"]
    task.refresh_from_db()
    assert task.status == TaskStatus.ACCEPTED
    assert task.application.enterprise.uscc is None
    assert not Event.objects.exists()


def test_what_somebody_only_typed_does_not_keep_the_true_owner_from_registration(registration):
    EnterpriseFactory(uscc=USCC, unverified=True, added_by=UserFactory())
    task, officer = registration()
    grant(task, officer, REGISTRATION_FACE)
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.GRANTED


def test_a_limit_that_runs_from_receipt_does_not_move_at_acceptance(submit, city, officer_of):
    day = date(2026, 5, 20)
    task = ApprovalTaskFactory(
        item_code="hr-service", statutory_due_on=day, received_at=datetime(2026, 4, 20, tzinfo=UTC)
    )
    accept(task, officer_of(task))
    assert ApprovalTask.objects.get(pk=task.pk).statutory_due_on == day


def test_a_second_acceptance_changes_nothing_and_says_who_was_first(file):
    case = file("food-operation")
    case.accept("food-operation")
    before = traces(case.application)
    with pytest.raises(AlreadyDecided, match="officer 已在"):
        accept(case["food-operation"], case.officer("food-operation", "colleague"))
    assert traces(case.application) == before


def test_a_non_acceptance_gives_its_reason_and_the_authority_to_turn_to(file):
    case = file("food-operation")
    officer = case.officer("food-operation")
    with pytest.raises(NotAllowed, match="请写明理由"):
        decline(case["food-operation"], officer, {"reason": " ", "right_authority": "市卫生健康局"})
    decline(case["food-operation"], officer, {"reason": "不归本机关", "right_authority": "市卫生健康局"})
    task = case["food-operation"]
    assert (task.status, task.right_authority, task.decided_by) == ("declined", "市卫生健康局", officer)
    assert case.events("food-operation") == ["declined"]
    assert Event.objects.filter(kind="task.decided").count() == 1


def test_a_promise_is_decided_in_its_own_days_and_then_checked(file):
    hygiene = "public-place-hygiene"
    case = file(hygiene, committed=[hygiene])
    case.accept(hygiene)
    grant(case[hygiene], case.officer(hygiene), {"number": "卫1", "issued_on": "2026-05-11"})
    assert case[hygiene].after_check.due_on == date(2026, 7, 11)  # two months from the grant


def test_an_ordinary_grant_is_not_checked(file):
    case = file("public-place-hygiene")
    case.accept("public-place-hygiene")
    face = {"number": "卫1", "issued_on": "2026-05-11"}
    grant(case["public-place-hygiene"], case.officer("public-place-hygiene"), face)
    assert not AfterCheck.objects.exists()
