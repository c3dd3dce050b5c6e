"""What an officer writes into the form of a move: the face of a licence, a reason, the days of a stop."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from licensing import face_numbers
from licensing.forms.text import VisibleField, tidied
from licensing.identifiers import check_uscc
from licensing.registration import REGISTRATION
from licensing.wording import day_text
from routing.models import STATUTORY_STOPS


def _day(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


_UNKNOWN = {"invalid_choice": "请从列出的选项中选择。"}


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
        return tidied(self.cleaned_data["number"])

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

    # Asked only of a number that does not fit the rule of its item: some rightly do not.
    number_as_is = forms.BooleanField(label="编号已经核对，就用这个编号", required=False)
    long_term = forms.BooleanField(label="长期有效", required=False)
    field_order = ["uscc", "name", "number", "number_as_is", "issued_on", "long_term", "valid_until", "scope", "note"]

    def __init__(self, item, *args, **options):
        super().__init__(item, *args, **options)
        self._number_warning = face_numbers.warning(item.code, self.data.get(self.add_prefix("number")))
        if item.certificate_name:
            self.fields["number"].label = f"{item.certificate_name}编号"
        else:
            del self.fields["long_term"]
        if not self._number_warning:
            del self.fields["number_as_is"]

    def clean(self):
        super().clean()
        if self._number_warning and "number" not in self.errors and not self.cleaned_data["number_as_is"]:
            self.add_error("number", f"{self._number_warning}请核对；没有错的，勾选下面一项再提交。")
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


class ApprovalForm(forms.Form):
    """Which proposal the page showed: another may have taken its place since."""

    proposal = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "请看过提出的决定再复核。"})


class DeclineForm(RefusalForm):
    """Licensing Law art. 32(2): who is not the right authority names it."""

    right_authority = VisibleField(
        label="应当向哪个机关申请",
        max_length=100,
        required=False,
        help_text="不属于本机关职权范围的，写明有权办理的机关；依法不需要办理的不填。",
    )


# What is expected to take longer is a slip of the pen.
LONGEST_STOP = timedelta(days=366)


class StopForm(forms.Form):
    """A special procedure: art. 45 wants the applicant told why and how long."""

    kind = forms.ChoiceField(label="程序", error_messages={"required": "请选择程序。"} | _UNKNOWN)
    started_on = _day("开始日期", error_messages={"required": "请填写开始日期。"})
    expected_on = _day("预计结束日期", required=False, help_text="现场核查可以不填，其余程序都要填。")
    reason = forms.CharField(
        label="事由",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="申请人会原样看到。",
        error_messages={"required": "请写明事由。"},
    )

    def __init__(self, *args, kinds, earliest, **options):
        """kinds: the StopKinds offered; earliest: the first day the clock may be stopped on."""
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.earliest = earliest

    def clean_started_on(self):
        day = self.cleaned_data["started_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("开始日期不能晚于今天。")
        if day < self.earliest:
            raise forms.ValidationError(f"开始日期不能早于受理的日期（{day_text(self.earliest)}）。")
        return day

    def clean(self):
        started_on, expected_on = self.cleaned_data.get("started_on"), self.cleaned_data.get("expected_on")
        if started_on and expected_on and expected_on < started_on:
            self.add_error("expected_on", "预计结束日期不能早于开始日期。")
        elif started_on and expected_on and expected_on - started_on > LONGEST_STOP:
            self.add_error("expected_on", "预计结束日期离开始日期超过一年，请核对。")
        elif not expected_on and self.cleaned_data.get("kind") in STATUTORY_STOPS:
            self.add_error("expected_on", "请填写预计结束日期：所需时间要书面告知申请人。")


class ResumeForm(forms.Form):
    ended_on = _day("结束日期", error_messages={"required": "请填写结束日期。"})
    result = forms.CharField(label="结果", max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, started_on, **options):
        super().__init__(*args, **options)
        self.started_on = started_on

    def clean_ended_on(self):
        day = self.cleaned_data["ended_on"]
        if day < self.started_on:
            raise forms.ValidationError(f"结束日期不能早于开始日期（{day_text(self.started_on)}）。")
        if day > timezone.localdate():
            raise forms.ValidationError("结束日期不能晚于今天。")
        return day


class DeferralField(forms.ModelChoiceField):
    def label_from_instance(self, deferral):
        return deferral.material.name


class TakeForm(forms.Form):
    """A paper brought in person: which, and how it was looked at."""

    deferral = DeferralField(
        None, label="材料", empty_label="请选择", error_messages={"required": "请选择收到的材料。"} | _UNKNOWN
    )
    remark = VisibleField(
        label="怎样收到、怎样核对",
        max_length=500,
        help_text="例如：现场核查时查看原件，与申请内容一致。",
        error_messages={"required": "请写明怎样收到、怎样核对。"},
    )

    def __init__(self, *args, owed, **options):
        """owed: a queryset of the Deferrals that wait."""
        super().__init__(*args, **options)
        self.fields["deferral"].queryset = owed


class ReassignForm(forms.Form):
    officer = forms.ModelChoiceField(
        None, label="承办人", empty_label="请选择", error_messages={"required": "请选择承办人。"} | _UNKNOWN
    )

    def __init__(self, *args, officers, **options):
        """officers: a queryset of those who may be named."""
        super().__init__(*args, **options)
        self.fields["officer"].queryset = officers
