from django import forms

from licensing.forms.text import VisibleField, tidied
from licensing.identifiers import check_uscc
from licensing.models import Enterprise
from window.forms.person import PersonForm


class StartForm(PersonForm):
    """A new filing: for a confirmed enterprise by its USCC, or for one still to be founded by its name."""

    uscc = forms.CharField(
        label="统一社会信用代码",
        help_text="已有营业执照的填这一项，扫描或者输入",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    founder = VisibleField(
        label="准备起的名称",
        help_text="还没有营业执照的填这一项，例如：张三便利店",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    theme = forms.ChoiceField(
        label="要办什么",
        required=False,
        error_messages={"invalid_choice": "请从列出的主题里选一项"},
    )
    field_order = ["uscc", "founder", "theme", "authority", "person_name", "person_id_number", "proof"]

    def __init__(self, *args, themes, guided=False, **options):
        """guided: the questions were answered already, so no theme is asked for."""
        super().__init__(*args, **options)
        self.fields["theme"].choices = [("", "不套用主题，逐个回答"), *((one.code, one.name) for one in themes)]
        self.fields["theme" if self.initial.get("uscc") else "uscc"].widget.attrs["autofocus"] = True
        if guided:
            del self.fields["theme"]

    def clean_uscc(self):
        text = self.cleaned_data["uscc"]
        if not text:
            return ""
        try:
            code = check_uscc(text, applicant=True)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        self.enterprise = Enterprise.objects.exclude(verified_at=None).filter(uscc=code).first()
        if self.enterprise is None:
            raise forms.ValidationError(
                "这家企业还没有确认。请申请人先在自己的账号里添加，再在“确认企业”里确认，然后回到这里。"
            )
        return code

    def clean_founder(self):
        return tidied(self.cleaned_data["founder"])

    def clean(self):
        data = super().clean()
        if data.get("uscc") and data.get("founder"):
            self.add_error("founder", "已有营业执照的不用填这一项，请只留一项")
        if not data.get("uscc") and not data.get("founder") and not self.errors.keys() & {"uscc", "founder"}:
            self.add_error("uscc", "请填统一社会信用代码；还没有营业执照的，填准备起的名称")
        return data
