from django.shortcuts import redirect, render
from django.urls import reverse

from guidance import answering
from guidance.explaining.whys import Explainer
from guidance.recommendation import recommend
from guidance.views.finding import find
from guidance.views.whys import grouped


def result(request, public_id):
    """The items needed and why; a POST leaves out what is not ticked, and goes on or only counts again."""
    session, catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    if request.method == "POST":
        declined = answering.choose(session, situation, request.POST.getlist("item"))
        if "count" not in request.POST and len(declined) < len(set(situation.items) - situation.blocked_items):
            return redirect(_next_address(session))
    recommendation = recommend(catalogue, situation, session.declined)
    explainer = Explainer(catalogue, situation)
    context = {
        "session": session,
        "recommendation": recommendation,
        "rows": [(one, explainer.drop_by(one.item.code)) for one in recommendation.requirements],
        "near": grouped(catalogue, explainer.near()),
        "nothing_chosen": request.method == "POST" and not recommendation.chosen,
    }
    return render(request, "guidance/result.html", context)


def _next_address(session):
    """The page that turns the choice into an application; it belongs to the app on the right, hence by name."""
    return f"{reverse('licensing:start')}?guide={session.public_id}"
