"""An officer's decisions: accept (受理), decline (不予受理), grant (准予), refuse (不予); each is one transaction."""

from django.db import IntegrityError, transaction
from django.db.models.fields.json import KT
from django.utils import timezone

from licensing.registration import REGISTRATION, NotRegistrable, register
from routing import checking, conditions, deferring, documents, reissues
from routing.counting import recount_as_recorded, rules
from routing.forms import DeclineForm, FaceForm, RefusalForm
from routing.models import KEEPS_NUMBER, ApprovalTask
from routing.moving import Step, claim, perform
from routing.refusals import InvalidInput, NotAllowed, cleaned
from routing.values import current_values


@transaction.atomic
def accept(task, officer):
    """Accept a received task (容缺受理 where a paper was left for later). Raises NotAllowed.

    The statutory clock starts unless it ran from receipt; who accepts is in charge unless the head named another.
    """
    task = claim(task, officer, "accept")
    task.assignee = task.assignee or officer
    # Art. 32(4) was faster, though the sweeper has not come by yet: the statutory clock must not start later for it.
    silent = bool(conditions.still_to_be_told(task))
    return _accept(task, "accept", task.complete_at if silent else timezone.now(), officer, by_silence=silent)


@transaction.atomic
def accept_by_silence(task):
    """Licensing Law art. 32(4): not told within five working days, accepted as of the day the papers came."""
    task = claim(task, None, "accept_by_silence")
    return _accept(task, "accept_by_silence", task.complete_at, None, by_silence=True)


def _accept(task, move, at, officer, *, by_silence):
    task.accepted_at, by = at, rules()
    recount_as_recorded(task, by)
    deferred = deferring.begin(task, by)
    if deferred:
        papers = [(one.material.name, one.due_on) for one in deferred]
        document = documents.deferred_acceptance(task, papers, by_silence=by_silence)
    else:
        document = documents.acceptance(task, by_silence=by_silence)
    perform(move, Step(task, document=document), officer)
    return task


@transaction.atomic
def decline(task, officer, data):
    """Decline a received task; data: {"reason", "right_authority"} (art. 32(2)). Raises NotAllowed."""
    task = claim(task, officer, "decline")
    form = cleaned(DeclineForm(data))
    task.reason, task.right_authority = form.cleaned_data["reason"], form.cleaned_data["right_authority"]
    perform("decline", Step(task, {"reason": task.reason}, documents.non_acceptance(task)), officer)
    return task


@transaction.atomic
def grant(task, officer, face, *, proposal=None):
    """Grant an accepted task with its licence's face (see FaceForm). 设立登记 registers the enterprise with it.

    Raises NotAllowed; InvalidInput names the keys that are wrong. proposal: the one that a second officer approves;
    without it an office that asks for two gets a sentence.
    """
    task = claim(task, officer, "grant")
    _needs_second(task, proposal)
    if why := reissues.hold_prior(task):
        raise NotAllowed(why)
    check_face(task, face)
    if task.item_code == REGISTRATION:
        _register(task, officer)
    step = Step(task, {"number": task.face.get("number", "")} | _by_two(proposal), documents.grant(task))
    try:
        with transaction.atomic():
            perform("grant", step, officer)
    except IntegrityError as error:
        if "one_number_per_office_and_item" not in str(error):
            raise
        # Two officers, two applications, one number in the same second: the unique constraint stands last.
        raise InvalidInput({"number": ["这个编号刚刚用在另一份证照上，请核对。"]}) from None
    if task.by_commitment:
        checking.begin(task)
    return task


@transaction.atomic
def refuse(task, officer, reason, *, proposal=None):
    """Refuse an accepted task. Raises NotAllowed, also without a reason (Licensing Law art. 38)."""
    task = claim(task, officer, "refuse")
    _needs_second(task, proposal)
    task.reason = cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    perform("refuse", Step(task, {"reason": task.reason} | _by_two(proposal), documents.refusal(task)), officer)
    return task


def check_face(task, face):
    """Set the task's face, cleaned. Raises InvalidInput."""
    task.face = cleaned(FaceForm(task.as_catalogued, face)).face
    _check_number(task)


def _needs_second(task, proposal):
    if task.office.second_review and proposal is None:
        raise NotAllowed("本机关的决定要经第二人复核，请先提出决定。")


def _by_two(proposal):
    return {"proposed_by": proposal.proposed_by_id} if proposal else {}


def _check_number(task):
    """A number already given to another licence of this office is a slip of the pen: tell it now, not when issuing."""
    number = task.face.get("number")
    if reissues.keeps_number(task):
        # Its licence has it already: the unique constraint on grants passes over it.
        task.face[KEEPS_NUMBER] = True
        return
    same = {"item_code": task.item_code, "number": number}
    granted = ApprovalTask.objects.alias(number=KT("face__number")).filter(office=task.office, **same)
    if number and (granted.exists() or task.office.licences.filter(**same).exists()):
        raise InvalidInput({"number": [f"编号“{number}”已经用在本机关的另一份证照上，请核对。"]})


def _register(task, officer):
    application, face = task.application, task.face
    values = current_values(application) | {"establish_date": face["issued_on"]}
    try:
        register(application.enterprise, face["uscc"], face["name"], values, officer)
    except NotRegistrable as conflict:
        raise InvalidInput({"uscc": [str(conflict)]}) from conflict
