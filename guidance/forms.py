from django import forms
from django.core.exceptions import ValidationError

from guidance.codes import code_of
from guidance.engine import InvalidAnswer, clean_answer
from guidance.spoken_numbers import NotOneNumber, number_meant


class NumberField(forms.CharField):
    """A number as people type it on a phone."""

    def __init__(self, *, unit, limits, **options):
        mode = "numeric" if limits.get("integer") else "decimal"
        widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
        required = "请填写一个数字" if limits.get("min") else "请填写一个数字，没有就填 0"
        errors = {"required": required, "max_length": "数字太长了，请核对"}
        super().__init__(widget=widget, max_length=30, error_messages=errors, **options)
        self.unit, self.limits = unit, limits

    def clean(self, value):
        try:
            text = number_meant(super().clean(value), self.unit, example=max(self.limits.get("min", 0), 20))
        except NotOneNumber as error:
            raise ValidationError(str(error)) from None
        number = float(text) if "." in text else int(text)
        if self.limits.get("integer") and number != int(number):
            raise ValidationError("请填写整数，不要带小数")
        if "min" in self.limits and number < self.limits["min"]:
            raise ValidationError(f"不能少于 {self.limits['min']} {self.unit}")
        if "max" in self.limits and number > self.limits["max"]:
            raise ValidationError(f"不能多于 {self.limits['max']} {self.unit}，请核对")
        return number


class QuestionForm(forms.Form):
    """One question of the questionnaire; `cleaned_data["answer"]` is the answer as the engine keeps it."""

    def __init__(self, question, *args, **options):
        super().__init__(*args, **options)
        self.question = question
        self.fields["answer"] = FIELDS[question.type](question, label=question.text, help_text=question.help)

    def clean_answer(self):
        try:
            return clean_answer(self.question, self.cleaned_data["answer"])
        except InvalidAnswer as error:
            raise ValidationError(error.message) from error


class CodeForm(forms.Form):
    code = forms.CharField(
        label="导办码",
        help_text="8 位，例如 7KQ4-M2XB，印在一次性告知书上。可以扫码，大小写、有没有横线都行。",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": "请填写导办码，例如 7KQ4-M2XB。",
            "max_length": "导办码是 8 位，请核对。",
            "null_characters_not_allowed": "导办码里有看不见的字符，请重新输入。",
        },
    )

    def clean_code(self):
        try:
            return code_of(self.cleaned_data["code"], "导办码")
        except ValueError as error:
            raise ValidationError(str(error)) from None


def question_form(request, question, situation):
    """The form with what was posted, or with the answer so far."""
    # Nothing ticked posts nothing, and is an answer too: the method tells, not whether there is data.
    posted = request.POST if request.method == "POST" else None
    answer = situation.answers.get(question.code)
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    return QuestionForm(question, posted, initial={"answer": answer})


def _choices(question):
    return [(option.value, option.label) for option in question.options]


def _single(question, **options):
    errors = {"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"}
    return forms.ChoiceField(choices=_choices(question), widget=forms.RadioSelect, error_messages=errors, **options)


def _multi(question, **options):
    # Nothing ticked is an answer: none of these.
    errors = {"invalid_choice": "请从列出的选项里选"}
    return forms.MultipleChoiceField(
        choices=_choices(question),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=errors,
        **options,
    )


def _number(question, **options):
    return NumberField(unit=question.unit, limits=question.validation, **options)


def _boolean(question, **options):
    field = forms.TypedChoiceField(
        choices=[("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选“是”或者“否”", "invalid_choice": "请选“是”或者“否”"},
        **options,
    )
    field.in_a_row = True
    return field


FIELDS = {"single": _single, "multi": _multi, "number": _number, "boolean": _boolean}
