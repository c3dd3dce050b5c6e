"""双轨 (plan art. 21): filing one item alone, and taking a combined draft apart."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from guidance.requirements import elements_of
from licensing import separating
from licensing.plan import plan_for, single_of
from licensing.views.access import own_draft


@require_POST
@login_required
def single(request, code):
    """Begin a draft for this item alone."""
    try:
        draft = separating.begin(code, request.user)
    except LookupError:
        raise Http404 from None
    return redirect("licensing:who", draft.public_id)


@own_draft
def separate(request, draft):
    """Show what taking it apart makes of the draft; a POST does it."""
    if request.method == "POST":
        return _separate(request, draft)
    plan = plan_for(draft)
    if single_of(draft) or len(plan.chosen) < 2:
        return redirect("licensing:detail", draft.public_id)
    context = {"draft": draft, "items": [_item(plan, code) for code in plan.chosen]}
    return render(request, "licensing/separate.html", context)


def _separate(request, draft):
    try:
        singles = separating.separate(draft)
    except separating.NothingToSeparate:
        messages.info(request, "这份申请现在没有几个事项可以分开。")
        return redirect("licensing:detail", draft.public_id)
    messages.success(request, f"已经分成 {len(singles)} 份单独的申请，都在下面。合在一起的那份也还在。")
    return redirect("licensing:list")


def _item(plan, code):
    """{"name", "fields": how many its own form has, "papers": how many it asks for}."""
    item, facts = plan.catalogue.items[code], plan.situation.facts
    fields = [one for one in elements_of(plan.catalogue, item, facts) if not one.system_filled]
    asking = [one for one in plan.materials if code in one.needing and one.material.source != "generated"]
    return {"name": item.name, "fields": len(fields), "papers": len(asking)}
