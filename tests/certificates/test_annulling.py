"""撤销: proposed by one, taken by another with a head's post; also of what a false promise has brought about."""

import threading
import time
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from certificates import annulling, ending
from certificates.models import EndingProposal, Licence, LicenceStatus
from guidance.models import Role
from licensing import chain
from licensing.models import UntrustworthyEntry
from routing import checking
from routing.models import AfterCheck, CheckStatus
from routing.refusals import AlreadyDecided, InvalidInput, NotAllowed
from tests.factories import (
    AfterCheckFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
)
from tests.threads import refusals_at_once

GROUND = {"ground": "unqualified", "reason": "经营场所在居民楼内，不符合法定条件", "heard": "当事人认可"}
FALSE = {"reason": "承诺有冷藏设备，逾期仍没有", "heard": "当事人没有意见"}


def status_now(licence):
    return Licence.objects.get(pk=licence.pk).status


def false_promise(granted, **traits):
    """A licence granted by promise, and its check: found false and not put right."""
    licence = granted(by_commitment=True, **traits)
    return licence, AfterCheckFactory(task=licence.source_task, failed=True)


def test_an_annulment_is_proposed_by_one_and_taken_by_another(granted, staff):
    licence = granted()
    officer, head, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, GROUND)
    assert status_now(licence) == LicenceStatus.VALID
    done = annulling.approve(proposal, head, {"remark": "同意"})
    assert status_now(licence) == LicenceStatus.ANNULLED
    proposal.refresh_from_db()
    assert (proposal.approved, proposal.settled_by, proposal.remark) == (True, head, "同意")
    event = licence.events.get()
    assert (event.event, event.actor, event.detail["proposed_by"]) == ("annulled", head, officer.pk)
    assert chain.verify(licence.events) is None
    text = "\n".join(done.paragraphs)
    for said in ("第六十九条第一款第（四）项", GROUND["reason"], "申请赔偿", "行政复议"):
        assert said in text
    assert not UntrustworthyEntry.objects.exists()


def test_what_was_got_by_fraud_is_not_protected(granted, staff):
    licence = granted()
    officer, head, _ = staff(licence.office)
    done = annulling.approve(annulling.propose(licence, officer, GROUND | {"ground": "fraud"}), head)
    assert any("不受保护" in line for line in done.paragraphs)
    assert not any("赔偿" in line for line in done.paragraphs)


def test_nobody_takes_their_own_proposal_not_even_a_head(granted, staff):
    licence = granted()
    _, head, other = staff(licence.office)
    proposal = annulling.propose(licence, head, GROUND)
    with pytest.raises(NotAllowed, match="两个人"):
        annulling.approve(proposal, head)
    assert status_now(licence) == LicenceStatus.VALID
    annulling.approve(proposal, other)
    assert status_now(licence) == LicenceStatus.ANNULLED


def test_the_database_too_wants_two_people(granted, staff):
    licence = granted()
    _, head, _ = staff(licence.office)
    proposal = annulling.propose(licence, head, GROUND)
    done = {"settled_by": head, "settled_at": proposal.proposed_at, "approved": True}
    with pytest.raises(DatabaseError, match="an_annulment_takes_two_people"):
        EndingProposal.objects.filter(pk=proposal.pk).update(**done)


def test_only_a_head_of_the_office_who_is_no_party_takes_it(granted, staff):
    licence = granted()
    officer, _, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, GROUND)
    party = PostFactory(office=licence.office, role=Role.HEAD).user
    MembershipFactory(user=party, enterprise=licence.holder)
    elsewhere = PostFactory(office=OfficeFactory(department__code="health"), role=Role.HEAD).user
    colleague = PostFactory(office=licence.office).user
    for user, why in ((party, "回避"), (elsewhere, "岗位"), (colleague, "负责人")):
        with pytest.raises(NotAllowed, match=why):
            annulling.approve(proposal, user)
    assert status_now(licence) == LicenceStatus.VALID


def test_a_party_does_not_propose_either(granted):
    licence = granted()
    party = PostFactory(office=licence.office).user
    MembershipFactory(user=party, enterprise=licence.holder)
    with pytest.raises(NotAllowed, match="回避"):
        annulling.propose(licence, party, GROUND)


