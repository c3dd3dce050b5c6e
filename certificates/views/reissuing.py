"""A holder's buttons 延续 and 变更: each begins an application, or leads to the one that is under way."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from certificates import reissuing
from certificates.models import Licence
from licensing.models import Purpose, Status
from routing.refusals import NotAllowed


@require_POST
@login_required
def renew(request, public_id):
    return _begin(request, public_id, Purpose.RENEW)


@require_POST
@login_required
def change(request, public_id):
    return _begin(request, public_id, Purpose.CHANGE)


def _begin(request, public_id, purpose):
    own = Licence.objects.for_applicant(request.user).select_related("holder")
    licence = get_object_or_404(own, public_id=public_id)
    try:
        application = reissuing.begin(licence, purpose, request.user)
    except NotAllowed as why:
        messages.error(request, str(why))
        return redirect("certificates:register", licence.holder.public_id)
    if application.status != Status.DRAFT:
        text = f"这份证照的{application.get_purpose_display()}已经提交，正在办理，办完以前不能再申请。下面是它的进展。"
        messages.info(request, text)
        return redirect("licensing:detail", application.public_id)
    if application.purpose != purpose:
        word = application.get_purpose_display()
        messages.info(request, f"这份证照已经有一份没有提交的{word}申请。要改办{purpose.label}，请先删除它。")
        return redirect("licensing:detail", application.public_id)
    return redirect("licensing:resume", application.public_id)
