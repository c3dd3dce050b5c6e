"""How each paper is met: nobody brings what the portal can know, make or wait for (plan art. 7).

The steps, the least trouble first: printed from the form, a licence held, a result of another item here, a connected
source, checked by the department, a promise, handed in; what is handed in may wait where the catalogue allows it. The
applicant may always hand a paper in instead.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils import timezone

from guidance.requirements import results_of
from licensing.models import Application, How
from licensing.papers.paper import Later, Paper
from licensing.plan import Plan
from licensing.prefilling import held_licences
from licensing.registration import REGISTRATION
from licensing.wording import day_text

# A licence that ends sooner may end before the decision: 20 working days (Licensing Law art. 42) are about as long.
ENDS_SOON = timedelta(days=30)


def ways(application, plan):
    """Return a Paper for each paper of the plan, each once, those that the system makes included."""
    handed_in = {row.code: row for row in application.materials.prefetch_related("files")}
    case = _case(application, plan)
    met = [_met(wanted, case) for wanted in plan.materials] + [_as_shared(one, case) for one in _prerequisites(plan)]
    return [_as_chosen(paper, handed_in.get(paper.code)) for paper in met]


def askable(application, plan):
    """Return {code of a paper: codes under which a source may know it} of those that nothing here stands for."""
    case = _case(application, plan)
    papers = {one.code: one for one in plan.materials if not any(step(one, case) for step in _KNOWN_HERE)}
    codes = {code: _codes_of(wanted, plan) for code, wanted in papers.items()}
    return codes | {paper.code: (paper.code.removeprefix(_RESULT_OF),) for paper in _prerequisites(plan)}


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
    return replace(paper, **_looked_up(met, case.records.get(wanted.code)))


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
    return _found(record) if record and record.counts else None


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


# What connected sources know


def _codes_of(wanted, plan):
    material = wanted.material
    return tuple(filter(None, (material.code, material.reusable_certificate, *results_of(plan.catalogue, material))))


def _found(record):
    return _Met(How.SHARED, f"{record.source.name}已查到：{record.in_words}（{_asked_on(record)}查询）")


def _looked_up(met, record):
    """What to put into the Paper of what a source answered, as {field: value}."""
    if record is None or met.how not in (How.SHARED, How.DEPARTMENT, How.PROMISE, How.UPLOAD):
        return {}
    if met.how == How.SHARED or record.waiting:
        return {"record": record}
    return {"record": record, "note": "；".join(filter(None, [met.note, _not_found(record)]))}


def _not_found(record):
    if record.answered_nothing:
        return f"{record.source.name}没有回应，没有查成"
    if record.in_words:
        return f"{record.source.name}里的{record.in_words}现在无效"
    return f"{record.source.name}没有查到（{_asked_on(record)}查询）"


def _asked_on(record):
    return day_text(timezone.localdate(record.answered_at))


def _as_shared(paper, case):
    """A result that must be there first may be known to a source as well."""
    record = case.records.get(paper.code)
    met = _found(record) if record and record.counts else _Met(paper.how, paper.note)
    paper = replace(paper, how=met.how, note=met.note)
    return replace(paper, **_looked_up(met, record))


# Results that must be there first

_RESULT_OF = "result-of-"


def _prerequisites(plan):
    """A result that must be there first, that no paper of the plan stands for: the applicant brings it."""
    covered = {code for wanted in plan.materials for code in results_of(plan.catalogue, wanted.material)}
    asking = {}
    for code in plan.chosen:
        for needed in plan.catalogue.items[code].prerequisites:
            counts = not needed.if_required or needed.item in plan.required
            if counts and needed.item not in {*plan.chosen, *plan.licences, *covered}:
                asking.setdefault(needed.item, []).append(code)
    return [
        Paper(
            f"{_RESULT_OF}{code}",
            plan.catalogue.items[code].certificate_name or f"“{plan.catalogue.items[code].name}”的办理结果",
            How.UPLOAD,
            f"这次没有办理“{plan.catalogue.items[code].name}”，已经办好的请上传",
            tuple(items),
        )
        for code, items in asking.items()
    ]


# What the applicant decided

OWN_CHOICE = "您选择自己上传"


def _as_chosen(paper, row):
    """The paper as the applicant decided: a row in the draft says that they hand it in, or leave it for later."""
    if row is None:
        return paper
    if row.how == How.DEFERRED and paper.uploaded and paper.later:
        # Where an item now chosen needs it at once, or a licence has come that is the paper, the choice is void.
        later = f"受理后 {paper.later.days} 个工作日内补交，{paper.later.method}"
        return replace(paper, how=How.DEFERRED, note=later)
    if row.how != How.UPLOAD:
        return paper
    files = tuple(row.files.all())
    if paper.uploaded:
        return replace(paper, files=files)
    # Handed in while it was still asked for: a promise chosen since then stands for it, anything else not.
    if row.note == OWN_CHOICE or (files and paper.how not in (How.PROMISE, How.GENERATED, How.ITEM_RESULT)):
        promised = "，事项仍按告知承诺办理" if paper.how == How.PROMISE else ""
        return replace(paper, how=How.UPLOAD, note=OWN_CHOICE + promised, files=files, otherwise=paper, warning="")
    return paper