def test_while_one_is_proposed_nothing_else_ends_the_licence(granted, staff):
    licence = granted()
    officer, _, _ = staff(licence.office)
    annulling.propose(licence, officer, GROUND)
    for again in (
        partial(annulling.propose, licence, officer, GROUND),
        partial(ending.cancel, licence, officer, {"ground": "on_request", "reason": "停业"}),
    ):
        with pytest.raises(NotAllowed, match="已经提出撤销"):
            again()


def test_a_proposal_sent_back_may_be_made_again(granted, staff):
    licence = granted()
    officer, head, other = staff(licence.office)
    first = annulling.propose(licence, officer, GROUND)
    with pytest.raises(InvalidInput):
        annulling.send_back(first, head, {})
    annulling.send_back(first, head, {"remark": "证据不足"})
    with pytest.raises(AlreadyDecided, match=str(head)):
        annulling.approve(first, other)
    annulling.approve(annulling.propose(licence, officer, GROUND), head)
    assert status_now(licence) == LicenceStatus.ANNULLED


def test_who_proposed_may_take_it_back_and_a_colleague_may_not(granted, staff):
    licence = granted()
    officer, _, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, GROUND)
    with pytest.raises(NotAllowed, match="负责人"):
        annulling.send_back(proposal, PostFactory(office=licence.office).user, {"remark": "不对"})
    annulling.send_back(proposal, officer, {"remark": "写错了"})
    assert not EndingProposal.objects.open().exists()


@pytest.mark.parametrize(
    ("field", "wrong"), [("ground", "false_promise"), ("ground", "?"), ("reason", ""), ("heard", "\0")]
)
def test_a_proposal_needs_a_ground_of_the_law_a_reason_and_a_hearing(granted, staff, field, wrong):
    licence = granted()
    officer, _, _ = staff(licence.office)
    with pytest.raises(InvalidInput) as raised:
        annulling.propose(licence, officer, GROUND | {field: wrong})
    assert list(raised.value.errors) == [field]
    assert not EndingProposal.objects.exists()


def test_a_false_promise_annuls_licence_and_check_and_lists_the_enterprise_in_one_step(granted, staff):
    licence, check = false_promise(granted)
    officer, head, _ = staff(licence.office)
    done = annulling.approve(annulling.propose_for(check, officer, FALSE), head)
    check.refresh_from_db()
    assert (status_now(licence), check.status) == (LicenceStatus.ANNULLED, CheckStatus.ANNULLED)
    entry = UntrustworthyEntry.objects.get()
    assert (entry.uscc, entry.reason, entry.entered_by) == (licence.holder.uscc, FALSE["reason"], head)
    assert done.number in entry.source
    assert any("失信主体名单" in line for line in done.paragraphs)
    assert licence.source_task.application.log.get().event == "check.annulled"
    assert done.licence == licence
    assert UntrustworthyEntry.objects.bars(licence.holder)


def test_if_the_listing_fails_nothing_has_changed(granted, staff, monkeypatch):
    licence, check = false_promise(granted)
    officer, head, _ = staff(licence.office)
    proposal = annulling.propose_for(check, officer, FALSE)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(checking, "list_as_untrustworthy", fail)
    with pytest.raises(RuntimeError):
        annulling.approve(proposal, head)
    check.refresh_from_db()
    proposal.refresh_from_db()
    assert (status_now(licence), check.status) == (LicenceStatus.VALID, CheckStatus.FAILED)
    assert proposal.settled_at is None
    assert not licence.events.exists()
    assert not licence.endings.exists()


def test_proposed_from_the_licence_s_page_it_is_the_same_annulment(granted, staff):
    licence, check = false_promise(granted)
    officer, head, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, FALSE)
    assert (proposal.after_check, proposal.ground) == (check, "false_promise")
    annulling.approve(proposal, head)
    assert UntrustworthyEntry.objects.count() == 1


def test_proposed_on_another_ground_before_the_promise_was_found_false_it_settles_the_check_too(granted, staff):
    licence = granted(by_commitment=True)
    officer, head, _ = staff(licence.office)
    proposal = annulling.propose(licence, officer, GROUND)
    check = AfterCheckFactory(task=licence.source_task, failed=True)
    annulling.approve(proposal, head)
    check.refresh_from_db()
    assert check.status == CheckStatus.ANNULLED
    assert UntrustworthyEntry.objects.count() == 1


