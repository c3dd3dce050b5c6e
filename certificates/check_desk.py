"""The officers' pages on promises to be checked (告知承诺核查): those of their offices, and one with its moves."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from certificates import annulling
from certificates.forms import FalsePromiseForm, FinderForm
from certificates.licence_desk import proposal_context
from routing import checking, refusals
from routing.models import AfterCheck, ApprovalTask, CheckStatus
from routing.wording import EVENTS

PER_PAGE = 30
_OPEN = [CheckStatus.PENDING, CheckStatus.RECTIFYING, CheckStatus.FAILED]
# What an officer may look at: its name, the statuses in it.
STATES = {
    "todo": ("待办", _OPEN),
    "pending": ("待核查", [CheckStatus.PENDING]),
    "overdue": ("已超期", _OPEN),
    "rectifying": ("限期整改", [CheckStatus.RECTIFYING]),
    "failed": ("应当撤销", [CheckStatus.FAILED]),
    "not_sampled": ("没有抽中", [CheckStatus.NOT_SAMPLED]),
    "closed": ("已结束", [CheckStatus.PASSED, CheckStatus.RECTIFIED, CheckStatus.ANNULLED]),
    "all": ("全部", CheckStatus.values),
}
_HELP = "办件编号、名称或统一社会信用代码"
# Each move by its word in the address: the function, the button, when it is the right one, what is said afterwards.
MOVES = {
    "pass": (checking.pass_check, "核查属实", "实际情况与承诺一致。", "已记录：核查属实。"),
    "rectify": (
        checking.order_rectification,
        "不属实，限期整改",
        "实际情况与承诺不符。限期整改通知书会发给当事人。",
        "已发出限期整改通知书。",
    ),
    "confirm": (checking.confirm_rectified, "整改合格", "已经改正，现在与承诺一致。", "已记录：整改合格。"),
    "fail": (
        checking.find_unrectified,
        "逾期没有整改",
        "期限已过，没有整改或者整改后仍不符合。下一步提出撤销。",
        "已记录。下一步：提出撤销。",
    ),
}
_BY_STATUS = {
    CheckStatus.PENDING: ["pass", "rectify"],
    CheckStatus.NOT_SAMPLED: ["pass", "rectify"],
    CheckStatus.RECTIFYING: ["confirm", "fail"],
}


@require_safe
def checks(request):
    words = {code: label for code, (label, _) in STATES.items()}
    finder = FinderForm(request.GET, states=words, help_text=_HELP)
    found = own_checks(request.user).filter(status__in=STATES[finder.chosen][1])
    # While it is being put right, the term for that counts.
    found = found.annotate(act_by=Coalesce("rectify_by", "due_on"))
    today = timezone.localdate()
    if finder.chosen == "overdue":
        found = found.filter(act_by__lt=today)
    if finder.text:
        found = found.filter(task__in=ApprovalTask.objects.matching(finder.text))
    found = found.select_related("task__application__enterprise", "task__item", "task__office").order_by("act_by", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/checks.html", {"form": finder, "page": page, "today": today, "open": _OPEN})


@require_safe
def check(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def move(request, public_id, move):
    if move not in MOVES:
        raise Http404
    act, _, _, done = MOVES[move]
    found = _find(request, public_id)
    return _act(request, found, lambda: act(found, request.user, request.POST.get("finding", "")), done, move)


@require_POST
def annul(request, public_id):
    found = _find(request, public_id)
    done = "已提出撤销，等另一位负责人决定。"
    return _act(request, found, lambda: annulling.propose_for(found, request.user, request.POST), done, "annul")


def _act(request, found, act, done, name):
    try:
        act()
    except refusals.InvalidInput:
        return _page(request, found, name)
    except refusals.NotAllowed as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("admin:routing_aftercheck_change", found.task.public_id)


def own_checks(user):
    return AfterCheck.objects.filter(task__office__in=user.posts.values("office"))


def _find(request, public_id):
    related = ("task__application__enterprise", "task__item", "task__office", "task__licence", "checked_by")
    return get_object_or_404(own_checks(request.user).select_related(*related), task__public_id=public_id)


def _page(request, found, wrong=None):
    task = found.task
    history = task.application.log.filter(item_code=task.item_code, event__startswith="check.")
    rows = list(history.select_related("actor").order_by("sequence"))
    for row in rows:
        row.words = EVENTS.get(row.event, row.event)
    steps, why_none = _steps(request, found, wrong)
    annulment, why_no_annulment = _annulment(request, found, wrong)
    context = {
        "check": found,
        "task": task,
        "licence": getattr(task, "licence", None),
        "promise": task.application.snapshot.get("commitments", {}).get(task.item_code, {}).get("text", []),
        "history": rows,
        "documents": task.endings.all(),
        "overdue": found.status in _OPEN and (found.rectify_by or found.due_on) < timezone.localdate(),
        "steps": steps,
        "why_none": why_none or why_no_annulment,
        "annulment": annulment,
        "wrong": next((form for _, _, _, _, form in steps if form and form.errors), None)
        or (annulment if annulment and annulment.errors else None),
        **proposal_context(found.proposals, request.user),
    }
    return render(request, "certificates/check.html", context)


def _steps(request, found, wrong):
    """([(move, button, hint, why not, form), …], why none is offered)."""
    names = _BY_STATUS.get(found.status, [])
    if not names:
        return [], ""
    if why := checking.objection(found, request.user):
        return [], why
    steps = []
    for name in names:
        _, button, hint, _ = MOVES[name]
        why_not = checking.still_rectifying(found) if name == "fail" else ""
        form = None if why_not else checking.FindingForm(request.POST if name == wrong else None, auto_id=f"{name}_%s")
        steps.append((name, button, hint, why_not, form))
    return steps, ""


def _annulment(request, found, wrong):
    if found.status != CheckStatus.FAILED:
        return None, ""
    if why := annulling.objection_to_check(found, request.user):
        return None, why
    return FalsePromiseForm(request.POST if wrong == "annul" else None, auto_id="annul_%s"), ""
