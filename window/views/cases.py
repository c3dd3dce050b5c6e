"""One case at the window: where it stands, who fills it, its signed sheet."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guidance import releases
from guidance.codes import grouped
from guidance.engine import replay
from guidance.models import GuidanceSession
from guidance.recommendation import recommend
from licensing import papers
from licensing.checking import problems_of
from licensing.files import uploads
from licensing.following import counted, standing_of
from licensing.models import Application, Status
from licensing.plan import plan_for
from licensing.snapshots import what_is_seen
from licensing.submission import ChangedSinceSeen, NotSubmittable
from licensing.views.access import unsettled_page
from window import assisting, filing, shelf
from window.forms.counter import SheetForm
from window.forms.person import PersonForm
from window.forms.start import StartForm
from window.lookup import holders
from window.views.access import at_window, of_case, of_draft, refuse


@at_window
def start(request, hall):
    """A new filing for whoever stands here, from their guidance (导办码) if they bring one.

    It goes on on the applicant's own pages.
    """
    themes, guide = releases.load(releases.current().pk).themes, _guide(request)
    options = {"themes": themes.values(), "guided": bool(guide), "initial": _known(request, hall)}
    form = StartForm(request.POST or None, request.FILES or None, **options)
    if request.method == "POST" and form.is_valid():
        whose = {"enterprise": form.enterprise, "founder": form.cleaned_data["founder"], "guide": guide}
        chosen = themes.get(form.cleaned_data.get("theme"))
        try:
            with uploads.stored(form.proofs, request.user) as proof:
                draft = assisting.start(hall, request.user, form.person(*proof), theme=chosen, **whose)
        except (assisting.NotAssistable, ValidationError) as error:
            refuse(form, error)
        else:
            return redirect("licensing:where", draft.public_id)
    context = {"hall": hall, "form": form, "guide": guide}
    if guide:
        context |= {"code": grouped(guide.code), "chosen": _chosen_in(guide)}
    return render(request, "window/start.html", context)


@require_safe
@of_case
def case(request, hall, application):
    if application.status != Status.DRAFT:
        return _submitted(request, hall, application)
    standing = assisting.standing_for(application, hall)
    own = standing is not None and standing.clerk_id == request.user.pk
    plan = plan_for(application)
    settled = own and not unsettled_page(application, plan)
    ways = papers.ways(application, plan) if settled else []
    problems = problems_of(application, plan, ways) if settled else []
    checked = [paper for paper in ways if not paper.in_check or paper.missing or paper.rejected]
    context = {
        "hall": hall,
        "draft": application,
        "plan": plan,
        "items": plan.names(plan.chosen),
        "standing": standing,
        "own": own,
        "settled": settled,
        "problems": problems,
        "waiting": bool(problems) and len(problems) == len(ways) - len(checked),
        "receipts": application.receipts.order_by("-pk"),
    }
    return render(request, "window/case.html", context)


@of_draft
def assist(request, hall, draft):
    """Put on record who stands here; then the clerk fills this draft. A colleague's is gone on with at once."""
    form = PersonForm(request.POST or None, request.FILES or None, enterprise=draft.enterprise, autofocus=True)
    if request.method == "POST" and form.is_valid():
        try:
            with uploads.stored(form.proofs, request.user) as proof:
                assisting.begin(draft, hall, request.user, form.person(*proof))
        except (assisting.NotAssistable, ValidationError) as error:
            refuse(form, error)
        else:
            return redirect("window:case", draft.public_id)
    return render(request, "window/assist.html", {"hall": hall, "draft": draft, "form": form})


@require_POST
@of_draft
def take_over(request, hall, draft):
    try:
        assisting.take_over(draft, hall, request.user)
    except assisting.NotAssistable as error:
        messages.warning(request, str(error))
    return redirect("window:case", draft.public_id)


