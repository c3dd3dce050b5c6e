"""Submitting: what was filled in is frozen with its hash, numbered, logged and announced, all in one transaction."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from exchange import outbox
from licensing import log, papers
from licensing.checking import Problem, problems_of
from licensing.drafts import ChangedSinceSeen
from licensing.models import (
    Application,
    AssistedFiling,
    Channel,
    MemberRole,
    Membership,
    Method,
    OnRefusal,
    Scope,
    Signature,
    Status,
    StoredFile,
)
from licensing.numbers import take_number
from licensing.plan import plan_for
from licensing.prefilling import filed_before
from licensing.savings import savings
from licensing.snapshots import snapshot_hash, snapshot_of, what_is_seen


class NotSubmittable(Exception):
    """`problems`: the checking.Problems that stand in the way."""

    def __init__(self, problems):
        super().__init__("；".join(problem.text for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Signed:
    """How the signer confirmed; the page that asked has checked it already."""

    method: Method = Method.PASSWORD
    # Paper only: whose name stands on the signed sheet, and its scan. The submitting clerk is the witness.
    signer_name: str = ""
    sheet: StoredFile | None = None


@transaction.atomic
def submit(application, user, signed=Signed(), *, seen=None, on_refusal=None, channel=Channel.ONLINE):
    """Freeze the draft and hand it over; return it. One submitted before is returned as it is, whoever was first.

    seen: what_is_seen() of the page that was signed, or None where there was none. on_refusal: the OnRefusal chosen
    on it, or None to keep the draft's. Raises NotSubmittable and ChangedSinceSeen, changing nothing. The number of
    queries does not depend on the number of items.
    """
    application = _locked(application)
    if application.status != Status.DRAFT:
        return application
    # Taking a right back and using it: one comes first (members.revoke), and whoever comes second sees it.
    list(Membership.objects.select_for_update(no_key=True).filter(user=user, enterprise=application.enterprise_id))
    if not Application.objects.for_applicant(user).filter(pk=application.pk).exists():
        raise NotSubmittable([Problem("您现在不能代表这个主体提交申请")])
    _check_signer(application, user, signed)
    plan = plan_for(application)
    handed_in = papers.ways(application, plan)
    problems = problems_of(application, plan, handed_in)
    if problems:
        raise NotSubmittable(problems)
    if seen not in (None, what_is_seen(application, plan, handed_in)):
        raise ChangedSinceSeen
    application.on_refusal = (on_refusal or application.on_refusal) if len(plan.chosen) > 1 else OnRefusal.GO_ON
    application.channel = channel
    application.assisted = _end_assistance(application)
    _freeze(application, plan, papers.save_materials(application, plan), user)
    _sign(application, user, signed)
    log.record(application, "application.submitted", actor=user, from_status=Status.DRAFT, to_status=Status.SUBMITTED)
    outbox.emit("application.submitted", application_id=application.pk)
    return application


def may_sign(user, application, method=Method.PASSWORD):
    """May the user sign for this applicant, or witness the signature on paper? An agent only with that scope.

    A clerk who assists never signs: the applicant does, on paper before the clerk, and nobody else may witness.
    """
    if Application.objects.assisted_by(user).filter(pk=application.pk).exists():
        return method == Method.PAPER
    member = Membership.objects.current().filter(user=user, enterprise=application.enterprise_id).first()
    if member is None or method == Method.PAPER:
        return False
    return member.role == MemberRole.OWNER or member.scope == Scope.FILE


def _locked(application):
    # A double click waits here for the first one, then finds it submitted.
    Application.objects.lock(pk=application.pk)
    return Application.objects.select_related("enterprise", "premises__division__parent", "release").get(
        pk=application.pk
    )


def _check_signer(application, user, signed):
    if not may_sign(user, application, signed.method):
        raise NotSubmittable([Problem(_why_not(user, application, signed))])
    if signed.method == Method.PAPER and not (signed.signer_name and signed.sheet):
        raise NotSubmittable([Problem("请填写签名人的姓名，并上传签好名的申请表")])


def _why_not(user, application, signed):
    if Application.objects.assisted_by(user).filter(pk=application.pk).exists():
        return "窗口人员不能代替申请人签名，请申请人在打印的申请表上签名后，在窗口页面核对提交"
    if signed.method == Method.PAPER:
        return "纸上签名只能由帮办这份申请的窗口人员核对提交"
    return "您的授权只包括填写和准备材料，请法定代表人（负责人）或者有提交权限的经办人来签名提交"


def _freeze(application, plan, met, user):
    application.submitted_at = timezone.now()
    application.number = take_number(timezone.localdate(application.submitted_at))
    application.status, application.filer = Status.SUBMITTED, user
    application.answers, application.values = plan.situation.answers, plan.values
    application.chosen, application.declined = list(plan.chosen), list(plan.declined)
    application.committed, application.disputes = list(plan.committed), plan.disputed
    application.clerk = application.assisted and application.assisted.clerk
    application.ledger = asdict(savings(plan, met, filed_before(application, plan.catalogue.elements)))
    application.wizard = {}
    application.snapshot = snapshot_of(application, plan, met)
    application.snapshot_sha256 = snapshot_hash(application.snapshot)
    application.save()


def _end_assistance(application):
    """The AssistedFiling that ends with this submission, or None."""
    assisted = AssistedFiling.objects.filter(application=application, ended_at=None).first()
    if assisted:
        assisted.ended_at = timezone.now()
        assisted.save(update_fields=["ended_at"])
    return assisted


def _sign(application, user, signed):
    on_paper = signed.method == Method.PAPER
    Signature.objects.create(
        application=application,
        signer=None if on_paper else user,
        signer_name=signed.signer_name or str(user),
        method=signed.method,
        sha256=application.snapshot_sha256,
        signed_at=application.submitted_at,
        witness=user if on_paper else None,
        sheet=signed.sheet,
    )
