"""The operators' pages for what clocks are counted by: the years' holidays and the city's terms."""

from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from exchange import outbox
from guidance.admin import OperatorAdmin
from routing import calendar, notices, terms
from routing.calendar import WEEKDAYS
from routing.models import CalendarYear, Term
from routing.refusals import NotAllowed

_SHIPPED = (notices.HOLIDAYS / "2026.yaml").read_text(encoding="utf-8").splitlines()
EXAMPLE = "\n".join(line for line in _SHIPPED if not line.startswith("#"))


class NoticeForm(forms.Form):
    """cleaned_data["notice"]: the notices.Notice."""

    notice = forms.CharField(
        label="一年的安排",
        help_text="照国务院办公厅的通知，按下面例子的格式写。日期写成 2026-05-01 这样，冒号用英文冒号。",
        widget=forms.Textarea({"class": "typed", "rows": 16, "spellcheck": "false"}),
        error_messages={"required": "请填写这一年的安排。"},
    )

    def clean_notice(self):
        try:
            return notices.read(self.cleaned_data["notice"])
        except notices.NoticeRefused as refused:
            raise ValidationError(refused.faults) from None


@admin.register(CalendarYear)
class CalendarYearAdmin(OperatorAdmin):
    """A year is entered by one operator and confirmed by another, who sees all its days; then it counts and stays."""

    pages = ("add", "change", "delete")
    list_display = ["__str__", "source", "state", "entered_by", "confirmed_by"]
    list_select_related = ["entered_by", "confirmed_by"]

    @admin.display(description="状态")
    def state(self, year):
        return "已生效" if year.confirmed_at else "待第二人复核"

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.confirmed_at)

    def add_view(self, request, form_url="", extra_context=None):
        form = NoticeForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (year := self._entered(request, form)):
            return redirect("admin:routing_calendaryear_change", year.pk)
        context = {"form": form, "example": EXAMPLE}
        return render(request, "admin/calendar_add.html", context, status=422 if form.errors else 200)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not object_id.isdecimal() or len(object_id) > 9:
            raise Http404
        year = get_object_or_404(CalendarYear.objects.select_related("entered_by", "confirmed_by"), pk=object_id)
        if request.method == "POST":
            self._confirm(request, year)
            return redirect("admin:routing_calendaryear_change", year.pk)
        context = {"year": year, "why_not": calendar.why_not_confirm(year, request.user), **_in_words(year)}
        return render(request, "admin/calendar_year.html", context)

    def delete_model(self, request, obj):
        if CalendarYear.objects.select_for_update().get(pk=obj.pk).confirmed_at:
            raise PermissionDenied  # confirmed while this page was open
        super().delete_model(request, obj)

    @transaction.atomic
    def _entered(self, request, form):
        try:
            year = calendar.enter(form.cleaned_data["notice"], request.user)
        except NotAllowed as refused:
            form.add_error("notice", str(refused))
            return None
        self.log_addition(request, year, f"{year.source}；{year.days.count()} 天，待第二人复核")
        self.message_user(request, f"已录入{year}的安排，由另一位管理员复核后生效。", messages.SUCCESS)
        return year

    @transaction.atomic
    def _confirm(self, request, year):
        try:
            calendar.confirm(year, request.user)
        except NotAllowed as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return
        self.log_change(request, year, "复核无误，开始生效")
        self.message_user(request, f"{year}的安排已经生效，按暂定日期算的到期日会自动重算。", messages.SUCCESS)


def _in_words(year):
    """{"holidays": [(name, first, last, days)], "make_up_days": [day], "worked": working days of the year}."""
    days = list(year.days.all())
    off = groupby((day for day in days if not day.is_working), key=lambda day: day.name)
    holidays = [(name, _day(rows[0]), _day(rows[-1]), len(rows)) for name, rows in ((n, list(g)) for n, g in off)]
    named = {row.day: (row.is_working, row.name) for row in days}
    worked = calendar.WorkCalendar(named, frozenset([year.year])).worked_in(year.year)
    make_up_days = [_day(row) for row in days if row.is_working]
    return {"holidays": holidays, "make_up_days": make_up_days, "worked": worked}


def _day(row):
    return f"{row.day.month}月{row.day.day}日（星期{WEEKDAYS[row.day.weekday()]}）"


class TermForm(forms.ModelForm):
    """A term's value within its bounds, with its basis; what the law fixes stays."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fixed = terms.BY_LAW.get(self.instance.code)
        low, high = terms.BOUNDS[self.instance.unit]
        value = self.fields["value"]
        value.label, value.unit = self.instance.name, self.instance.unit
        value.required = self.instance.code not in terms.OPTIONAL
        value.min_value, value.max_value = low, high
        # Those of the column speak of 0 and of "该值"; clean_value names the true bounds.
        value.validators = []
        value.error_messages["invalid"] = f"请填写 {low} 至 {high} 的整数。"
        value.help_text = f"{low} 至 {high}。" + ("不填就是没有期限。" if not value.required else "")
        for field in self.fields.values():
            field.disabled = bool(self.fixed)
            if self.fixed:
                field.help_text = "法律规定，不能改。"

    def clean_value(self):
        value, (low, high) = self.cleaned_data["value"], terms.BOUNDS[self.instance.unit]
        if self.fixed:
            raise ValidationError(f"这是{self.fixed}规定的，本市不能改。")
        if value is not None and not low <= value <= high:
            raise ValidationError(f"请填写 {low} 至 {high} 的整数。")
        return value


@admin.register(Term)
class TermAdmin(OperatorAdmin):
    """The city's terms and thresholds; a changed one counts at once, for what is counted from then on."""

    pages = ("change",)
    form = TermForm
    fields = ["value", "basis"]
    list_display = ["name", "shown", "basis"]

    @admin.display(description="数值")
    def shown(self, term):
        unit = term.unit if term.unit == "%" else f"个{term.unit}"
        return "没有设定" if term.value is None else f"{term.value} {unit}"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.code in terms.WARNINGS and "value" in form.changed_data:
            outbox.emit("terms.changed")
