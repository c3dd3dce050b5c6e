"""撤销 (Licensing Law art. 69): one officer of the issuing office proposes it, another one, a head, takes it.

Also of what a promise found false had brought about (plan art. 9): then licence, check and credit list change in one
transaction; a grant without a certificate has no licence, so its check and a document of its own end it.
"""

from django.db import transaction
from django.utils import timezone

from certificates import documents
from certificates.ending import announced, finish
from certificates.forms import AnnulForm, FalsePromiseForm, SendBackForm, SettleForm
from certificates.grounds import FALSE_PROMISE
from certificates.models import EndingKind, EndingProposal
from certificates.moving import as_it_stands, claim, lock_licence, not_entitled, objection
from guidance.models import Role
from routing import checking
from routing.models import AfterCheck, CheckStatus
from routing.moving import hold_post, lock
from routing.refusals import AlreadyDecided, NotAllowed, cleaned


@transaction.atomic
def propose(licence, officer, data):
    """Propose to annul a licence; data: AnnulForm's, or FalsePromiseForm's when its promise was found false.

    Returns the EndingProposal. Raises NotAllowed, InvalidInput.
    """
    licence = claim(licence, officer, EndingKind.ANNUL, Role.OFFICER)
    return _propose(officer, data, licence=licence, after_check=failed_check_of(licence))


@transaction.atomic
def propose_for(check, officer, data):
    """Propose to annul what the promise of a FAILED check has brought about; data: FalsePromiseForm's."""
    lock(check.task.application_id)
    check = AfterCheck.objects.select_related("task__application__enterprise", "task__office").get(pk=check.pk)
    hold_post(check.task.office_id, officer)
    if why := objection_to_check(check, officer):
        raise NotAllowed(why)
    if hasattr(check.task, "licence"):
        return propose(check.task.licence, officer, data)
    return _propose(officer, data, licence=None, after_check=check)


def objection_to_check(check, user):
    """Return why the user may not propose to annul what this check is about, or ""."""
    task = check.task
    if why := not_entitled(task.office, task.application.enterprise, user, Role.OFFICER):
        return why
    if check.status != CheckStatus.FAILED:
        return f"这次核查现在是“{check.get_status_display()}”，不能据此撤销。"
    if hasattr(task, "licence"):
        return objection(task.licence, user, EndingKind.ANNUL, Role.OFFICER)
    if task.as_catalogued.certificate_name:
        return "这件的证照还没有生成，请稍后再办。"
    if check.proposals.open().exists():
        return "已经提出撤销，要等另一位负责人决定。"
    return ""


def failed_check_of(licence):
    """The check that found the promise behind this licence false and not put right, or None."""
    if not licence.source_task_id:
        return None
    return AfterCheck.objects.filter(task=licence.source_task_id, status=CheckStatus.FAILED).first()


def form_for(check):
    """Which form a proposal is written on: the ground is known where a check has found it."""
    return FalsePromiseForm if check else AnnulForm


def _propose(officer, data, licence, after_check):
    facts = cleaned(form_for(after_check)(data)).cleaned_data
    return EndingProposal.objects.create(
        licence=licence,
        after_check=after_check,
        ground=FALSE_PROMISE if after_check else facts["ground"],
        reason=facts["reason"],
        heard=facts["heard"],
        proposed_by=officer,
    )


@transaction.atomic
def approve(proposal, head, data=None):
    """Take the proposed annulment; returns its Ending. Raises NotAllowed."""
    proposal = _claim(proposal, head, Role.HEAD)
    if why := _not_the_second(proposal, head):
        raise NotAllowed(why)
    remark = cleaned(SettleForm(data or {})).cleaned_data["remark"]
    if proposal.licence and (why := as_it_stands(proposal.licence, EndingKind.ANNUL)):
        raise AlreadyDecided(why)
    _settle(proposal, head, True, remark)
    return _annul(proposal, head)


@transaction.atomic
def send_back(proposal, user, data):
    """A head does not agree, or who proposed takes it back; data: {"remark"}. Raises NotAllowed, InvalidInput."""
    by = Role.OFFICER if proposal.proposed_by_id == user.pk else Role.HEAD
    proposal = _claim(proposal, user, by)
    _settle(proposal, user, False, cleaned(SendBackForm(data)).cleaned_data["remark"])
    return proposal


def objection_to_settling(proposal, user):
    """Return why the user may not take the proposed annulment, or ""."""
    office, holder = _office_and_holder(proposal)
    return not_entitled(office, holder, user, Role.HEAD) or _not_the_second(proposal, user)


def _not_the_second(proposal, user):
    return "撤销要由两个人作出：您提出的，请由另一位负责人决定。" if proposal.proposed_by_id == user.pk else ""


def _claim(proposal, user, by):
    """Lock what it is about, then return the proposal as it is now. Raises NotAllowed."""
    if proposal.licence:
        lock_licence(proposal.licence)
    else:
        lock(proposal.after_check.task.application_id)
    related = (
        "licence__office",
        "licence__holder",
        "licence__source_task__application",
        "licence__source_task__item",
        "after_check__task__application__enterprise",
        "after_check__task__office",
        "after_check__task__item",
        "settled_by",
    )
    now = EndingProposal.objects.select_related(*related).get(pk=proposal.pk)
    office, holder = _office_and_holder(now)
    hold_post(office.pk if office else None, user)
    if why := not_entitled(office, holder, user, by):
        raise NotAllowed(why)
    if now.settled_at:
        word = "同意" if now.approved else "退回"
        raise AlreadyDecided(f"{now.settled_by} 已在 {timezone.localtime(now.settled_at):%m月%d日 %H:%M} {word}。")
    return now


def _office_and_holder(proposal):
    if proposal.licence:
        return proposal.licence.office, proposal.licence.holder
    task = proposal.after_check.task
    return task.office, task.application.enterprise


def _settle(proposal, user, approved, remark):
    settled = {"settled_by": user, "settled_at": timezone.now(), "approved": approved, "remark": remark}
    # The lock has let nobody in between; were it ever forgotten, no row would match.
    if not EndingProposal.objects.open().filter(pk=proposal.pk).update(**settled):
        raise AlreadyDecided("这项提议刚刚被别人处理，您的操作没有生效。")


def _annul(proposal, head):
    facts = {"ground": proposal.ground, "reason": proposal.reason, "heard": proposal.heard}
    # Proposed on another ground, its promise may have been found false in the meantime.
    check = proposal.after_check or failed_check_of(proposal.licence)
    row = checking.annul(check, head, proposal.reason) if check else None
    if proposal.licence:
        by_two = {"proposed_by": proposal.proposed_by_id}
        ending = finish(proposal.licence, EndingKind.ANNUL, head, facts, proposal, by_two)
    else:
        ending = _annul_grant(proposal, head, facts, row)
    if check:
        source = f"{ending.office.name}{ending.title} {ending.number}"
        checking.list_as_untrustworthy(check.task, proposal.reason, source, head)
    return ending


def _annul_grant(proposal, head, facts, row):
    task = proposal.after_check.task
    return announced(
        kind=EndingKind.ANNUL,
        ground=proposal.ground,
        office=task.office,
        holder=task.application.enterprise,
        task=task,
        proposal=proposal,
        # Like every document of an application: its number and the log row's.
        number=f"{task.application.number}-{row.sequence}",
        title=documents.title(EndingKind.ANNUL, task.as_catalogued.kind),
        addressee=task.application.enterprise.name,
        paragraphs=documents.paragraphs(EndingKind.ANNUL, documents.of_grant(task), facts),
        decided_by=head,
        decided_at=row.at,
    )
