"""Choosing, item by item, whether to file by promise (告知承诺) or the ordinary way."""

from django.contrib import messages
from django.shortcuts import redirect, render

from licensing import drafts
from licensing.commitments import notice_of
from licensing.forms.promises import WayForm
from licensing.models import UntrustworthyEntry
from licensing.views.access import agreed_draft


@agreed_draft
def promises(request, draft, plan):
    """Show what each item that allows it is told beforehand, and what the choice changes; a POST chooses."""
    if not plan.committable:
        return redirect("licensing:papers", draft.public_id)
    barred = UntrustworthyEntry.objects.barring(draft.enterprise)
    form = WayForm(plan, barred, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _choose(request, draft, form)
    context = {
        "draft": draft,
        "plan": plan,
        "form": form,
        "barred": barred,
        "last_step": plan.form_steps[-1] if plan.form_steps else None,
        "choices": [_choice(plan, form[code]) for code in plan.committable],
    }
    return render(request, "licensing/promises.html", context)


def _choose(request, draft, form):
    try:
        drafts.commit(draft, form.committed, seen=request.POST.get("fingerprint", ""))
    except (drafts.ChangedSinceSeen, drafts.NotCommittable):
        messages.warning(request, "这份申请刚刚在别的窗口改过，您的选择还没有保存，请再看一遍。")
        return redirect("licensing:promises", draft.public_id)
    page = "review" if request.POST.get("then") == "review" else "papers"
    return redirect(f"licensing:{page}", draft.public_id)


def _choice(plan, field):
    """One item's place on the page. `kept`: names of replaced papers that another item asks for all the same."""
    code, notice = field.name, notice_of(plan, field.name)
    needed = {one.name for one in plan.materials if set(one.needing) - {code}}
    return {
        "item": plan.catalogue.items[code],
        "field": field,
        "notice": notice,
        "kept": [name for name in notice.replaced if name in needed],
        "gone": [name for name in notice.replaced if name not in needed],
    }
