"""Why an item is needed, why another is not, and what would change it."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from guidance.explaining.whys import Explainer
from guidance.recommendation import grounds_of
from guidance.views.finding import entry, find

# A page stays small also where a province's whole catalogue is not needed.
ITEMS_PER_PAGE = 60


def why_not(request, public_id):
    """All items not needed, by department, each with what would make it necessary; the nearest first."""
    session, catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    explainer = Explainer(catalogue, situation)
    near = explainer.near()
    far = [item for item in catalogue.items.values() if item.code not in situation.items and item.code not in near]
    page = Paginator(by_department(far), ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "session": session,
        "near": grouped(catalogue, near) if page.number == 1 else [],
        "far": grouped(catalogue, {item.code: explainer.why_not(item.code) for item in page.object_list}),
        "page": page,
    }
    return render(request, "guidance/why_not.html", context)


def explain(request, public_id, code):
    """One item: why it is needed and what would drop it, or what would make it necessary."""
    session, catalogue, situation = find(public_id)
    item = entry(catalogue.items, code)
    explainer = Explainer(catalogue, situation)
    needed = code in situation.items
    context = {
        "session": session,
        "item": item,
        "needed": needed,
        "possible": code in situation.possible,
        "finished": situation.next is None,
        "grounds": grounds_of(catalogue, situation, code) if needed else (),
        "drops": [told(catalogue, drop) for drop in explainer.drops(code)] if needed else (),
        "needs": () if needed else explainer.why_not(code),
    }
    return render(request, "guidance/explain.html", context)


def grouped(catalogue, needs):
    """[{"department", "rows": [{"item", "needs"}]}] of {item code: its Needs}, the departments as the items come."""
    items = by_department([catalogue.items[code] for code in needs])
    return [
        {"department": department, "rows": [{"item": item, "needs": needs[item.code]} for item in group]}
        for department, group in groupby(items, key=lambda item: item.department)
    ]


def by_department(items):
    """The items, those of one department one after the other; else in their order."""
    first = {}
    for item in items:
        first.setdefault(item.department, len(first))
    return sorted(items, key=lambda item: first[item.department])


def told(catalogue, drop):
    """A Drop with what else it does, by names: {"drop", "lost", "gained", "possible", "dropped"}."""
    effect = drop.effect
    return {
        "drop": drop,
        "lost": [catalogue.items[code].name for code in effect.lost],
        "gained": [catalogue.items[code].name for code in effect.gained],
        "possible": [catalogue.items[code].name for code in effect.possible],
        "dropped": [catalogue.questions[code].text for code in effect.dropped],
    }
