"""告知承诺: what is checked after a grant, by when, and what follows from what is found."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from guidance.models import Role
from licensing.models import UntrustworthyEntry
from routing import checking
from routing.decisions import grant
from routing.models import AfterCheck, CheckStatus, DocumentKind, TaskStatus, Term
from routing.refusals import AlreadyDecided, InvalidInput, NotAllowed
from tests.factories import (
    AfterCheckFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
)
from tests.threads import refusals_at_once

TODAY = "2026-03-02 10:00 +0800"  # a Monday
FOUND = "现场没有承诺的冷藏设备"


@pytest.fixture
def promised(city):
    """promised(item code, enterprise) → a task granted by promise on Monday 2026-03-02."""

    def promised(code="public-place-hygiene", enterprise=None):
        traits = {"application__enterprise": enterprise} if enterprise else {}
        task = ApprovalTaskFactory(item_code=code, accepted=True, by_commitment=True, **traits)
        face = {"number": f"JY{task.pk}", "issued_on": timezone.localdate().isoformat(), "valid_until": None}
        return grant(task, PostFactory(office=task.office).user, face | {"scope": "", "note": ""})

    return promised


@pytest.fixture
def officer():
    return lambda check: PostFactory(office=check.task.office).user


def share(percent):
    Term.objects.update_or_create(code="check_share", defaults={"value": percent, "name": "比例", "basis": "规定"})


def test_a_grant_by_promise_orders_its_check_within_the_catalogue_s_months(promised, time_machine):
    time_machine.move_to(TODAY, tick=False)
    task = promised()
    check = task.after_check
    assert task.as_catalogued.commitment.verify_within == {"value": 2, "unit": "months"}
    assert (check.status, check.due_on) == (CheckStatus.PENDING, date(2026, 5, 2))
    row = task.application.log.get(event="check.ordered")
    assert (row.to_status, row.detail) == ("pending", {"due_on": "2026-05-02"})


def test_a_term_in_working_days_skips_the_holidays(promised, time_machine):
    time_machine.move_to("2026-04-27 10:00 +0800", tick=False)
    within = promised("fire-safety-check").as_catalogued.commitment.verify_within
    assert within == {"value": 20, "unit": "working_days"}
    # 1 to 5 May are off; the 9th, a Saturday, is worked.
    assert AfterCheck.objects.get().due_on == date(2026, 5, 27)


def test_a_grant_on_papers_is_not_checked(city):
    task = ApprovalTaskFactory(accepted=True)
    face = {"number": "JY1", "issued_on": "2026-03-02", "valid_until": None, "scope": ""}
    grant(task, PostFactory(office=task.office).user, face)
    assert not AfterCheck.objects.exists()


def test_a_share_of_nothing_checks_nobody_and_of_all_everybody(promised):
    share(0)
    assert promised().after_check.status == CheckStatus.NOT_SAMPLED
    share(100)
    assert promised().after_check.status == CheckStatus.PENDING


def test_the_draw_follows_from_the_random_id_alone_and_hits_its_share(promised):
    share(30)
    task = promised()
    drawn = checking.place_of(task.public_id) < 30
    assert (task.after_check.status == CheckStatus.PENDING) == drawn
    ids = [type(task.public_id)(int=number) for number in range(4000)]
    places = [checking.place_of(one) for one in ids]
    assert places == [checking.place_of(one) for one in ids]
    assert set(places) == set(range(100))
    assert 0.27 < sum(place < 30 for place in places) / len(places) < 0.33


@pytest.mark.parametrize("status", checking.FOUND_FALSE)
def test_whoever_was_found_false_is_always_checked(promised, status):
    share(0)
    before = AfterCheckFactory(rectifying=True, status=status)
    assert promised(enterprise=before.task.application.enterprise).after_check.status == CheckStatus.PENDING


@pytest.mark.parametrize("status", [CheckStatus.PENDING, CheckStatus.PASSED, CheckStatus.NOT_SAMPLED])
def test_a_check_that_found_nothing_draws_no_other(promised, status):
    share(0)
    before = AfterCheckFactory(status=status)
    assert promised(enterprise=before.task.application.enterprise).after_check.status == CheckStatus.NOT_SAMPLED


def test_an_entry_of_the_list_that_has_run_out_still_draws(promised):
    share(0)
    enterprise = EnterpriseFactory()
    long_ago = {"listed_on": "2020-01-01", "until": "2021-01-01", "reason": "承诺不实", "source": "决定书"}
    UntrustworthyEntry.objects.create(uscc=enterprise.uscc, name=enterprise.name, **long_ago)
    assert promised(enterprise=enterprise).after_check.status == CheckStatus.PENDING


def test_a_promise_that_is_true_is_recorded_with_what_was_seen(city, officer):
    check = AfterCheckFactory()
    inspector = officer(check)
    checking.pass_check(check, inspector, "现场与承诺一致")
    check.refresh_from_db()
    assert (check.status, check.checked_by, check.finding) == (CheckStatus.PASSED, inspector, "现场与承诺一致")
    assert check.closed_at
    row = check.task.application.log.get()
    assert (row.event, row.from_status, row.to_status) == ("check.passed", "pending", "passed")


def test_a_false_promise_is_to_be_put_right_in_the_city_s_term_with_a_document(city, officer, time_machine):
    time_machine.move_to(TODAY, tick=False)
    check = AfterCheckFactory()
    inspector = officer(check)
    checking.order_rectification(check, inspector, FOUND)
    check.refresh_from_db()
    # Fifteen working days from Monday 2 March.
    assert (check.status, check.rectify_by) == (CheckStatus.RECTIFYING, date(2026, 3, 23))
    document = check.task.documents.get()
    assert (document.kind, document.issued_by) == (DocumentKind.RECTIFICATION, inspector)
    assert any(FOUND in line for line in document.paragraphs)
    assert any("2026年3月23日" in line for line in document.paragraphs)
    row = check.task.application.log.get()
    assert (row.event, row.detail) == ("check.failed", {"reason": FOUND, "until": "2026-03-23"})
    assert document.number.endswith(f"-{row.sequence}")


def test_without_a_term_of_the_city_nothing_is_ordered(city, officer):
    Term.objects.filter(code="rectify_days").update(value=None)
    check = AfterCheckFactory()
    with pytest.raises(NotAllowed, match="没有设定整改期限"):
        checking.order_rectification(check, officer(check), FOUND)
    assert AfterCheck.objects.get().status == CheckStatus.PENDING


def test_one_that_was_not_drawn_may_be_checked_after_a_complaint(city, officer):
    check = AfterCheckFactory(status=CheckStatus.NOT_SAMPLED)
    checking.order_rectification(check, officer(check), FOUND)
    assert AfterCheck.objects.get().status == CheckStatus.RECTIFYING


def test_what_was_put_right_keeps_the_grant(city, officer):
    check = AfterCheckFactory(rectifying=True)
    checking.confirm_rectified(check, officer(check), "已补装冷藏设备")
    check.refresh_from_db()
    assert (check.status, check.finding) == (CheckStatus.RECTIFIED, "现场没有冷藏设备\n已补装冷藏设备")
    assert check.closed_at
    assert check.task.application.log.get().detail == {"reason": "已补装冷藏设备"}


def test_it_is_not_called_unrectified_before_the_term_is_over(city, officer):
    check = AfterCheckFactory(rectifying=True, rectify_by=timezone.localdate())
    with pytest.raises(NotAllowed, match="还没有到期"):
        checking.find_unrectified(check, officer(check), FOUND)
    AfterCheck.objects.update(rectify_by=timezone.localdate() - timedelta(days=1))
    checking.find_unrectified(check, officer(check), FOUND)
    assert AfterCheck.objects.get().status == CheckStatus.FAILED
    assert check.task.application.log.get().event == "check.unrectified"


MOVES = {
    checking.pass_check: ["pending", "not_sampled"],
    checking.order_rectification: ["pending", "not_sampled"],
    checking.confirm_rectified: ["rectifying"],
    checking.find_unrectified: ["rectifying"],
}
WRONG = [(move, status) for move, fit in MOVES.items() for status in CheckStatus.values if status not in fit]


@pytest.mark.parametrize(("move", "status"), WRONG, ids=lambda each: getattr(each, "__name__", each))
def test_from_any_other_state_a_move_says_what_the_check_is(city, officer, move, status):
    check = AfterCheckFactory(rectifying=True, status=status)
    with pytest.raises(AlreadyDecided, match=check.get_status_display()):
        move(check, officer(check), FOUND)
    assert AfterCheck.objects.get().status == status


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
@pytest.mark.parametrize("finding", ["", " \n", "\0", "长" * 2001])
def test_each_finding_is_written_down(city, officer, move, finding):
    yesterday = timezone.localdate() - timedelta(days=1)
    check = AfterCheckFactory(rectifying=True, rectify_by=yesterday, status=MOVES[move][0])
    with pytest.raises(InvalidInput) as raised:
        move(check, officer(check), finding)
    assert list(raised.value.errors) == ["finding"]
    assert not check.task.application.log.exists()


def test_only_officers_of_the_office_who_are_no_party_check(city):
    check = AfterCheckFactory()
    party = PostFactory(office=check.task.office, role=Role.HEAD).user
    MembershipFactory(user=party, enterprise=check.task.application.enterprise)
    filer = PostFactory(office=check.task.office, user=check.task.application.filer).user
    elsewhere = PostFactory(office=OfficeFactory(department__code="health")).user
    for user, why in ((party, "回避"), (filer, "回避"), (elsewhere, "岗位")):
        with pytest.raises(NotAllowed, match=why):
            checking.pass_check(check, user, "一致")
    assert AfterCheck.objects.get().status == CheckStatus.PENDING


@pytest.mark.django_db(transaction=True)
def test_of_two_findings_at_once_one_counts(city):
    for _ in range(4):
        check = AfterCheckFactory()
        first, second = (PostFactory(office=check.task.office).user for _ in range(2))
        refused = refusals_at_once(
            partial(checking.pass_check, check, first, "一致"),
            partial(checking.order_rectification, check, second, FOUND),
        )
        assert len(refused) == 1
        assert check.task.application.log.filter(event__startswith="check.").count() == 1


def test_a_promise_found_false_before_the_decision_ends_the_task_and_lists_the_enterprise(city):
    task = ApprovalTaskFactory(accepted=True, by_commitment=True)
    head = PostFactory(office=task.office, role=Role.HEAD).user
    checking.end_false_promise(task, head, FOUND)
    task.refresh_from_db()
    assert (task.status, task.decided_by) == (TaskStatus.TERMINATED, head)
    assert FOUND in task.reason
    document = task.documents.get()
    assert document.kind == DocumentKind.TERMINATION
    entry = UntrustworthyEntry.objects.get()
    assert (entry.uscc, entry.entered_by) == (task.application.enterprise.uscc, head)
    assert document.number in entry.source


def test_if_the_listing_fails_the_task_goes_on(city, monkeypatch):
    task = ApprovalTaskFactory(accepted=True, by_commitment=True)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(checking, "list_as_untrustworthy", fail)
    with pytest.raises(RuntimeError):
        checking.end_false_promise(task, PostFactory(office=task.office, role=Role.HEAD).user, FOUND)
    task.refresh_from_db()
    assert task.status == TaskStatus.ACCEPTED
    assert not task.application.log.exists()


def test_a_founder_s_false_promise_ends_the_task_but_there_is_no_uscc_to_list(city):
    founder = EnterpriseFactory(founder=True)
    task = ApprovalTaskFactory(
        accepted=True, by_commitment=True, application__enterprise=founder, application__chosen=["food-operation"]
    )
    checking.end_false_promise(task, PostFactory(office=task.office, role=Role.HEAD).user, FOUND)
    task.refresh_from_db()
    assert task.status == TaskStatus.TERMINATED
    assert not UntrustworthyEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", "\0", "长" * 2001])
def test_a_false_promise_is_described(city, reason):
    task = ApprovalTaskFactory(accepted=True, by_commitment=True)
    with pytest.raises(InvalidInput):
        checking.end_false_promise(task, PostFactory(office=task.office, role=Role.HEAD).user, reason)
    assert not UntrustworthyEntry.objects.exists()


def test_a_task_on_papers_has_no_promise_to_be_false(city):
    task = ApprovalTaskFactory(accepted=True)
    with pytest.raises(NotAllowed, match="不是按告知承诺"):
        checking.end_false_promise(task, PostFactory(office=task.office, role=Role.HEAD).user, FOUND)


def test_one_officer_alone_lists_nobody(city):
    task = ApprovalTaskFactory(accepted=True, by_commitment=True)
    with pytest.raises(NotAllowed, match="负责人"):
        checking.end_false_promise(task, PostFactory(office=task.office).user, FOUND)
    assert not UntrustworthyEntry.objects.exists()
