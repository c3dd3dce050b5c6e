"""Reading it all once more, promising that it is true, and handing it in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from guidance.prerequisites import barriers, gates
from licensing import papers as paperwork
from licensing.checking import problems_of
from licensing.forms.applicant import PromiseForm
from licensing.savings import savings
from licensing.submission import PROMISE, PROMISE_VERSION, ChangedSinceSeen, NotSubmittable, submit, what_is_seen
from licensing.views.access import agreed_draft
from licensing.wording import shown


@agreed_draft
def review(request, draft, plan):
    return _review(request, draft, plan, PromiseForm(initial={"version": PROMISE_VERSION}))


@require_POST
@agreed_draft
def hand_in(request, draft, plan):
    """Submit once, however often it is posted: every further post leads to the same application."""
    form = PromiseForm(request.POST)
    if request.POST.get("version") != PROMISE_VERSION:
        messages.warning(request, "承诺的内容刚刚更新了，请看过新的承诺再提交。")
        return redirect("licensing:review", draft.public_id)
    if not form.is_valid():
        return _review(request, draft, plan, form)
    try:
        submit(draft, request.user, seen=request.POST.get("seen", ""))
    except NotSubmittable as refused:
        return _review(request, draft, plan, form, refused.problems)
    except ChangedSinceSeen:
        messages.warning(request, "您核对以后，内容又在别的窗口改过，还没有提交。请再看一遍再提交。")
        return redirect("licensing:review", draft.public_id)
    return redirect("licensing:detail", draft.public_id)


def _review(request, draft, plan, form, problems=None):
    papers = paperwork.ways(draft, plan)
    context = {
        "draft": draft,
        "plan": plan,
        "form": form,
        "problems": problems_of(draft, plan, papers) if problems is None else problems,
        "steps": [_step(plan, step) for step in plan.steps],
        "papers": [{"paper": paper, "items": plan.names(paper.items)} for paper in papers],
        "savings": savings(plan, papers),
        "order": _order(plan),
        "declined": plan.names(plan.declined),
        "promise": PROMISE,
        # A page opened before the content changed in another tab must not sign that unseen.
        "seen": what_is_seen(draft, plan, papers),
    }
    return render(request, "licensing/review.html", context)


def _order(plan):
    """[{"name", "after": names to be granted before it starts, "until": names its grant waits for}] of the chosen."""
    chosen = {code: plan.catalogue.items[code] for code in plan.chosen}
    return [
        {"name": item.name, "after": plan.names(barriers(item, chosen)), "until": plan.names(gates(item, chosen))}
        for item in chosen.values()
    ]


def _step(plan, step):
    rows = [shown(plan, wanted) | {"asked": plan.is_asked(wanted)} for wanted in step.wanted]
    return {"step": step, "rows": rows, "asked": bool(plan.asked(step))}
