"""The officers' pages on licences: those of their offices, one licence, and the lawful ways to end it."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from certificates import annulling, ending, measures, moving
from certificates.forms import MEASURES, CancelForm, FinderForm, SendBackForm, SettleForm, WithdrawForm
from certificates.models import EndingKind, EndingProposal, Licence, LicenceStatus
from certificates.moves import MOVES
from certificates.wording import life_in_words
from guidance.models import Role
from routing import refusals

PER_PAGE = 30
STATES = {
    "valid": "有效",
    "suspended": "暂扣",
    "expired": "已过期",
    "proposed": "等待决定",
    "ended": "已失效",
    "replaced": "旧版本",
    "all": "全部",
}
_IN_FORCE = (LicenceStatus.VALID, LicenceStatus.SUSPENDED)
_HELP = "证照编号、持证人名称或统一社会信用代码"


@dataclass(frozen=True)
class Offer:
    """One way to move the licence, as its page offers it: with a form, or with the sentence why not. url: its view."""

    kind: str
    url: str
    label: str
    button: str
    hint: str
    law: str
    why_not: str
    form: forms.Form | None


@require_safe
def licences(request):
    finder = FinderForm(request.GET, states=STATES, help_text=_HELP)
    found = _in_state(Licence.objects.for_officer(request.user), finder.chosen)
    if finder.text:
        found = found.matching(finder.text)
    found = found.select_related("holder", "premises", "office").order_by("-issued_on", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/licences.html", {"form": finder, "page": page})


def _in_state(licences, state):
    today = timezone.localdate()
    if state == "valid":
        return licences.valid(today)
    if state == "expired":
        return licences.filter(status=LicenceStatus.VALID, valid_until__lt=today, deemed_renewed_on=None)
    if state == "proposed":
        return licences.filter(Exists(EndingProposal.objects.open().filter(licence=OuterRef("pk"))))
    if state == "suspended":
        return licences.filter(status=LicenceStatus.SUSPENDED)
    if state == "ended":
        return licences.filter(~Q(status__in=_IN_FORCE), next=None)
    if state == "replaced":
        return licences.filter(status=LicenceStatus.LAPSED).exclude(next=None)
    return licences


@require_safe
def licence(request, public_id):
    return _page(request, _find(request, public_id))


@require_POST
def end(request, public_id, kind):
    """Propose 撤销, or take 撤回 or 注销; a form that is wrong is shown again with what was typed."""
    if kind not in EndingKind:
        raise Http404
    found = _find(request, public_id)
    act, done = {
        EndingKind.ANNUL: (annulling.propose, "已提出撤销，等另一位负责人决定。"),
        EndingKind.WITHDRAW: (ending.withdraw, "已撤回。"),
        EndingKind.CANCEL: (ending.cancel, "已注销。"),
    }[kind]
    try:
        act(found, request.user, request.POST)
    except refusals.InvalidInput as wrong:
        return _page(request, found, kind, wrong.errors)
    except refusals.NotAllowed as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    return redirect("admin:certificates_licence_change", public_id)


@require_POST
def take(request, public_id, move):
    """Write a measure into the register; a form that is wrong is shown again with what was typed."""
    if move not in MEASURES:
        raise Http404
    found = _find(request, public_id)
    try:
        measures.take(found, request.user, move, request.POST)
    except refusals.InvalidInput as wrong:
        return _page(request, found, move, wrong.errors)
    except refusals.NotAllowed as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"已登记：{MOVES[move].label}。")
    return redirect("admin:certificates_licence_change", public_id)


@require_POST
def approve(request, public_id):
    return _settle(request, public_id, annulling.approve, "已决定撤销。")


@require_POST
def send_back(request, public_id):
    return _settle(request, public_id, annulling.send_back, "已退回。")


def _settle(request, public_id, act, done):
    own = EndingProposal.objects.for_officer(request.user)
    related = ("licence__source_task", "after_check__task")
    proposal = get_object_or_404(own.select_related(*related), public_id=public_id)
    try:
        act(proposal, request.user, request.POST)
    except refusals.NotAllowed as why:
        messages.error(request, str(why))
    else:
        messages.success(request, done)
    if proposal.licence:
        return redirect("admin:certificates_licence_change", proposal.licence.public_id)
    return redirect("admin:routing_aftercheck_change", proposal.after_check.task.public_id)


def _find(request, public_id):
    own = Licence.objects.for_officer(request.user)
    related = (
        "holder",
        "premises__division",
        "office",
        "source_task__application",
        "source_task__item",
        "imported_in",
        "previous",
    )
    return get_object_or_404(own.select_related(*related), public_id=public_id)


def _page(request, found, wrong_kind=None, errors=None):
    context = {
        "licence": found,
        "history": life_in_words(found.events.select_related("actor").order_by("sequence")),
        "suspended_until": measures.suspended_until(found),
        "newer": Licence.objects.filter(previous=found).first(),
        "endings": found.endings.select_related("decided_by"),
        "check": getattr(found.source_task, "after_check", None) if found.source_task else None,
        "task_is_ours": found.source_task and found.source_task.office_id == found.office_id,
        **proposal_context(found.proposals, request.user),
    }
    ways = _ways(found, request, wrong_kind, errors)
    wrong = next((way.form for way in ways if way.kind == wrong_kind), None)
    closed = [way for way in ways if way.form is None]
    return render(request, "certificates/licence.html", context | {"ways": ways, "closed": closed, "wrong": wrong})


def proposal_context(proposals, user):
    """What the include on an open proposal is given: proposal, why_not, approving, sending_back, may_send_back."""
    related = ("licence__office", "licence__holder", "after_check__task__office", "after_check__task__application")
    proposal = proposals.open().select_related("proposed_by", *related).first()
    if proposal is None:
        return {"proposal": None}
    why_not = annulling.objection_to_settling(proposal, user)
    return {
        "proposal": proposal,
        "why_not": why_not,
        "approving": SettleForm(auto_id="approve_%s"),
        "sending_back": SendBackForm(auto_id="send_back_%s"),
        "may_send_back": not why_not or proposal.proposed_by_id == user.pk,
    }


def _ways(found, request, wrong_kind, errors):
    """The ways to move the licence, open now or not."""
    offered, ways = _offered(found), []
    objections = moving.objections(found, request.user, {kind: by for kind, (_, by, *_) in offered.items()})
    for kind, (form_class, _, button, hint) in offered.items():
        why_not = objections[kind]
        form = None
        if not why_not or kind == wrong_kind:
            form = _form(form_class, kind, found, request.POST if kind == wrong_kind else None, errors)
        url = reverse(
            f"admin:certificates_licence_{'end' if kind in EndingKind else 'move'}", args=[found.public_id, kind]
        )
        ways.append(Offer(kind, url, MOVES[kind].label, button, hint, MOVES[kind].law, why_not, form))
    return ways


def _offered(found):
    """{move: (form, whose first step it is, the words of its button, a hint)}, in the order of the page."""
    annul = annulling.form_for(annulling.failed_check_of(found))
    ended = {
        "annul": (annul, Role.OFFICER, "提出撤销", "当初不该准予的。您提出，由另一位负责人决定。"),
        "withdraw": (WithdrawForm, Role.HEAD, "撤回", "当初准予没有错，法律或者客观情况变了。由负责人决定。"),
        "cancel": (CancelForm, Role.OFFICER, "注销", "依据已经出现，办理注销手续。"),
    }
    hints = {
        "suspend": "按已经生效的处罚决定，把暂扣登记在证照上。由负责人登记。",
        "give_back": "暂扣期满，或者处罚决定改变了。",
        "revoke": "按已经生效的处罚决定，把吊销登记在证照上；之后还要办理注销。由负责人登记。",
        "lapse": "法律、法规规定失效的。有效期届满不用登记，系统自己算。",
        "transfer": "持证人迁到别处，证照由转入地机关接着管。",
    }
    measured = {
        name: (form, MOVES[name].by, f"登记{MOVES[name].label}", hints[name]) for name, form in MEASURES.items()
    }
    return {"give_back": measured.pop("give_back")} | ended | measured


def _form(form_class, kind, found, data, errors):
    """The form of one way; ids of its own, since the page shows several."""
    form = form_class(data, auto_id=f"{kind}_%s", initial={"authority": found.authority})
    if data is not None:
        form.is_valid()
        for field, sentences in (errors or {}).items():
            if field not in form.errors:
                form.add_error(field, sentences)
    return form
