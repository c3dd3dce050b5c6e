"""Submitting: what was filled in is frozen with its hash, numbered, logged and announced, all in one transaction."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from exchange import outbox
from guidance.canonical import fingerprint
from guidance.requirements import elements_of
from licensing import log, papers
from licensing.checking import Problem, problems_of
from licensing.commitments import commitments
from licensing.disputes import frozen
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
from licensing.savings import savings

# A new wording gets a new version: what was promised stands in each snapshot.
PROMISE_VERSION = "2026-01"
PROMISE = (
    "我承诺：以上填写的内容和提交的材料真实、准确、完整、有效；知道隐瞒情况或者提供虚假材料的，"
    "申请可能不被受理或者不予许可，已取得的许可会被撤销，并承担相应的法律责任。"
)
DEFERRAL_PROMISE = "我承诺：在下列期限内补交现在暂缺的材料："
DEFERRAL_TERMS = (
    "补交的最后一天，以上面的期限和法定办结期限前 3 个工作日两者中早的为准，受理时会写明日期。"
    "我知道：补齐以前不发证；到期没有补齐的，用到这份材料的事项终止办理，需要办的要重新申请。"
)


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


def what_is_seen(draft, plan, handed_in):
    """A hash of what the review page shows: who applies where and for what, each value, each paper and its files."""
    shown = {
        "enterprise": str(draft.enterprise.public_id),
        "premises": str(draft.premises.public_id),
        "chosen": plan.chosen,
        "declined": plan.declined,
        "values": plan.values,
        "disputes": frozen(plan),
        "papers": [[one.code, one.how, sorted(str(file.public_id) for file in one.files)] for one in handed_in],
        "commitments": commitments(plan),
        "deferral_promise": deferral_promise(handed_in),
    }
    return fingerprint(shown)


def deferral_promise(handed_in):
    """The written promise to hand in what was left for later (容缺受理, plan art. 7); "" where nothing was."""
    terms = [f"“{one.name}”（受理后 {one.later.days} 个工作日内）" for one in handed_in if one.deferred]
    return f"{DEFERRAL_PROMISE}{'、'.join(terms)}。{DEFERRAL_TERMS}" if terms else ""


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


def snapshot_hash(snapshot):
    """The hash that proves later what was signed: 64 hex digits."""
    return fingerprint(snapshot)


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
    application.ledger = asdict(savings(plan, met))
    application.wizard = {}
    application.snapshot = _snapshot(application, plan, met)
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


def _assisted(assisted):
    """Both identities of an assisted filing, as signed; nothing where the applicant filed alone."""
    if assisted is None:
        return {}
    return {
        "assisted": {
            "clerk": str(assisted.clerk),
            "hall": str(assisted.hall),
            "authority": assisted.authority,
            "person_name": assisted.person_name,
            "person_id_number": assisted.person_id_number,
        }
    }


def _snapshot(application, plan, met):
    enterprise, premises = application.enterprise, application.premises
    return {
        "number": application.number,
        "enterprise": {
            "public_id": str(enterprise.public_id),
            "name": enterprise.name,
            "uscc": enterprise.uscc,
            "entity_type": enterprise.entity_type,
            "legal_representative": enterprise.legal_representative,
            "address": enterprise.address,
        },
        "premises": {
            "public_id": str(premises.public_id),
            "name": premises.name,
            "division": premises.division.code,
            "division_name": premises.division.name,
            "address": premises.address,
        },
        "answers": application.answers,
        "values": application.values,
        "chosen": application.chosen,
        "items": {code: _item(plan, code, met) for code in plan.chosen},
        "materials": {paper.code: _material(paper) for paper in met},
        "on_refusal": str(application.on_refusal),
        "commitments": commitments(plan),
        **_promises(met),
        "disputes": frozen(plan),
        "channel": str(application.channel),
        **_assisted(application.assisted),
        "filer": str(application.filer),
        "submitted_at": application.submitted_at.isoformat(),
    }


def _promises(met):
    deferral = deferral_promise(met)
    return {
        "promise": PROMISE,
        "promise_version": PROMISE_VERSION,
        **({"deferral_promise": deferral} if deferral else {}),
    }


def _material(paper):
    files = [str(file.public_id) for file in paper.files]
    kept = {"name": paper.name, "how": str(paper.how), "note": paper.note, "files": files}
    return kept | {"defer_days": paper.later.days} if paper.deferred else kept


def _item(plan, code, met):
    item = plan.catalogue.items[code]
    return {
        "name": item.name,
        "committed": code in plan.committed,
        "elements": [element.code for element in elements_of(plan.catalogue, item, plan.situation.facts)],
        # From the papers, not the plan: a result that must be there first is a paper of no item's own list.
        "materials": [paper.code for paper in met if code in paper.items],
    }
