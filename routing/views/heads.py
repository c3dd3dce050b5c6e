"""The head's page: the load of each officer, what is overdue or due soon, and putting somebody else in charge."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from routing import assigning, load, refusals
from routing.acts import officers_of
from routing.forms import ReassignForm
from routing.views.finding import ticked


@require_safe
def office_load(request):
    offices = list(load.headed_by(request.user))
    if not offices:
        raise Http404
    return render(request, "routing/load.html", {"offices": [_shown(office) for office in offices]})


def _shown(office):
    pressing = load.pressing(office)
    loads = load.loads_of(office)
    return {
        "office": office,
        "loads": loads,
        "tasks": list(pressing[: load.SHOWN]),
        "number": sum(one.red + one.yellow + one.warning for one in loads),
        "form": ReassignForm(officers=officers_of(office), auto_id=f"id_{office.pk}_%s"),
    }


@require_POST
def reassign_selected(request, office_id):
    """Put the chosen officer in charge of each task that was ticked, each in a transaction of its own."""
    office = get_object_or_404(load.headed_by(request.user), pk=office_id)
    form = ReassignForm(request.POST, officers=officers_of(office))
    tasks = [task for task in ticked(request) if task.office_id == office.pk]
    if not form.is_valid() or not tasks:
        messages.error(request, "请勾选分办件，并选择新的承办人。")
        return redirect("admin:routing_approvaltask_load")
    officer, moved = form.cleaned_data["officer"], 0
    for task in tasks:
        try:
            assigning.reassign(task, request.user, officer)
            moved += 1
        except refusals.NotAllowed as reason:
            messages.warning(request, f"没有改派：{task.item.name}（{task.application.number}）。{reason}")
    if moved:
        messages.success(request, f"已把 {moved} 件改派给 {officer}。")
    return redirect("admin:routing_approvaltask_load")
