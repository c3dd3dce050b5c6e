"""The officers' pages on promises to be checked (告知承诺核查): those of their offices, and one with its moves."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from certificates import annulling
from certificates.forms import FalsePromiseForm, FinderForm
from certificates.views.licences import proposal_context
from licensing import log
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


@dataclass(frozen=True)
class Move:
    """act(check, officer, finding); hint: when it is the right one; done: what is said afterwards."""

    act: Callable
    button: str
    hint: str
    done: str


# By its word in the address.
MOVES = {
    "pass": Move(checking.pass_check, "核查属实", "实际情况与承诺一致。", "已记录：核查属实。"),
    "rectify": Move(
        checking.order_rectification,
        "不属实，限期整改",
        "实际情况与承诺不符。限期整改通知书会发给当事人。",
        "已发出限期整改通知书。",
    ),
    "confirm": Move(checking.confirm_rectified, "整改合格", "已经改正，现在与承诺一致。", "已记录：整改合格。"),
    "fail": Move(
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
    found = _own_checks(request.user).filter(status__in=STATES[finder.chosen][1])
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
    act, found = MOVES[move].act, _find(request, public_id)
    finding = request.POST.get("finding", "")
    return _act(request, found, lambda: act(found, request.user, finding), MOVES[move].done, move)


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


def _own_checks(user):
    return AfterCheck.objects.filter(task__office__in=user.posts.values("office"))


def _find(request, public_id):
    related = ("task__application__enterprise", "task__item", "task__office", "task__licence", "checked_by")
    return get_object_or_404(_own_checks(request.user).select_related(*related), task__public_id=public_id)


def _page(request, found, wrong=None):
    task = found.task
    history = task.application.log.filter(item_code=task.item_code, event__startswith="check.")
    steps, why_none = _steps(request, found, wrong)
    annulment, why_no_annulment = _annulment(request, found, wrong)
    forms = [*(step.form for step in steps), annulment]
    context = {
        "check": found,
        "task": task,
        "licence": getattr(task, "licence", None),
        "promise": task.application.snapshot.get("commitments", {}).get(task.item_code, {}).get("text", []),
        "history": log.in_words(history.select_related("actor").order_by("sequence"), EVENTS),
        "documents": task.endings.all(),
        "overdue": found.status in _OPEN and (found.rectify_by or found.due_on) < timezone.localdate(),
        "steps": steps,
        "why_none": why_none or why_no_annulment,
        "annulment": annulment,
        "wrong": next((form for form in forms if form and form.errors), None),
        **proposal_context(found.proposals, request.user),
    }
    return render(request, "certificates/check.html", context)


@dataclass(frozen=True)
class Step:
    """A move as the page offers it: with a form, or with the sentence why not."""

    name: str
    move: Move
    why_not: str
    form: checking.FindingForm | None


def _steps(request, found, wrong):
    """([Step], why none is offered)."""
    names = _BY_STATUS.get(found.status, [])
    if not names:
        return [], ""
    if why := checking.objection(found, request.user):
        return [], why
    steps = []
    for name in names:
        why_not = checking.still_rectifying(found) if name == "fail" else ""
        form = None if why_not else checking.FindingForm(request.POST if name == wrong else None, auto_id=f"{name}_%s")
        steps.append(Step(name, MOVES[name], why_not, form))
    return steps, ""


def _annulment(request, found, wrong):
    if found.status != CheckStatus.FAILED:
        return None, ""
    if why := annulling.objection_to_check(found, request.user):
        return None, why
    return FalsePromiseForm(request.POST if wrong == "annul" else None, auto_id="annul_%s"), ""
