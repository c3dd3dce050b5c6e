"""Form fields for choosing. They clean to a value, a list of values or a bool; None where nothing is chosen."""

from django import forms
from django.core.exceptions import ValidationError

# Longer lists fold into a drop-down.
MOST_RADIOS = 7
NOTHING = ("", "请选择")
YES_OR_NO = [("yes", "是"), ("no", "否")]
_PICK = {"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"}


class OneField(forms.ChoiceField):
    def __init__(self, *, options, in_table=False, **others):
        folded = in_table or len(options) > MOST_RADIOS
        choices = [NOTHING, *options] if folded else options
        widget = forms.Select if folded else forms.RadioSelect
        super().__init__(choices=choices, widget=widget, error_messages=_PICK, **others)
        if in_table and len(options) <= MOST_RADIOS:
            # Pasted from a spreadsheet, where no list of options is to be seen.
            labels = "”“".join(label for _value, label in options)
            self.error_messages["invalid_choice"] = f"请填其中一个：“{labels}”"

    def clean(self, value):
        return super().clean(value) or None


class YesOrNoField(OneField):
    # Two short answers stand side by side.
    in_a_row = True

    def __init__(self, **others):
        super().__init__(options=YES_OR_NO, **others)
        self.error_messages["required"] = "请选“是”或者“否”"

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)

    def clean(self, value):
        chosen = super().clean(value)
        return None if chosen is None else chosen == "yes"


class SeveralField(forms.MultipleChoiceField):
    def __init__(self, *, options, **others):
        errors = {"required": "请至少选一项", "invalid_choice": "请从列出的选项里选"}
        super().__init__(choices=options, widget=forms.CheckboxSelectMultiple, error_messages=errors, **others)

    def clean(self, value):
        chosen = super().clean(value)
        if len(set(chosen)) < len(chosen):
            raise ValidationError("同一个选项选了两次，请重新选")
        return [code for code, _label in self.choices if code in chosen]
