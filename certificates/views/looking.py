"""The staff's list of official look-ups: heads see those for their offices, operators all."""

from datetime import datetime, time

from django import forms
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates import official
from guidance.models import Role

PER_PAGE = 50
_LAST = 2**63 - 1


class FilterForm(forms.Form):
    """What makes no sense is left out, and its field says so."""

    q = forms.CharField(
        label="查看的人或者系统", required=False, max_length=80, error_messages={"max_length": "太长了，没有按它查。"}
    )
    day = forms.DateField(
        label="日期",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "这不是日期，没有按它查。"},
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=_LAST)


@require_safe
def lookups(request):
    """Newest first, from page to page by the number of the last row: the table only grows and is never counted."""
    if not (request.user.is_superuser or request.user.posts.filter(role=Role.HEAD).exists()):
        raise Http404
    form = FilterForm(request.GET)
    form.is_valid()
    found = _filtered(official.seen_by(request.user), form.cleaned_data).order_by("-pk")
    rows = list(found[: PER_PAGE + 1])
    context = {
        "form": form,
        "rows": rows[:PER_PAGE],
        "earlier": rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None,
        "later": bool(form.cleaned_data.get("before")),
    }
    return render(request, "certificates/official_lookups.html", context)


def _filtered(looked, asked):
    if day := asked.get("day"):
        looked = looked.filter(at__range=[_moment(day, time.min), _moment(day, time.max)])
    if text := asked.get("q"):
        by = Q(user__name__icontains=text) | Q(user__username__iexact=text) | Q(client__name__icontains=text)
        looked = looked.filter(by)
    return looked.filter(pk__lt=asked["before"]) if asked.get("before") else looked


def _moment(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))
