from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from guidance import answering, releases
from guidance.engine import replay
from guidance.forms import question_form
from guidance.models import GuidanceSession
from guidance.progress import progress
from guidance.recommendation import recommend, remarks_of
from guidance.wording import answer_text


def themes(request):
    catalogue = releases.load(releases.current().pk)
    return render(request, "guidance/themes.html", {"themes": catalogue.themes.values()})


@require_POST
def start(request):
    """Open a session, half answered when a theme is named."""
    release = releases.current()
    code = request.POST.get("theme", "")
    theme = _entry(releases.load(release.pk).themes, code) if code else None
    return redirect("guidance:resume", answering.begin(release, theme).public_id)


def resume(request, public_id):
    """Go on where the answers stop."""
    session, _catalogue, situation = _find(public_id)
    if situation.next:
        return redirect("guidance:question", session.public_id, situation.next)
    return redirect("guidance:result", session.public_id)


def question(request, public_id, code):
    session, catalogue, situation = _find(public_id)
    question = _entry(catalogue.questions, code)
    if code not in situation.path:
        return redirect("guidance:resume", session.public_id)
    form = question_form(request, question, situation)
    if form.is_valid():
        after = answering.answer(session, code, form.cleaned_data["answer"])
        _tell_dropped(request, catalogue, after)
        if after.next:
            return redirect("guidance:question", session.public_id, after.next)
        return redirect("guidance:summary", session.public_id)
    remarks = remarks_of(catalogue, situation)
    context = {
        "session": session,
        "question": question,
        "form": form,
        "finished": situation.next is None,
        "previous": _previous(session, situation, code),
        "progress": progress(catalogue, situation, code, session.seeded),
        "blocks": [remark for remark in remarks if remark.level == "block"],
        "remarks": [remark for remark in remarks if remark.level != "block"],
    }
    return render(request, "guidance/question.html", context)


def summary(request, public_id):
    session, catalogue, situation = _find(public_id)
    rows = [
        {"question": one, "text": answer_text(one, situation.answers[code]), "seeded": code in session.seeded}
        for code, one in catalogue.questions.items()
        if code in situation.path and code in situation.answers
    ]
    context = {"session": session, "rows": rows, "next": situation.next, "remarks": remarks_of(catalogue, situation)}
    return render(request, "guidance/summary.html", context)


def result(request, public_id):
    """The items needed and why; a POST leaves out what is not ticked, and goes on or only counts again."""
    session, catalogue, situation = _find(public_id)
    if situation.next:
        return redirect("guidance:resume", session.public_id)
    if request.method == "POST":
        declined = answering.choose(session, situation, request.POST.getlist("item"))
        if "count" not in request.POST and len(declined) < len(set(situation.items) - situation.blocked_items):
            return redirect(_next_address(session))
    recommendation = recommend(catalogue, situation, session.declined)
    context = {
        "session": session,
        "recommendation": recommendation,
        "nothing_chosen": request.method == "POST" and not recommendation.chosen,
    }
    return render(request, "guidance/result.html", context)


def item(request, code):
    """The service guide (办事指南) of one item, as the current release has it."""
    catalogue = releases.load(releases.current().pk)
    return render(request, "guidance/item.html", {"item": _entry(catalogue.items, code)})


def _find(public_id):
    """The session, the catalogue of its own release, and where its answers lead."""
    session = get_object_or_404(GuidanceSession, public_id=public_id)
    catalogue = releases.load(session.release_id)
    return session, catalogue, replay(catalogue, session.answers)


def _entry(entries, code):
    if code not in entries:
        raise Http404
    return entries[code]


def _previous(session, situation, code):
    """The question before this one that the person answered, not the theme."""
    before = [one for one in situation.path[: situation.path.index(code)] if one not in session.seeded]
    return before[-1] if before else None


def _tell_dropped(request, catalogue, situation):
    if situation.dropped:
        dropped = (one.text for one in catalogue.questions.values() if one.code in situation.dropped)
        texts = "".join(f"“{text}”" for text in dropped)
        messages.info(request, f"因为您改了前面的答案，这些问题不用再回答，原来的答案已经去掉：{texts}")


def _next_address(session):
    """The page that turns the choice into an application; it belongs to the app on the right, hence by name."""
    return f"{reverse('licensing:start')}?guide={session.public_id}"