@require_POST
@of_draft
def stop(request, hall, draft):
    assisting.stop(draft, hall, request.user)
    messages.success(request, "已结束帮办。这份申请还在，申请人可以自己接着填，也可以凭申请码再来窗口。")
    return redirect("window:home")


@of_draft
def submit(request, hall, draft):
    """The signed form, compared with what stands in the draft, and handed in."""
    plan = plan_for(draft)
    if not Application.objects.assisted_by(request.user).filter(pk=draft.pk).exists():
        return redirect("window:case", draft.public_id)
    if earlier := unsettled_page(draft, plan):
        return earlier
    ways, several = papers.ways(draft, plan), len(plan.chosen) > 1
    initial = {"signer_name": draft.assistance.person_name, "on_refusal": draft.on_refusal}
    may = {"several": several, "signers": _signers(draft, plan)}
    form = SheetForm(request.POST or None, request.FILES or None, initial=initial, **may)
    problems = problems_of(draft, plan, ways)
    if request.method == "POST" and form.is_valid() and _handed_in(request, hall, draft, form):
        messages.success(request, "已提交。请把办件编号告诉申请人。")
        return redirect("window:case", draft.public_id)
    context = {
        "hall": hall,
        "draft": draft,
        "plan": plan,
        "items": plan.names(plan.chosen),
        "papers": ways,
        "form": form,
        "problems": problems,
        "seen": what_is_seen(draft, plan, ways),
    }
    return render(request, "window/submit.html", context)


def _signers(draft, plan):
    """Who stands here, and who represents the applicant, by its licence or by this very form."""
    representative = draft.enterprise.legal_representative or plan.values.get("legal_rep_name")
    return list(dict.fromkeys(name for name in (draft.assistance.person_name, representative) if name))


def _handed_in(request, hall, draft, form):
    """Was it submitted? If not, the form says why."""
    data = form.cleaned_data
    signed = {"signer_name": data["signer_name"], "sheet": data["sheet"], "on_refusal": data.get("on_refusal")}
    try:
        filing.hand_in(draft, hall, request.user, seen=request.POST.get("seen", ""), **signed)
    except NotSubmittable as refused:
        for problem in refused.problems:
            form.add_error(None, problem.text)
    except ChangedSinceSeen:
        form.add_error(None, "打开这一页以后，内容又改过。请和签了名的申请表重新核对，再提交。")
    except filing.AlreadySubmitted:
        return True
    except ValidationError as error:
        form.add_error("sheet", error)
    return not form.errors


def _submitted(request, hall, application):
    application = counted(Application.objects.filter(pk=application.pk)).select_related("enterprise", "premises").get()
    tasks = application.tasks.select_related("office").order_by("pk")
    items = releases.load(application.release_id).items
    context = {
        "hall": hall,
        "application": application,
        "standing": standing_of(application),
        "tracks": [{"name": items[task.item_code].name, "task": task} for task in tasks],
        "receipts": application.receipts.order_by("-pk"),
        "ready": shelf.ready(hall).filter(pk=application.pk).exists(),
    }
    return render(request, "window/submitted.html", context)


def _guide(request):
    """The guidance session whose code led here, None without one."""
    wanted = request.GET.get("guide", "")
    try:
        return get_object_or_404(GuidanceSession, public_id=wanted) if wanted else None
    except ValidationError:
        raise Http404 from None


def _chosen_in(guide):
    """The Requirements chosen in that session; none while a question of it is open."""
    catalogue = releases.load(guide.release_id)
    situation = replay(catalogue, guide.answers)
    return [] if situation.next else recommend(catalogue, situation, guide.declined).chosen


def _known(request, hall):
    """The enterprise whose page led here; one that was not looked up today is asked for."""
    wanted = request.GET.get("for", "")
    if not wanted:
        return {}
    try:
        found = holders(hall).filter(public_id=wanted).first()
    except ValidationError:
        raise Http404 from None
    return {"uscc": found.uscc} if found else {}
