"""The operators' page for the list of untrustworthy enterprises (plan art. 16): entered, ended, never deleted."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone

from guidance.admin import OperatorAdmin
from licensing.identifiers import check_uscc
from licensing.models import UntrustworthyEntry
from licensing.wording import day_text


class EntryForm(forms.ModelForm):
    # Longer than the number: people copy it with spaces.
    uscc = forms.CharField(label="统一社会信用代码", max_length=60)

    def clean_uscc(self):
        try:
            return check_uscc(self.cleaned_data["uscc"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


class EndingForm(forms.ModelForm):
    """Of an entry only its end can change."""

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < self.instance.listed_on:
            raise ValidationError(f"不能早于列入日期（{day_text(self.instance.listed_on)}）。")
        return until


@admin.register(UntrustworthyEntry)
class UntrustworthyEntryAdmin(OperatorAdmin):
    pages = ("add", "change")
    fields = ["uscc", "name", "reason", "source", "listed_on", "until"]
    list_display = ["uscc", "name", "state", "source", "listed_on", "until", "by"]
    list_select_related = ["entered_by"]
    search_fields = ["uscc", "name"]

    @admin.display(description="状态")
    def state(self, entry):
        today = timezone.localdate()
        if entry.listed_on > today:
            return "还没有开始"
        return "已移出" if entry.until and entry.until < today else "在列"

    @admin.display(description="录入")
    def by(self, entry):
        return entry.entered_by or "—"

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs | {"form": EndingForm if obj else EntryForm})

    def get_readonly_fields(self, request, obj=None):
        return [name for name in self.fields if name != "until"] if obj else []

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)
