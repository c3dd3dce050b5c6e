import copy

from django import forms

from licensing import enterprises
from licensing.forms.text import VisibleField, tidied
from licensing.models import Enterprise


class ConfirmationForm(forms.ModelForm):
    """The licence's facts as the clerk reads them off the picture."""

    checked = forms.BooleanField(
        label="我已对照图片逐项核对，添加人有权代表这个经营主体",
        error_messages={"required": "核对无误后，请在这里打勾"},
    )

    class Meta:
        model = Enterprise
        fields = list(enterprises.FACTS)
        field_classes = dict.fromkeys(("name", "legal_representative", "address", "scope"), VisibleField)
        widgets = {
            "address": forms.TextInput,
            "scope": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, data, enterprise):
        # A copy: the page keeps showing what was typed beside what the clerk writes.
        super().__init__(data, instance=copy.copy(enterprise))
        for name in enterprises.FACTS:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = "请按图片填写"
        types = enterprises.TYPES[self.instance.uscc[:2]]
        self.fields["entity_type"].choices = [("", "请选择"), *((kind.value, kind.label) for kind in types)]
        if len(types) == 1:
            self.initial["entity_type"] = types[0]

    def clean(self):
        for name in enterprises.FACTS:
            if isinstance(self.cleaned_data.get(name), str):
                self.cleaned_data[name] = tidied(self.cleaned_data[name])

    def facts(self):
        return {name: self.cleaned_data[name] for name in enterprises.FACTS}


class MergeForm(forms.Form):
    """Joining an enterprise that is confirmed already: its facts stay, so there is only the right to check."""

    checked = forms.BooleanField(
        label="我已核实添加人的身份和授权，同意其加入这个经营主体",
        error_messages={"required": "核实后，请在这里打勾"},
    )

    def facts(self):
        return {}


class RejectionForm(forms.Form):
    reason = forms.CharField(
        label="不予确认的原因",
        help_text="添加人会看到，请写明哪里不符、怎样改。",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因"},
    )
