"""The papers of a draft, and the one address that hands files out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from licensing import file_types, papers, uploads
from licensing.models import StoredFile
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
    except papers.NotUploadable:
        raise Http404 from None
    except ValidationError as error:
        return _page(request, draft, plan, failed=code, errors=error.messages)
    messages.success(request, f"“{paper.name}”已上传。")
    return _back_to(draft, code)


@require_POST
@agreed_draft
def choose(request, draft, plan, code):
    """Hand a paper in oneself (choice=own), or leave it to the portal again."""
    paper = _find(draft, plan, code)
    choice = papers.choose_upload if request.POST.get("choice") == "own" else papers.choose_portal
    try:
        choice(draft, paper)
    except papers.NotUploadable:
        raise Http404 from None
    return _back_to(draft, code)


@require_POST
@own_draft
def remove(request, draft, file_id):
    file = get_object_or_404(StoredFile.objects.filter(materials__application=draft), public_id=file_id)
    code = file.materials.get().code
    papers.detach(draft, file)
    messages.success(request, f"已删除“{file.name}”。")
    return _back_to(draft, code)


@login_required
@require_safe
def stored_file(request, public_id):
    file = get_object_or_404(StoredFile.objects.visible_to(request.user), public_id=public_id)
    return uploads.served(file)


def _find(draft, plan, code):
    for paper in papers.ways(draft, plan):
        if paper.code == code:
            return paper
    raise Http404


def _page(request, draft, plan, *, failed="", errors=()):
    ways = papers.ways(draft, plan)
    rows = [{"paper": paper, "items": plan.names(paper.items)} for paper in ways]
    uploaded = [row for row in rows if row["paper"].uploaded]
    context = {
        "application": draft,
        "last_step": plan.form_steps[-1] if plan.form_steps else None,
        "uploaded": uploaded,
        "spared": [row for row in rows if not row["paper"].uploaded],
        "missing": sum(paper.missing for paper in ways),
        "handed_in": sum(not row["paper"].missing for row in uploaded),
        "failed": failed,
        "errors": errors,
        "accept": file_types.ACCEPT,
    }
    return render(request, "licensing/papers.html", context)


def _back_to(draft, code):
    return redirect(f"{reverse('licensing:papers', args=[draft.public_id])}#{code}")
