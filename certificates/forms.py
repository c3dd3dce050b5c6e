"""What an officer writes to end a licence or to settle a proposal, and how they look for a licence or a check."""

from django import forms

from certificates.grounds import FALSE_PROMISE, GROUNDS
from certificates.models import EndingKind
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
