"""What an applicant says instead of a known value that is wrong, and why."""

from django import forms
from django.core.exceptions import ValidationError

from licensing.addresses import named_elsewhere
from licensing.fields import field_for
from licensing.forms.text import VisibleField

_LONGEST_REASON = 200
_PREMISES_ADDRESS = "premises_address"


class DisputeForm(forms.Form):
    """cleaned_data: value, as the element's own field cleans it, and reason, "" where none is needed."""

    use_required_attribute = False

    def __init__(self, *args, element, known, premises, **options):
        super().__init__(*args, **options)
        self.known, self.premises = known, premises
        value = self.fields["value"] = field_for(element, required=True)
        value.label = f"正确的{element.label}"
        self.on_place = element.code == _PREMISES_ADDRESS
        self.fields["reason"] = VisibleField(
            label="为什么不对？",
            help_text="部门会看到您的理由并核对，例如：执照上个月刚变更，系统里还是旧的。",
            required=known.official,
            max_length=_LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={
                "required": "请写明理由，部门要据此核对",
                "max_length": f"理由最多 {_LONGEST_REASON} 个字，请写短一些",
            },
        )

    def clean_value(self):
        value = self.cleaned_data["value"]
        if value == self.known.value:
            raise ValidationError("和现在登记的一样，没有要改的。不用改的，请返回。")
        if self.on_place:
            self._check_place(value)
        return value

    def _check_place(self, address):
        """The division decides who is competent, so it is chosen with the premises and never typed away."""
        division = self.premises.division
        other = named_elsewhere(address, division.name)
        if other and division.parent and other == division.parent.name:
            raise ValidationError(f"请把区（县）也写上，例如 {other}{division.name}漠江路88号")
        if other:
            raise ValidationError(
                f"经营场所登记在{division.name}，由{division.name}的部门办理，这里写的是{other}。"
                f"请写{division.name}里的地址；实际在{other}经营的，请换经营场所。"
            )
