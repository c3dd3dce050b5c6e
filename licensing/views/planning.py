"""The plan page: what is filed and what changed, to be agreed to; and the questions behind it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from guidance.forms import question_form
from guidance.models import Source
from guidance.recommendation import remarks_of
from guidance.wording import answer_text, committed_limit
from licensing import drafts
from licensing.changes import changes
from licensing.finding import find_application
from licensing.forms.keyboard import ready_to_type
from licensing.plan import KNOWN, plan_for, single_of
from licensing.views.access import own_draft, unknown_page


@own_draft
def plan(request, draft):
    """Show today's plan and what differs from the one agreed to; a POST agrees, or chooses other items first."""
    today = plan_for(draft)
    if earlier := unknown_page(draft, today):
        return earlier
    if request.method == "POST":
        return _agree(request, draft)
    single = single_of(draft)
    context = {
        "draft": draft,
        "plan": today,
        "single": single,
        "single_name": today.names([single])[0] if single else "",
        # Who has not agreed to any plan yet, one item alone (双轨), sees a plan, no change of one.
        "changes": draft.agreed_plan and changes(draft.agreed_plan, today),
        "items": [_item(today, code) for code in (*today.chosen, *today.declined)],
        "held": today.names(today.held),
        "blocked": today.names(today.blocked),
        "remarks": remarks_of(today.catalogue, today.situation),
        "answers": _answers(draft, today),
        "asked": sum(map(today.is_asked, today.elements)),
    }
    return render(request, "licensing/plan.html", context)


@own_draft
def question(request, draft, code):
    """Answer or change one question of the draft."""
    today = plan_for(draft)
    situation = today.situation
    if code not in situation.path or code in today.sealed:
        raise Http404
    asked = today.catalogue.questions[code]
    form = question_form(request, asked, situation)
    if form.is_valid():
        drafts.answer(draft, code, form.cleaned_data["answer"])
        return redirect("licensing:resume", draft.public_id)
    ready_to_type(form, request.user)
    context = {"draft": draft, "form": form, "question": asked, "new": code == situation.next}
    return render(request, "licensing/plan_question.html", context)


@transaction.atomic
def _agree(request, draft):
    draft = find_application(request.user, draft.public_id, lock=True)
    today = plan_for(draft)
    ticked = request.POST.getlist("item")
    if single_of(draft):
        ticked = today.chosen  # There is nothing to choose.
    left_out = [code for code in (*today.chosen, *today.declined) if code not in ticked]
    if request.POST.get("fingerprint") != today.fingerprint:
        messages.warning(request, "方案刚刚又有变化，请再看一遍。")
    elif len(left_out) == len(today.chosen) + len(today.declined):
        messages.error(request, "请至少留一个要办的事项；都不办的，可以删除这份申请。")
    elif set(left_out) != set(today.declined):
        drafts.decline(draft, left_out)
        messages.info(request, "已经按您的选择重新算过，请再看一遍，没有问题就继续。")
    else:
        drafts.agree(draft, today)
        return redirect("licensing:resume", draft.public_id)
    return redirect("licensing:plan", draft.public_id)


def _item(today, code):
    item = today.catalogue.items[code]
    return {
        "code": code,
        "name": item.name,
        "plain": item.plain,
        "limit": committed_limit(item, by_promise=code in today.committed),
        "reasons": today.situation.reasons[code],
        "chosen": code in today.chosen,
    }


def _answers(draft, today):
    """[(question, answer in words, its source or "", may it be changed here?)] in the order asked."""
    questions, answers = today.catalogue.questions, today.situation.answers
    return [
        (
            questions[code],
            answer_text(questions[code], answers[code]),
            _source(draft, today, code),
            code not in today.sealed,
        )
        for code in today.situation.path
    ]


def _source(draft, today, code):
    """Who answered instead of the person, in words."""
    if code in today.sealed:
        return Source.REGISTER.label
    answer, source = draft.wizard.get(KNOWN, {}).get(code, (None, ""))
    own = draft.wizard.get("taken", {}).get("answers", {})
    if source and code not in own and answer == today.situation.answers[code]:
        return Source(source).label
    return "来自您填写的内容" if code in today.told else ""
