"""The papers of a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from licensing import fetching, papers
from licensing.files import file_types
from licensing.models import How, StoredFile, UntrustworthyEntry
from licensing.views.access import agreed_draft, own_draft


@require_safe
@agreed_draft
def paper_list(request, draft, plan):
    return _page(request, draft, plan)


@require_POST
@agreed_draft
def upload(request, draft, plan, code):
    paper = _find(draft, plan, code)
    files = request.FILES.getlist("files")
    try:
        if not files:
            raise ValidationError("请先选择文件，再点“上传”。")
        papers.attach(draft, paper, files, request.user, replace="replace" in request.POST)
    except ValidationError as error:
        return _page(request, draft, plan, failed=code, errors=error.messages)
    messages.success(request, f"“{paper.name}”已上传。")
    return _back_to(draft, code)


@require_POST
@agreed_draft
def choose(request, draft, plan, code):
    """Choose how a paper is met, where there is a choice."""
    paper, choice = _find(draft, plan, code), papers.CHOICES.get(request.POST.get("choice"))
    try:
        if choice is None:
            raise Http404
        choice(draft, paper)
    except papers.NotUploadable:
        raise Http404 from None
    except papers.NotDeferrable as refused:
        messages.error(request, str(refused))
    return _back_to(draft, code)


@require_POST
@agreed_draft
def ask(request, draft, plan):
    """Have the connected sources asked now, those that gave no answer once more."""
    if not fetching.ask(draft, plan, again=True):
        messages.info(request, "都查过了。过一分钟可以再查一次，也可以自己上传。")
    return redirect(f"{reverse('licensing:papers', args=[draft.public_id])}#lookups")


@require_POST
@own_draft
def remove(request, draft, file_id):
    file = get_object_or_404(StoredFile.objects.filter(materials__application=draft), public_id=file_id)
    code = file.materials.get().code
    papers.detach(draft, file)
    messages.success(request, f"已删除“{file.name}”。")
    return _back_to(draft, code)


def _find(draft, plan, code):
    for paper in papers.ways(draft, plan):
        if paper.code == code:
            return paper
    raise Http404


def _page(request, draft, plan, *, failed="", errors=()):
    ways = papers.ways(draft, plan)
    rows = [{"paper": paper, "items": plan.names(paper.items)} for paper in ways]
    own = [row for row in rows if not row["paper"].spared]
    context = {
        "application": draft,
        "plan": plan,
        "last_step": plan.form_steps[-1] if plan.form_steps else None,
        "own": own,
        "spared": [row for row in rows if row["paper"].spared],
        "count": _count(ways),
        "lookups": _lookups(draft, plan, ways) | {"looking": "looking" in request.GET},
        "barred": _barred(draft, ways),
        "failed": failed,
        "errors": errors,
        "accept": file_types.ACCEPT,
    }
    return render(request, "licensing/papers.html", context)


def _count(ways):
    return {
        "missing": sum(paper.missing for paper in ways),
        "rejected": sum(bool(paper.rejected) for paper in ways),
        "in_check": sum(bool(paper.in_check) for paper in ways),
        "deferred": sum(paper.deferred for paper in ways),
        "settled": sum(paper.settled and not paper.spared for paper in ways),
    }


def _lookups(draft, plan, ways):
    """What sources are asked, and could be: {"asked": Papers, "open", "found": names of papers, "sources": names}."""
    asked = [paper for paper in ways if paper.being_asked]
    questions = {} if asked else fetching.open_questions(draft, plan, again=True)
    sources = [paper.record.source for paper in asked] or questions.values()
    return {
        "asked": asked,
        "found": [paper.name for paper in ways if paper.how == How.SHARED],
        "open": [paper.name for paper in ways if paper.code in questions],
        "sources": list(dict.fromkeys(source.name for source in sources)),
    }


def _barred(draft, ways):
    """The entry that forbids leaving papers for later (plan art. 16), where there is one that matters."""
    matters = any(paper.deferrable or paper.deferred for paper in ways)
    return UntrustworthyEntry.objects.barring(draft.enterprise) if matters else None


def _back_to(draft, code):
    return redirect(f"{reverse('licensing:papers', args=[draft.public_id])}#{code}")
