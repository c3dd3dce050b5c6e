from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from licensing.forms.text import VisibleField
from licensing.models import Scope

LONGEST = timedelta(days=3 * 366)
EVERYWHERE = "all"
_PICK = {"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"}


class TermsForm(forms.Form):
    """What an agent may do, where and until when."""

    scope = forms.ChoiceField(
        label="可以办什么",
        choices=[
            (Scope.FILE, "填写、签名提交、补正和撤回：和您一样跟进办理"),
            (Scope.PREPARE, "只填写、准备和补正材料：签名提交、撤回由您来办"),
        ],
        widget=forms.RadioSelect,
        error_messages=_PICK,
    )
    place = forms.ChoiceField(label="哪些经营场所", widget=forms.RadioSelect, error_messages=_PICK)
    until = forms.DateField(
        label="授权到期日",
        help_text="到这一天（含当天）为止，最长三年。随时可以提前取消。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": "请填写授权到哪一天为止", "invalid": "请填写完整的日期，例如：2026-12-31"},
    )

    def __init__(self, places, *args, **options):
        super().__init__(*args, **options)
        self.places = {str(one.public_id): one for one in places}
        choices = [(key, f"只限{one.name}") for key, one in self.places.items()]
        self.fields["place"].choices = [(EVERYWHERE, "全部经营场所，以后增加的也算"), *choices]

    def clean_until(self):
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until < today:
            raise ValidationError("到期日已经过了，请选今天或者以后的日子。")
        if until > today + LONGEST:
            raise ValidationError("最长三年，到期以前可以再延长。")
        return until

    def terms(self):
        data = self.cleaned_data
        return {"scope": data["scope"], "premises": self.places.get(data["place"]), "until": data["until"]}


class InvitationForm(TermsForm):
    email = VisibleField(
        label="对方的邮箱",
        help_text="邀请信发到这个邮箱；对方要用这个邮箱的账号来接受。",
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写对方的邮箱"},
    )
    field_order = ["email", "scope", "place", "until"]

    def clean_email(self):
        try:
            return forms.EmailField(max_length=200).clean(self.cleaned_data["email"])
        except ValidationError:
            raise ValidationError("邮箱不完整，应该像 name@example.com 这样。") from None


def terms_of(membership):
    """A membership as TermsForm's initial values."""
    place = str(membership.premises.public_id) if membership.premises else EVERYWHERE
    return {"scope": membership.scope, "place": place, "until": membership.until}
