"""The map before submission: of what the questions found, and of a draft with its promises."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guidance.requirements import may_commit
from guidance.views.finding import find
from licensing.plan import plan_for
from licensing.views.access import own_draft, unknown_page
from routing import calendar
from routing.roadmaps import before


@require_safe
def of_session(request, public_id):
    """The items chosen on the result page; ?promise=1: with 告知承诺 for each that allows it."""
    session, catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    out = {*situation.blocked_items, *session.declined}
    chosen = {code: item for code, item in catalogue.items.items() if code in situation.items and code not in out}
    if not chosen:
        return redirect("guidance:result", session.public_id)
    may = [code for code, item in chosen.items() if may_commit(item, situation.facts)]
    by_promise = may if "promise" in request.GET else []
    context = {"session": session, "map": _before(chosen, by_promise), "may": may, "by_promise": by_promise}
    return render(request, "routing/map.html", context)


@require_safe
@own_draft
def of_draft(request, draft):
    plan = plan_for(draft)
    if earlier := unknown_page(draft, plan):
        return earlier
    if not plan.chosen:
        return redirect("licensing:plan", draft.public_id)
    chosen = {code: plan.catalogue.items[code] for code in plan.chosen}
    return render(request, "routing/map.html", {"draft": draft, "map": _before(chosen, plan.committed)})


def _before(chosen, committed):
    return before(chosen, calendar.load(), timezone.localdate(), committed=committed)
