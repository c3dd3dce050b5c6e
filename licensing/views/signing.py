"""Reading it all once more, promising that it is true, and handing it in."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from guidance.prerequisites import barriers, gates
from guidance.wording import committed_limit, fee
from licensing import papers as paperwork
from licensing import signing
from licensing.checking import problems_of
from licensing.commitments import text_of
from licensing.forms.applicant import PromiseForm
from licensing.models import Application, Status
from licensing.prefilling import filed_before
from licensing.savings import savings
from licensing.snapshots import PROMISE, PROMISE_VERSION, deferral_promise, what_is_seen
from licensing.submission import ChangedSinceSeen, NotSubmittable, Signed, may_sign, submit
from licensing.views.access import agreed_draft
from licensing.wording import shown

# Instead of problems: it is no longer what the page showed.
_CHANGED = object()


@agreed_draft
def review(request, draft, plan):
    return _review(request, draft, plan)


@require_POST
@agreed_draft
def hand_in(request, draft, plan):
    """Submit once, however often it is posted: every further post leads to the same application."""
    form = _form(request.user, draft, plan, request.POST)
    if request.POST.get("version") != PROMISE_VERSION:
        messages.warning(request, "承诺的内容刚刚更新了，请看过新的承诺再提交。")
        return redirect("licensing:review", draft.public_id)
    if not form.is_valid():
        return _review(request, draft, plan, form)
    problems = _sign(request, draft, form)
    if problems is _CHANGED:
        messages.warning(request, "您核对以后，内容又在别的窗口改过，还没有提交。请再看一遍再提交。")
        return redirect("licensing:review", draft.public_id)
    if problems or form.errors:
        return _review(request, draft, plan, form, problems)
    return redirect("licensing:detail", draft.public_id)


@require_POST
@agreed_draft
def ask(request, draft, plan):
    """Who may prepare only hands it over to those who may sign."""
    signers = list(signing.signers_of(draft))
    with transaction.atomic():
        signing.ask_for_signature(draft, signers)
    names = "、".join(str(member.user) for member in signers)
    messages.success(request, f"已经告诉{names}：这份申请等着签名。签名以前，您还可以修改。")
    return redirect("licensing:review", draft.public_id)


def _sign(request, draft, form):
    """Submit what the form signs; return the problems in the way or _CHANGED, or put an error at its confirmation."""
    with transaction.atomic():
        wrong = signing.wrong(request, form.cleaned_data["confirmation"])
        if Application.objects.get(pk=draft.pk).status != Status.DRAFT:
            return []  # a double click: its code was used up by the first one
        if wrong:
            form.add_error("confirmation", wrong)
            return None
        try:
            # Within: what keeps the code from being used twice is kept, even when nothing is submitted.
            submit(
                draft,
                request.user,
                Signed(signing.method_for(request.user)),
                seen=request.POST.get("seen", ""),
                on_refusal=form.cleaned_data.get("on_refusal"),
                channel=signing.channel_of(request, draft),
            )
        except NotSubmittable as refused:
            return refused.problems
        except ChangedSinceSeen:
            return _CHANGED
        return []


def _form(user, draft, plan, data=None):
    asked = {"plan": plan, "papers": paperwork.ways(draft, plan), "method": signing.method_for(user)}
    return PromiseForm(data, initial={"version": PROMISE_VERSION, "on_refusal": draft.on_refusal}, **asked)


def _review(request, draft, plan, form=None, problems=None):
    papers, order = paperwork.ways(draft, plan), _order(plan)
    may = may_sign(request.user, draft)
    context = {
        "draft": draft,
        "plan": plan,
        "form": form or _form(request.user, draft, plan),
        "may_sign": may,
        "assisting": not may and Application.objects.assisted_by(request.user).filter(pk=draft.pk).exists(),
        "signers": [] if may else signing.signers_of(draft),
        "problems": problems_of(draft, plan, papers) if problems is None else problems,
        # Who did not type the numbers sees enough of them to tell whose they are; the form shows them to change.
        "steps": [_step(plan, step, hide=request.user.pk != draft.filer_id) for step in plan.steps],
        "papers": [{"paper": paper, "items": plan.names(paper.items)} for paper in papers],
        "savings": savings(plan, papers, filed_before(draft, plan.catalogue.elements)),
        "order": order,
        "has_order": any(one["after"] or one["until"] for one in order),
        "commitments": [text_of(plan, code) for code in plan.committed],
        "deferral_promise": deferral_promise(papers),
        "declined": plan.names(plan.declined),
        "promise": PROMISE,
        # A page opened before the content changed in another tab must not sign that unseen.
        "seen": what_is_seen(draft, plan, papers),
    }
    return render(request, "licensing/review.html", context)


def _order(plan):
    """Of each chosen item: its terms, `after`: names to be granted before it starts, `until`: before its grant."""
    chosen = {code: plan.catalogue.items[code] for code in plan.chosen}
    return [
        {
            "name": item.name,
            "by_promise": code in plan.committed,
            "limit": committed_limit(item, by_promise=code in plan.committed),
            "fee": fee(item) if item.fee else "",
            "after": plan.names(barriers(item, chosen)),
            "until": plan.names(gates(item, chosen)),
        }
        for code, item in chosen.items()
    ]


def _step(plan, step, *, hide):
    rows = [shown(plan, wanted, hide=hide) | {"asked": plan.is_asked(wanted)} for wanted in step.wanted]
    return {"step": step, "rows": rows, "asked": bool(plan.asked(step))}
