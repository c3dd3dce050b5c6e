"""The person's own applications: the list, the page that follows one, and deleting a draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from guidance import releases
from licensing import drafts
from licensing.finding import find_application
from licensing.following import counted, owed_by, standing_of, tracks_of
from licensing.models import Application, How, Signature, Status
from licensing.plan import plan_for, single_of
from licensing.views.access import own_draft, unsettled_page

PAGE_SIZE = 20


@login_required
def application_list(request):
    own = Application.objects.for_applicant(request.user).select_related("enterprise", "premises")
    page = Paginator(counted(own).order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"application": one, "items": _item_names(one), "standing": standing_of(one)} for one in page]
    return render(request, "licensing/list.html", {"page_obj": page, "rows": rows})


@login_required
def detail(request, public_id):
    """Follow one application; htmx asks again for its changing part every few seconds."""
    application = find_application(request.user, public_id)
    if application.status == Status.DRAFT:
        return _draft(request, application)
    tracks = tracks_of(application)
    all_tracks = [track for office in tracks.values() for track in office]
    granted = sum(track.mark == "done" for track in all_tracks)
    decided = sum(not track.is_open for track in all_tracks)
    context = {
        "application": application,
        "signature": Signature.objects.filter(application=application).select_related("witness").first(),
        "tracks": tracks,
        "moving": application.status in (Status.SUBMITTED, Status.IN_PROGRESS),
        "decided": decided,
        "granted": granted,
        "failed": decided - granted,
        "held": any(track.held for track in all_tracks),
        "to_correct": [track for track in all_tracks if track.correction],
        "owed": owed_by(all_tracks),
        "later": _left_for_later(application, all_tracks),
        "has_documents": any(track.documents for track in all_tracks),
        "total": len(application.chosen),
        "declined": [_name(application, code) for code in application.declined],
    }
    return render(request, "licensing/includes/follow.html" if request.htmx else "licensing/detail.html", context)


@own_draft
def delete(request, draft):
    if Application.objects.assisted_by(request.user).filter(pk=draft.pk).exists():
        messages.warning(request, "帮办的申请不能删除，可以结束帮办，由申请人自己决定。")
        return redirect("licensing:detail", draft.public_id)
    if request.method == "POST":
        drafts.delete(draft)
        messages.success(request, "这份没有提交的申请已经删除。")
        return redirect("licensing:list")
    return render(request, "licensing/detail_delete.html", {"draft": draft})


def _draft(request, draft):
    plan = plan_for(draft)
    context = {
        "draft": draft,
        "plan": plan,
        "forms": list(zip(plan.chosen, plan.names(plan.chosen), strict=True)),
        "settled": not unsettled_page(draft, plan),
        "single": single_of(draft),
        "singles": list(draft.split_into.order_by("pk")),
    }
    return render(request, "licensing/detail_draft.html", context)


def _left_for_later(application, tracks):
    """The papers left for later (容缺) of items not accepted yet: their last day is set only then."""
    items = releases.load(application.release_id).items
    undated = [track.task.item_code for track in tracks if track.is_open and track.task.status != "accepted"]
    codes = {material.code for code in undated for material in items[code].materials}
    dated = [deferral.material_id for deferral in owed_by(tracks)]
    left = application.materials.filter(code__in=codes, how=How.DEFERRED, supplied_at=None)
    return left.exclude(pk__in=dated).order_by("pk")


def _item_names(application):
    return [_name(application, code) for code in application.chosen]


def _name(application, code):
    return releases.load(application.release_id).items[code].name
