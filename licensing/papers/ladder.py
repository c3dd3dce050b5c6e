"""How each paper is met: nobody brings what the portal can know, make or wait for (plan art. 7).

The steps, the least trouble first: printed from the form, a licence held, a result of another item here, a connected
source, checked by the department, a promise, handed in; what is handed in may wait where the catalogue allows it. The
applicant may always hand a paper in instead.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Prefetch
from django.utils import timezone

from guidance.requirements import results_of
from licensing.models import Application, How, StoredFile
from licensing.papers import answers
from licensing.papers.choices import as_chosen
from licensing.papers.paper import Later, Paper
from licensing.papers.results import askable_prerequisites, prerequisites
from licensing.plan import Plan
from licensing.prefilling import held_licences
from licensing.registration import REGISTRATION
from licensing.wording import day_text

# A licence that ends sooner may end before the decision: 20 working days (Licensing Law art. 42) are about as long.
ENDS_SOON = timedelta(days=30)


def ways(application, plan):
    """Return a Paper for each paper of the plan, each once, those that the system makes included."""
    in_order = Prefetch("files", StoredFile.objects.order_by("pk"))
    handed_in = {row.code: row for row in application.materials.prefetch_related(in_order)}
    case = _case(application, plan)
    met = [_met(wanted, case) for wanted in plan.materials] + prerequisites(plan, case.records)
    return [as_chosen(paper, handed_in.get(paper.code)) for paper in met]


def ways_ahead(application, plan, licences):
    """Return the Papers as they stand by these held licences alone: nothing handed in, no source asked. No queries."""
    case = _Case(application, plan, licences, {})
    return [_met(wanted, case) for wanted in plan.materials] + prerequisites(plan, {})


def askable(application, plan):
    """Return {code of a paper: codes under which a source may know it} of those that nothing here stands for."""
    case = _case(application, plan)
    papers = {one.code: one for one in plan.materials if not any(step(one, case) for step in _KNOWN_HERE)}
    return {code: _codes_of(wanted, plan) for code, wanted in papers.items()} | askable_prerequisites(plan)


@dataclass(frozen=True)
class _Case:
    application: Application
    plan: Plan
    licences: list  # held and in force, of this enterprise and these premises
    records: dict  # {paper: SharedRecord} asked for this holder and place


@dataclass(frozen=True)
class _Met:
    how: How
    note: str
    later: Later | None = None
    warning: str = ""


def _case(application, plan):
    records = application.shared_records.select_related("source")
    about = {record.code: record for record in records if record.is_about(application)}
    return _Case(application, plan, held_licences(application), about)


def _met(wanted, case):
    met = next(met for step in _LADDER if (met := step(wanted, case)))
    items = wanted.needing or wanted.items
    paper = Paper(wanted.code, wanted.name, met.how, met.note, items, later=met.later, warning=met.warning)
    return replace(paper, **answers.told(met.how, met.note, case.records.get(wanted.code)))


def _generated(wanted, case):
    if wanted.material.source != "generated":
        return None
    made_of = "的承诺" if wanted.material.only_when_committed else "填写的内容"
    return _Met(How.GENERATED, f"按您{made_of}自动生成")


def _held_licence(wanted, case):
    """A licence of this enterprise and these premises that is the paper."""
    codes = {wanted.material.reusable_certificate, *results_of(case.plan.catalogue, wanted.material)}
    # Of two the one that holds longer.
    counting = [one for one in case.licences if one.item_code in codes]
    for licence in sorted(counting, key=lambda one: (one.valid_until is not None, -_ordinal(one.valid_until))):
        return _Met(How.HELD_LICENCE, f"已持有{licence.name}（{licence.number}）", warning=_ends_soon(licence))
    enterprise = case.application.enterprise
    if REGISTRATION in codes and enterprise and not enterprise.founding:
        return _Met(How.HELD_LICENCE, "登记信息已核对" if enterprise.verified_at else "添加企业时已上传，等窗口确认")
    return None


def _item_result(wanted, case):
    results, items = results_of(case.plan.catalogue, wanted.material), wanted.needing or wanted.items
    coming = [code for code in results if code in case.plan.chosen and code not in items]
    return _Met(How.ITEM_RESULT, f"“{'、'.join(case.plan.names(coming))}”办好后自动取得") if coming else None


def _source(wanted, case):
    record = case.records.get(wanted.code)
    return _Met(How.SHARED, answers.found(record)) if record and record.counts else None


def _department(wanted, case):
    if wanted.material.source != "shared" or wanted.material.waits_for_item:
        return None
    items = wanted.needing or wanted.items
    departments = dict.fromkeys(case.plan.catalogue.items[code].department for code in items)
    return _Met(How.DEPARTMENT, f"由{'、'.join(departments)}核验")


def _promise(wanted, case):
    return None if wanted.needing else _Met(How.PROMISE, "按告知承诺办理，以您的承诺代替")


def _by_hand(wanted, case):
    plan = case.plan
    if wanted.material.waits_for_item:
        results = "、".join(plan.names(results_of(plan.catalogue, wanted.material)))
        return _Met(How.UPLOAD, f"这次没有办理“{results}”，已经办好的请上传")
    promised = "、".join(plan.names(wanted.promised))
    note = f"“{promised}”以承诺代替，其他事项还要用" if promised else ""
    return _Met(How.UPLOAD, note, later=_later(plan, wanted))


# Nobody is asked about these; every step after them may be spared by what a source knows.
_KNOWN_HERE = (_generated, _held_licence, _item_result)
_LADDER = (*_KNOWN_HERE, _source, _department, _promise, _by_hand)


def _later(plan, wanted):
    """The Later of a paper that every item needing it lets wait (plan art. 7), else None: a main paper."""
    asking = {code: wanted.variants[code] for code in wanted.needing}
    if not all(one.deferrable and plan.catalogue.items[code].deferrable for code, one in asking.items()):
        return None
    strictest = min(asking.values(), key=lambda material: material.defer_days)
    return Later(strictest.defer_days, strictest.defer_method)


def _ordinal(day):
    return day.toordinal() if day else 0


def _ends_soon(licence):
    until, today = licence.valid_until, timezone.localdate()
    if until is None or until > today + ENDS_SOON:
        return ""
    return f"这本证 {day_text(until)} 到期，可能在办理期间过期。请尽早办理延续；有新证的，请自己上传。"


def _codes_of(wanted, plan):
    material = wanted.material
    return tuple(filter(None, (material.code, material.reusable_certificate, *results_of(plan.catalogue, material))))
