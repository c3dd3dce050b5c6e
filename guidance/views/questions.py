from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from guidance import answering, releases
from guidance.forms import question_form
from guidance.models import Source
from guidance.progress import progress
from guidance.recommendation import remarks_of
from guidance.views.finding import entry, find
from guidance.wording import answer_text


def themes(request):
    catalogue = releases.load(releases.current().pk)
    return render(request, "guidance/themes.html", {"themes": catalogue.themes.values()})


@require_POST
def start(request):
    """Open a session, half answered when a theme is named."""
    release = releases.current()
    code = request.POST.get("theme", "")
    theme = entry(releases.load(release.pk).themes, code) if code else None
    return redirect("guidance:resume", answering.begin(release, theme).public_id)


def resume(request, public_id):
    """Go on where the answers stop."""
    session, _catalogue, situation = find(public_id)
    if situation.next:
        return redirect("guidance:question", session.public_id, situation.next)
    return redirect("guidance:result", session.public_id)


def question(request, public_id, code):
    session, catalogue, situation = find(public_id)
    question = entry(catalogue.questions, code)
    if code not in situation.path:
        return redirect("guidance:resume", session.public_id)
    form = question_form(request, question, situation)
    if form.is_valid():
        after = answering.answer(session, code, form.cleaned_data["answer"])
        _tell_dropped(request, catalogue, set(after.dropped).intersection(situation.path))
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
        "progress": progress(situation, code, session.sources),
        "blocks": [remark for remark in remarks if remark.level == "block"],
        "remarks": [remark for remark in remarks if remark.level != "block"],
    }
    return render(request, "guidance/question.html", context)


def summary(request, public_id):
    """All answers, who gave them, and which items each of them makes necessary."""
    session, catalogue, situation = find(public_id)
    rows = [
        {
            "question": catalogue.questions[code],
            "text": answer_text(catalogue.questions[code], situation.answers[code]),
            "source": Source(session.sources[code]).label if code in session.sources else "",
            "items": _made_necessary_by(catalogue, situation, code),
        }
        for code in situation.path
        if code in situation.answers
    ]
    context = {"session": session, "rows": rows, "next": situation.next, "remarks": remarks_of(catalogue, situation)}
    return render(request, "guidance/summary.html", context)


def _made_necessary_by(catalogue, situation, code):
    """Items that this answer is a reason for."""
    return [
        catalogue.items[item]
        for item, reasons in situation.reasons.items()
        if any(code in reason.causes for reason in reasons)
    ]


def _previous(session, situation, code):
    """The question before this one that the person answered, not the theme."""
    before = [one for one in situation.path[: situation.path.index(code)] if one not in session.sources]
    return before[-1] if before else None


def _tell_dropped(request, catalogue, codes):
    """codes: those that were asked until now. What was only known ahead, for a question never asked, nobody misses."""
    if codes:
        texts = "".join(f"“{one.text}”" for one in catalogue.questions.values() if one.code in codes)
        messages.info(request, f"因为您改了前面的答案，这些问题不用再回答，原来的答案已经去掉：{texts}")
