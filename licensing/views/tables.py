"""The page of one table of the form: pasted from a spreadsheet or uploaded, in one post of few fields."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from licensing import spreadsheets
from licensing.drafts import fill
from licensing.finding import find_application
from licensing.forms.table import APPEND, TableForm
from licensing.plan import plan_for
from licensing.views.access import agreed_draft, own_draft, unsettled_page
from licensing.wizard_storage import DraftStorage
from licensing.wording import table_of

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 50


@own_draft
def table(request, draft, step, element):
    """Show the rows there are and take others; nothing is kept while one cell is wrong."""
    with transaction.atomic():
        if request.method == "POST":
            draft = find_application(request.user, draft.public_id, lock=True)
        plan = plan_for(draft)
        if earlier := unsettled_page(draft, plan):
            if request.method == "POST":
                messages.warning(request, "方案刚刚变了，这张表还没有保存。请先确认方案，再回来粘贴或上传。")
            return earlier
        page, wanted = _find(plan, step, element)
        storage = DraftStorage("wizard", _on(request, draft))
        form = _form(request, plan, wanted)
        behind = request.method == "POST" and storage.saved_after(step, _revision(request))
        if not behind and form.is_valid():
            return _save(request, plan, page, form, storage)
    return _page(request, draft, plan, page, form, behind=behind)


@require_safe
@agreed_draft
def template(request, draft, plan, step, element):
    """An xlsx file with the table's columns and the rows there are."""
    _page, wanted = _find(plan, step, element)
    content = spreadsheets.workbook_of(wanted.element, plan.values.get(element) or [])
    name = content_disposition_header(as_attachment=True, filename=f"{wanted.element.label}.xlsx")
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=_XLSX, headers=headers)


def _find(plan, slug, code):
    """(the Step, the WantedElement) of a table that the form asks for today, or Http404."""
    for step in plan.form_steps:
        for wanted in plan.asked(step):
            if step.slug == slug and wanted.code == code and wanted.element.type == "rows":
                return step, wanted
    raise Http404


def _on(request, draft):
    # The wizard's storage finds the draft there.
    request.draft = draft
    return request


def _revision(request):
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _form(request, plan, wanted):
    present = plan.values.get(wanted.code) or []
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    return TableForm(*data, element=wanted.element, present=present)


def _save(request, plan, page, form, storage):
    code, rows = form.element.code, form.cleaned_data["rows"]
    fill(storage.draft, plan, {code: rows})
    storage.keep_table(page.slug, code)
    storage.save()
    added = len(rows) - len(form.present) if form.cleaned_data["mode"] == APPEND else len(rows)
    messages.success(request, f"“{form.element.label}”收下 {added} 行，现在共 {len(rows)} 行。")
    if form.unknown:
        names = "、".join(name[:20] for name in form.unknown[:10])
        messages.info(request, f"这张表没有“{names}”这些栏目，它们的内容没有采用。")
    return redirect(f"{reverse('licensing:form', args=[storage.draft.public_id, page.slug])}#id_{code}")


def _page(request, draft, plan, page, form, *, behind):
    element = form.element
    rows = Paginator(form.present, PAGE_SIZE).get_page(request.GET.get("page"))
    labels = [column.label for column in element.columns]
    context = {
        "draft": draft,
        "page": page,
        "element": element,
        "form": form,
        "behind": behind,
        "most": form.table.max_rows,
        "page_obj": rows,
        "lines": [list(zip(labels, texts, strict=True)) for texts in table_of(element, list(rows))],
    }
    return render(request, "licensing/table.html", context)
