"""The officers' queue, and accepting what was ticked in it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from routing import decisions, refusals
from routing.finding import QueueForm
from routing.models import TaskStatus
from routing.queue import LAMPS, STATES, WHOSE, Queue
from routing.views.finding import ticked

PER_PAGE = 30


class CountedPaginator(Paginator):
    """The filters' counts have told already how many rows there are."""

    def __init__(self, queue):
        super().__init__(queue.rows(), PER_PAGE)
        self.count = queue.number


@require_safe
def queue(request):
    own = Queue(request.user)
    form = QueueForm(request.GET, offices=own.office_names)
    own.choice = form.choice
    return render(request, "routing/queue.html", _page(request, own, form))


def _page(request, own, form):
    page = CountedPaginator(own).get_page(request.GET.get("page"))
    items = own.item_names()
    return {
        "form": form,
        "choice": own.choice,
        "page": page,
        "states": own.options("state", {code: label for code, (label, _) in STATES.items()}),
        "lamps": _with_all(own, "lamp", LAMPS),
        "whose": _with_all(own, "whose", WHOSE),
        "offices": _with_all(own, "office", own.office_names) if len(own.posts) > 1 else [],
        "items": _with_all(own, "item", items) if len(items) > 1 or own.choice.item else [],
        "is_head": own.is_head,
        "acceptable": any(task.status == TaskStatus.RECEIVED for task in page),
        "filters": request.GET.urlencode(),
    }


def _with_all(own, name, labels):
    """The filter's options behind one for all of them; those that lead nowhere only while chosen."""
    options = own.options(name, {"": "全部"} | labels)
    return [option for option in options if option.number or option.is_chosen or not option.value]


@require_POST
def accept_selected(request):
    """Accept each task that was ticked in a transaction of its own; name what was not accepted, and why."""
    accepted = 0
    for task in ticked(request):
        try:
            decisions.accept(task, request.user)
            accepted += 1
        except refusals.NotAllowed as reason:
            messages.warning(request, f"没有受理：{task.item.name}（{task.application.number}）。{reason}")
    if accepted:
        messages.success(request, f"已受理 {accepted} 件。")
    elif not request.POST.getlist("task"):
        messages.error(request, "请先勾选要受理的分办件。")
    return redirect(_back_to_queue(request))


def _back_to_queue(request):
    """The queue as it was looked at; only its own filters are taken from the form."""
    filters, given = QueryDict(mutable=True), QueryDict(request.POST.get("filters", ""))
    for name in (*QueueForm.base_fields, "page"):
        if value := given.get(name):
            filters[name] = value
    address = reverse("admin:routing_approvaltask_changelist")
    return f"{address}?{filters.urlencode()}" if filters else address
