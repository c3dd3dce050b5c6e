"""Two pairs of eyes (复核): where the office asks for it, one officer proposes the decision and another takes it."""

from django.db import transaction
from django.utils import timezone

from routing.decisions import check_face, grant, refuse
from routing.forms import RefusalForm
from routing.models import Proposal, TaskStatus
from routing.moves import unmet
from routing.moving import Step, claim, perform
from routing.refusals import NotAllowed, cleaned


@transaction.atomic
def propose(task, officer, outcome, *, face=None, reason=""):
    """Propose GRANTED with a face or REFUSED with a reason. Raises NotAllowed, InvalidInput; the same as deciding."""
    task = claim(task, officer, "propose")
    decision = "grant" if outcome == TaskStatus.GRANTED else "refuse"
    if why := unmet(task, decision):
        raise NotAllowed(why)
    if outcome == TaskStatus.GRANTED:
        check_face(task, face)
        face, task.face = task.face, None
    else:
        reason = cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    proposal = Proposal.objects.create(task=task, outcome=outcome, face=face, reason=reason, proposed_by=officer)
    perform("propose", Step(task, {"outcome": outcome}), officer)
    return proposal


def open_proposal(task):
    return task.proposals.filter(settled_at=None).select_related("proposed_by").first()


@transaction.atomic
def approve(task, officer, seen=None):
    """Take the proposed decision as the second person. Raises NotAllowed; then the proposal stays as it was.

    seen: pk of the Proposal on the page that was signed, or None where there was none.
    """
    claim(task, officer, "send_back")
    proposal = _to_settle(task, officer)
    if seen not in (None, proposal.pk):
        raise NotAllowed("提出的决定刚刚换了一份，您看到的那份已经收回。请看过新的再复核。")
    # First, since the end of a task closes what is open; a decision that fails takes this back with it.
    _settle(proposal, officer, approved=True)
    if proposal.outcome == TaskStatus.GRANTED:
        return grant(task, officer, proposal.face, proposal=proposal)
    return refuse(task, officer, proposal.reason, proposal=proposal)


@transaction.atomic
def send_back(task, officer, remark):
    """Send the proposal back with a remark; its own author may take it back the same way. Raises NotAllowed."""
    task = claim(task, officer, "send_back")
    remark = cleaned(RefusalForm({"reason": remark})).cleaned_data["reason"]
    proposal = open_proposal(task)
    if proposal is None:
        raise NotAllowed("没有等复核的决定。")
    _settle(proposal, officer, approved=False, remark=remark)
    perform("send_back", Step(task, {"reason": remark}), officer)
    return task


def _to_settle(task, officer):
    proposal = open_proposal(task)
    if proposal is None:
        raise NotAllowed("没有等复核的决定。")
    if proposal.proposed_by_id == officer.pk:
        raise NotAllowed("提出决定的人不能自己复核，请交给同事。")
    return proposal


def _settle(proposal, officer, *, approved, remark=""):
    proposal.settled_by, proposal.settled_at = officer, timezone.now()
    proposal.approved, proposal.remark = approved, remark
    proposal.save(update_fields=["settled_by", "settled_at", "approved", "remark"])
