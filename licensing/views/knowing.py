"""Beginning the questions with what is known already of an enterprise and its shop."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render

from guidance import answering, releases
from licensing import members
from licensing.forms.applicant import KnownForm
from licensing.known_answers import known_answers

# In the person's own web session: which premises a guidance session was begun for.
BEGUN_AT = "guidance_begun_at"


@login_required
def guide(request):
    """Choose the shop; its known answers open the questionnaire. ?at=<premises> chooses beforehand.

    The guidance session keeps the bare answers: choices and numbers, neither name nor code nor address, and no link
    to the enterprise. Whoever comes upon its address learns what any stranger could have clicked together, so it
    stays open to whoever has the address, at home, at the kiosk and at the window, like every other. Which shop it was
    begun for only this person's own web session knows.
    """
    release = releases.current()
    catalogue = releases.load(release.pk)
    places = members.all_premises_for(request.user).select_related("enterprise", "division")
    places = places.order_by("enterprise__name", "name", "pk")
    form = KnownForm(places, catalogue.themes.values(), request.POST or None, initial=_likely(request, places))
    if request.method == "POST" and form.is_valid():
        place, theme = form.premises, catalogue.themes.get(form.cleaned_data["theme"])
        session = answering.begin(release, theme, known_answers(place.enterprise, place, catalogue))
        request.session[BEGUN_AT] = {str(session.public_id): str(place.public_id)}
        return redirect("guidance:summary", session.public_id)
    return render(request, "licensing/guide.html", {"form": form, "has_any": bool(form.places)})


def _likely(request, places):
    if len(places) == 1:
        return {"at": str(places[0].public_id)}
    return {"at": request.GET.get("at", "")}


def begun_at(request, session):
    """The premises that the person began this guidance session for and still acts for, or None."""
    place = request.session.get(BEGUN_AT, {}).get(str(session.public_id))
    return place and members.all_premises_for(request.user).filter(public_id=place).select_related("enterprise").first()
