"""What an officer writes: the face of a licence, or the reason of a refusal."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from licensing.forms.enterprise import fold
from licensing.forms.text import VisibleField
from licensing.identifiers import check_uscc
from licensing.registration import REGISTRATION
from routing.queue import STATES


def _day(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class FaceForm(forms.Form):
    """What the licence shows. `face` gives it as a task keeps it: ISO dates, no valid_until for 长期.

    An item without a certificate takes only a note; 设立登记 takes the USCC and the name too.
    """

    number = VisibleField(label="证照编号", max_length=60, error_messages={"required": "请填写证照编号。"})
    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=40,
        help_text="18 位，写入经营主体的登记信息。",
        error_messages={"required": "请填写新的统一社会信用代码。"},
    )
    name = VisibleField(label="核准的名称", max_length=100, error_messages={"required": "请填写核准的名称。"})
    issued_on = _day("发证日期", error_messages={"required": "请填写发证日期。"})
    valid_until = _day("有效期至", required=False, help_text="长期有效的不填。")
    scope = VisibleField(label="许可范围", max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    note = forms.CharField(label="办理说明", max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))

    # A licence without a number does not exist, a service without one does.
    OF_CERTIFICATES = ["number", "issued_on", "valid_until", "scope"]
    OF_REGISTRATION = ["uscc", "name"]
    OF_SERVICES = ["note"]

    def __init__(self, item, *args, **options):
        super().__init__(*args, **options)
        wanted = self.OF_CERTIFICATES if item.certificate_name else self.OF_SERVICES
        if item.code == REGISTRATION:
            wanted = wanted + self.OF_REGISTRATION
        for name in FaceForm.base_fields.keys() - set(wanted):
            del self.fields[name]

    def clean_number(self):
        # One number is one licence, however a phone wrote its digits.
        return fold(self.cleaned_data["number"])

    def clean_uscc(self):
        try:
            return check_uscc(self.cleaned_data["uscc"], applicant=True)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_issued_on(self):
        if self.cleaned_data["issued_on"] > timezone.localdate():
            raise forms.ValidationError("发证日期不能晚于今天。")
        return self.cleaned_data["issued_on"]

    def clean(self):
        issued_on, valid_until = self.cleaned_data.get("issued_on"), self.cleaned_data.get("valid_until")
        if issued_on and valid_until and valid_until < issued_on:
            self.add_error("valid_until", "有效期至不能早于发证日期。")
        elif valid_until and valid_until < timezone.localdate():
            self.add_error("valid_until", "这个日期已经过了，发出的证照当天就无效，请核对。")

    @property
    def face(self):
        kept = {name: self.cleaned_data[name] for name in FaceForm.base_fields if name in self.fields}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in kept.items()}


class GrantForm(FaceForm):
    """The same as an officer fills it: 长期 is ticked, never left to an empty date."""

    long_term = forms.BooleanField(label="长期有效", required=False)
    field_order = ["uscc", "name", "number", "issued_on", "long_term", "valid_until", "scope", "note"]

    def __init__(self, item, *args, **options):
        super().__init__(item, *args, **options)
        if item.certificate_name:
            self.fields["number"].label = f"{item.certificate_name}编号"
        else:
            del self.fields["long_term"]

    def clean(self):
        super().clean()
        if "valid_until" not in self.fields or "valid_until" in self.errors:
            return
        if bool(self.cleaned_data.get("valid_until")) == self.cleaned_data["long_term"]:
            self.add_error("valid_until", "请填写有效期至，或者勾选“长期有效”，两者选一。")


def suggested_face(item, values):
    """What most licences of this item show; the officer reads and changes it. values: the form's."""
    today = timezone.localdate()
    suggested = {"issued_on": today, "long_term": item.validity_note.startswith("长期")}
    if item.validity_years:
        suggested["valid_until"] = _years_later(today, item.validity_years) - timedelta(days=1)
    if item.code == REGISTRATION:
        names = values.get("proposed_names") or [{}]
        suggested |= {"name": names[0].get("name", ""), "scope": values.get("business_scope", "")}
    return suggested


def _years_later(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="写明依据和事实，申请人会原样看到。",
        error_messages={"required": "请写明理由。"},
    )


class QueueForm(forms.Form):
    """Looking through the queue. What makes no sense is left out instead of complained about."""

    q = forms.CharField(label="查找", required=False, max_length=100, help_text="办件编号、名称或统一社会信用代码")
    state = forms.ChoiceField(required=False, choices=[(code, label) for code, (label, _) in STATES.items()])

    @property
    def text(self):
        return self._cleaned.get("q", "")

    @property
    def chosen(self):
        return self._cleaned.get("state") or "todo"

    @property
    def _cleaned(self):
        self.is_valid()
        return self.cleaned_data