def test_a_grant_without_a_certificate_is_annulled_by_its_check_and_a_document_of_its_own(catalogue, staff):
    task = ApprovalTaskFactory(item_code="seal-engraving", granted=True, by_commitment=True, face={"note": ""})
    check = AfterCheckFactory(task=task, failed=True)
    officer, head, _ = staff(task.office)
    done = annulling.approve(annulling.propose_for(check, officer, FALSE), head)
    check.refresh_from_db()
    row = task.application.log.get()
    assert check.status == CheckStatus.ANNULLED
    assert (row.event, row.actor, row.item_code) == ("check.annulled", head, "seal-engraving")
    assert (done.task, done.licence, done.number) == (task, None, f"{task.application.number}-{row.sequence}")
    assert task.application.number in done.paragraphs[0]
    assert UntrustworthyEntry.objects.count() == 1


def test_a_licence_that_is_still_to_be_issued_is_waited_for(catalogue, staff):
    check = AfterCheckFactory(failed=True)
    officer, _, _ = staff(check.task.office)
    with pytest.raises(NotAllowed, match="还没有生成"):
        annulling.propose_for(check, officer, FALSE)


@pytest.mark.parametrize("status", [status for status in CheckStatus if status != CheckStatus.FAILED])
def test_only_a_promise_found_false_and_not_put_right_leads_there(catalogue, staff, status):
    check = AfterCheckFactory(rectifying=True, status=status)
    officer, _, _ = staff(check.task.office)
    with pytest.raises(NotAllowed, match="不能据此撤销"):
        annulling.propose_for(check, officer, FALSE)


def test_a_founder_without_a_uscc_cannot_be_listed_but_loses_the_grant(catalogue, staff):
    founder = EnterpriseFactory(founder=True)
    task = ApprovalTaskFactory(
        item_code="seal-engraving",
        granted=True,
        face={"note": ""},
        application__enterprise=founder,
        application__chosen=["seal-engraving"],
    )
    check = AfterCheckFactory(task=task, failed=True)
    officer, head, _ = staff(task.office)
    annulling.approve(annulling.propose_for(check, officer, FALSE), head)
    check.refresh_from_db()
    assert check.status == CheckStatus.ANNULLED
    assert not UntrustworthyEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_one_takes_the_annulment(granted, staff):
    for number in range(1, 5):
        licence, check = false_promise(granted)
        officer, *heads = staff(licence.office)
        proposal = annulling.propose_for(check, officer, FALSE)
        refused = refusals_at_once(*(partial(annulling.approve, proposal, head) for head in heads))
        assert len(refused) == 1
        assert "同意" in refused[0]
        assert licence.events.filter(event="annulled").count() == 1
        assert UntrustworthyEntry.objects.count() == number


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_one_proposes(granted, staff):
    licence = granted()
    users = staff(licence.office)[:2]
    refused = refusals_at_once(*(partial(annulling.propose, licence, user, GROUND) for user in users))
    assert len(refused) == 1
    assert licence.proposals.count() == 1


def test_a_licence_without_an_office_is_not_annulled_here(db, staff):
    licence = LicenceFactory(office=None)
    officer, _, _ = staff(OfficeFactory())
    with pytest.raises(NotAllowed, match="发证机关"):
        annulling.propose(licence, officer, GROUND)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["pass", "propose", "approve", "withdraw"])
def test_a_post_that_is_being_taken_away_is_waited_for_and_then_gone(granted, staff, act):
    licence, check = false_promise(granted)
    officer, head, _other = staff(licence.office)
    removed = threading.Event()
    if act == "pass":
        AfterCheck.objects.update(status=CheckStatus.PENDING)
    acts = {
        "pass": lambda: checking.pass_check(check, head, "属实"),
        "propose": lambda: annulling.propose_for(check, head, FALSE),
        "withdraw": lambda: ending.withdraw(licence, head, GROUND | {"ground": "law_changed", "compensation": "无"}),
    }
    if act == "approve":
        proposal = annulling.propose_for(check, officer, FALSE)
        acts["approve"] = lambda: annulling.approve(proposal, head)

    def remove():
        with transaction.atomic():
            head.posts.all().delete()
            removed.set()
            time.sleep(0.3)

    def make():
        removed.wait(timeout=10)
        acts[act]()

    assert ["岗位" in sentence for sentence in refusals_at_once(remove, make)] == [True]
    assert status_now(licence) == LicenceStatus.VALID
