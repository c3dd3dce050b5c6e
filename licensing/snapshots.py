"""What is signed: the promises, what the signer was shown, and the snapshot that proves both later. No queries."""

from guidance.canonical import fingerprint
from guidance.requirements import elements_of
from licensing.commitments import commitments
from licensing.disputes import frozen
from licensing.models import Purpose

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
        **_reissued(draft),
    }
    return fingerprint(shown)


def deferral_promise(handed_in):
    """The written promise to hand in what was left for later (容缺受理, plan art. 7); "" where nothing was."""
    terms = [f"“{one.name}”（受理后 {one.later.days} 个工作日内）" for one in handed_in if one.deferred]
    return f"{DEFERRAL_PROMISE}{'、'.join(terms)}。{DEFERRAL_TERMS}" if terms else ""


def snapshot_of(application, plan, met):
    """Return what is signed, as JSON. met: the Papers as they are handed in; `assisted` is who helped, or None."""
    return {
        "number": application.number,
        "enterprise": _enterprise(application.enterprise),
        "premises": _premises(application.premises),
        "answers": application.answers,
        "values": application.values,
        "chosen": application.chosen,
        **_reissued(application),
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


def snapshot_hash(snapshot):
    """The hash that proves later what was signed: 64 hex digits."""
    return fingerprint(snapshot)


def _enterprise(enterprise):
    return {
        "public_id": str(enterprise.public_id),
        "name": enterprise.name,
        "uscc": enterprise.uscc,
        "entity_type": enterprise.entity_type,
        "legal_representative": enterprise.legal_representative,
        "address": enterprise.address,
    }


def _premises(premises):
    return {
        "public_id": str(premises.public_id),
        "name": premises.name,
        "division": premises.division.code,
        "division_name": premises.division.name,
        "address": premises.address,
    }


def _reissued(application):
    """What it is for and the licence that it is about (延续, 变更); nothing for a new one, as before there were any."""
    if application.purpose == Purpose.NEW:
        return {}
    return {"purpose": str(application.purpose), "prior": application.prior}


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
