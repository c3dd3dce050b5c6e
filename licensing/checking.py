"""Everything that still stands between a draft and its submission, each with the page where it is mended."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.urls import reverse

from guidance.offices import offices_for
from licensing.carrying_on import not_in_force
from licensing.fields import clean_value
from licensing.models import Purpose, UntrustworthyEntry


@dataclass(frozen=True)
class Problem:
    text: str
    address: str = ""


def problems_of(draft, plan, papers):
    """Return the Problems of a draft, [] when it may be submitted. papers: what papers.ways() says of it."""
    return [
        *_of_the_applicant(draft),
        *_of_the_licence(draft),
        *_of_the_plan(draft, plan),
        *_of_the_form(draft, plan),
        *_of_the_papers(draft, papers),
        *_of_the_untrustworthy(draft, plan, papers),
        *_of_the_offices(draft, plan),
    ]


def form_problems(draft, plan, step):
    """The Problems of one page of the form: values missing or no longer valid, and what was typed but never kept."""
    address = reverse("licensing:form", args=[draft.public_id, step.slug])
    if step.slug in draft.wizard.get("step_data", {}):
        return [Problem(f"“{step.name}”：这一页填了还没有保存好，请打开改好再保存", address)]
    problems = []
    for wanted in plan.asked(step):
        try:
            clean_value(wanted.element, plan.values.get(wanted.code), required=wanted.required)
        except ValidationError as error:
            text = f"“{wanted.element.label}”：{error.messages[0]}"
            problems.append(Problem(text, f"{address}#id_{wanted.code}"))
    return problems


def _of_the_applicant(draft):
    enterprise, page = draft.enterprise, reverse("licensing:who", args=[draft.public_id])
    if enterprise is None:
        yield Problem("还没有选择由哪个主体申请", page)
    elif not enterprise.trusted:
        rejected = f"窗口没有确认“{enterprise.name}”：{enterprise.rejection_reason}"
        waiting = f"“{enterprise.name}”还在等窗口人员确认，确认后才能提交；现在填的都会保存"
        address = reverse("licensing:enterprise", args=[enterprise.public_id])
        yield Problem(rejected if enterprise.rejected_at else waiting, address)
    if enterprise and draft.premises is None:
        yield Problem("还没有选择经营场所", reverse("licensing:where", args=[draft.public_id]))


def _of_the_licence(draft):
    if draft.purpose != Purpose.NEW and (why := not_in_force(draft.reissue.licence, draft.purpose)):
        yield Problem(why, reverse("licensing:enterprise", args=[draft.enterprise.public_id]))


def _of_the_plan(draft, plan):
    page = reverse("licensing:plan", args=[draft.public_id])
    if plan.situation.next:
        question = plan.catalogue.questions[plan.situation.next]
        address = reverse("licensing:question", args=[draft.public_id, question.code])
        yield Problem(f"还有问题没有回答：{question.text}", address)
    elif not plan.chosen:
        yield Problem("现在没有要办的事项", page)
    elif not plan.is_agreed(draft):
        yield Problem("要办的事项、材料或要填的内容有变化，请先看一看并确认", page)


def _of_the_form(draft, plan):
    for step in plan.form_steps:
        yield from form_problems(draft, plan, step)


def _of_the_papers(draft, papers):
    page = reverse("licensing:papers", args=[draft.public_id])
    for paper in papers:
        if paper.missing:
            asked = f"；正在向{paper.record.source.name}查询，查到就不用上传" if paper.being_asked else ""
            yield Problem(f"还没有上传“{paper.name}”{asked}", f"{page}#{paper.code}")
        elif paper.rejected:
            names = "、".join(f"“{file.name}”" for file in paper.rejected)
            yield Problem(f"“{paper.name}”里有文件没有通过检查，请删掉或者换一份：{names}", f"{page}#{paper.code}")
        elif paper.in_check:
            yield Problem(f"“{paper.name}”的文件还在检查，一般几秒钟，请稍等再提交", f"{page}#{paper.code}")


def _of_the_untrustworthy(draft, plan, papers):
    """Plan art. 16: who was listed after choosing a promise or a deferral goes the ordinary way."""
    deferred = "、".join(f"“{paper.name}”" for paper in papers if paper.deferred)
    chosen = draft.enterprise and (plan.committed or deferred)
    if not chosen or not UntrustworthyEntry.objects.bars(draft.enterprise):
        return
    listed = f"“{draft.enterprise.name}”现在列入失信主体名单"
    if plan.committed:
        names = "、".join(f"“{name}”" for name in plan.names(plan.committed))
        text = f"{listed}，不能按告知承诺办理{names}，请改选一般程序"
        yield Problem(text, reverse("licensing:promises", args=[draft.public_id]))
    if deferred:
        text = f"{listed}，不能以后补交{deferred}，请现在上传"
        yield Problem(text, reverse("licensing:papers", args=[draft.public_id]))


def _of_the_offices(draft, plan):
    if draft.premises is None:
        return
    division, items = draft.premises.division, [plan.catalogue.items[code] for code in plan.chosen]
    for code, office in offices_for(items, division).items():
        if office is None:
            item = plan.catalogue.items[code]
            text = f"{division.name}现在没有办理“{item.name}”的机关（{item.department}），请在方案里去掉它，另行办理"
            yield Problem(text, reverse("licensing:plan", args=[draft.public_id]))
