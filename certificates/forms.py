"""What an officer writes to end a licence or to settle a proposal, and how they look for a licence or a check."""

from django import forms
from django.utils import timezone

from certificates.grounds import FALSE_PROMISE, GROUNDS
from certificates.models import EndingKind
from certificates.moves import MOVES
from licensing.forms.text import VisibleField


def _text(label, missing, help_text="", rows=3, **options):
    widget = forms.Textarea({"rows": rows})
    messages = {"required": missing}
    return VisibleField(
        label=label, max_length=2000, widget=widget, help_text=help_text, error_messages=messages, **options
    )


class EndingForm(forms.Form):
    """kind and the grounds that are offered come with the subclass."""

    kind = None

    ground = forms.ChoiceField(
        label="依据",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择依据。", "invalid_choice": "请从列出的依据里选择一项。"},
    )
    reason = _text("事实和理由", "请写明事实和理由。", "写入决定书，当事人会原样看到。", rows=4)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "ground" in self.fields:
            # A false promise has its own way here: by its check.
            self.fields["ground"].choices = [
                (code, words) for code, words in GROUNDS[self.kind].items() if code != FALSE_PROMISE
            ]


class _HeardForm(EndingForm):
    """Licensing Law art. 7: the holder may state their case before they lose the licence."""

    heard = _text(
        "听取陈述和申辩的情况", "请写明听取当事人陈述和申辩的情况。", "当事人放弃的，写明何时告知、如何放弃。"
    )


class AnnulForm(_HeardForm):
    kind = EndingKind.ANNUL


class FalsePromiseForm(_HeardForm):
    """The ground is known: the check has found it."""

    kind = EndingKind.ANNUL
    ground = None


class WithdrawForm(_HeardForm):
    """Art. 8: who loses property by it is compensated."""

    kind = EndingKind.WITHDRAW
    compensation = _text(
        "补偿", "请写明怎样补偿；没有造成财产损失的，也请写明。", "因撤回造成财产损失的，依法给予补偿。"
    )


class CancelForm(EndingForm):
    kind = EndingKind.CANCEL


def _day(label, missing, help_text=""):
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    messages = {"required": missing, "invalid": "请填写一个存在的日期，例如 2026-05-31。"}
    return forms.DateField(label=label, widget=widget, help_text=help_text, error_messages=messages)


class MeasureForm(forms.Form):
    """What a measure decided elsewhere is written into the register with; name: the move, and so its document."""

    name = None

    document_number = VisibleField(label="文号", max_length=100, error_messages={"required": "请填写文书的文号。"})
    document_date = _day("文书日期", "请填写文书的日期。")
    authority = VisibleField(label="作出机关", max_length=80, error_messages={"required": "请填写作出机关。"})
    reason = _text("事实和理由", "请写明事实和理由。", "持证人会原样看到。")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        document = MOVES[self.name].document
        self.fields["document_number"].label = f"{document}文号"
        self.fields["document_date"].label = f"{document}日期"

    def clean_document_date(self):
        if self.cleaned_data["document_date"] > timezone.localdate():
            raise forms.ValidationError("文书的日期不能晚于今天。")
        return self.cleaned_data["document_date"]


class _PenaltyForm(MeasureForm):
    """Penalties Law arts. 44, 45: the holder was told of the facts, the grounds and their rights, and was heard."""

    heard = _text("告知、陈述和申辩的情况", "请写明告知、陈述和申辩的情况。")


class SuspendForm(_PenaltyForm):
    name = "suspend"
    until = _day("暂扣至", "请填写暂扣到哪一天。", "处罚决定书写明的最后一天。期满由您办理发还。")

    def clean(self):
        until, decided = self.cleaned_data.get("until"), self.cleaned_data.get("document_date")
        if until and decided and until < decided:
            self.add_error("until", "暂扣的最后一天不能早于处罚决定书的日期。")
        elif until and until < timezone.localdate():
            self.add_error("until", "这一天已经过了，暂扣已经期满，请核对。")


class RevokeForm(_PenaltyForm):
    name = "revoke"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        # Art. 63: before a licence is revoked.
        self.fields["heard"].help_text = "包括告知听证的权利：何时告知，是否要求听证，听证的情况。"


class _GroundedForm(MeasureForm):
    ground = forms.ChoiceField(
        label="情形",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择情形。", "invalid_choice": "请从列出的情形里选择一项。"},
    )
    field_order = ["ground"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["ground"].choices = list(GROUNDS[self.name].items())


class GiveBackForm(_GroundedForm):
    name = "give_back"


class LapseForm(_GroundedForm):
    name = "lapse"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = "写明是哪部法律、法规、规章的第几条，和什么事实。持证人会原样看到。"


class TransferForm(MeasureForm):
    name = "transfer"
    receiver = VisibleField(label="转入地机关", max_length=80, error_messages={"required": "请填写转入地机关。"})
    field_order = ["receiver"]


MEASURES = {form.name: form for form in (SuspendForm, GiveBackForm, RevokeForm, LapseForm, TransferForm)}


class SettleForm(forms.Form):
    remark = _text("意见", "请写明不同意的理由。", required=False)


class SendBackForm(SettleForm):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["remark"].required = True


class FinderForm(forms.Form):
    """Looking through a list. What makes no sense is left out instead of complained about. states: {code: label}."""

    q = forms.CharField(label="查找", required=False, max_length=100)
    state = forms.ChoiceField(required=False)

    def __init__(self, data, *, states, help_text):
        super().__init__(data)
        self.states = states
        self.fields["state"].choices = list(states.items())
        self.fields["q"].help_text = help_text
        self.is_valid()

    @property
    def text(self):
        return self.cleaned_data.get("q", "")

    @property
    def chosen(self):
        return self.cleaned_data.get("state") or next(iter(self.states))


class OfficialLookupForm(forms.Form):
    """Why somebody looks by office (用证事由), and for which case; offices: those of their posts, none for a clerk."""

    reason = VisibleField(
        label="用证事由",
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        help_text="写明为哪项工作查看，例如：现场检查、审核户外广告设置。企业会看到。",
        error_messages={"required": "请写明用证事由。"},
    )
    case_number = VisibleField(label="办件编号", max_length=60, required=False)

    def __init__(self, data=None, *, offices):
        super().__init__(data)
        self.offices = {str(office.pk): office for office in offices}
        if len(self.offices) > 1:
            self.fields["office"] = forms.ChoiceField(
                label="为哪个机关",
                choices=[(key, office.name) for key, office in self.offices.items()],
                widget=forms.RadioSelect,
                error_messages={"required": "请选择机关。", "invalid_choice": "请从列出的机关里选择。"},
            )
            self.order_fields(["office"])

    @property
    def office(self):
        """The one it is for; None for a clerk, whose hall has none."""
        chosen = self.cleaned_data.get("office") or next(iter(self.offices), None)
        return self.offices.get(chosen)

    @property
    def why(self):
        return {name: self.cleaned_data[name] for name in ("reason", "case_number")}
