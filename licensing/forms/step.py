from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from guidance.engine import InvalidAnswer, clean_answer
from licensing.fields import field_for
from licensing.prefilling import ANSWER, Prefilled, fits
from licensing.values import answer_of


class StepForm(forms.Form):
    """One page of the one form: what its elements ask. Cleans to {element code: value as an application keeps it}."""

    use_required_attribute = False

    def __init__(self, *args, plan, step, suggested, quiet=False, **options):
        """suggested: {element code: Prefilled}; quiet: show what was typed without judging it yet."""
        super().__init__(*args, **options)
        self.plan, self.quiet = plan, quiet
        self.told = {}  # {element code: the Prefilled that its field begins with}
        for wanted in plan.asked(step):
            self._ask(wanted, suggested)

    def full_clean(self):
        if self.quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def clean(self):
        """An element that is an answer must also be one the question allows."""
        for code, value in list(self.cleaned_data.items()):
            question = self.plan.question_of(code)
            if question and value is not None:
                self._check_answer(code, question, value)
        return self.cleaned_data

    @property
    def settled(self):
        """The bound fields that begin with what the applicant said before: shown, and opened only to change it."""
        return [bound for bound in self if self._is_settled(bound)]

    @property
    def open_fields(self):
        """The bound fields that are left to fill in, and those that somebody began to change."""
        settled = {bound.name for bound in self.settled}
        return [bound for bound in self if bound.name not in settled]

    def _is_settled(self, bound):
        if bound.name not in self.told or bound.name in self.errors:
            return False
        return not self.is_bound or _posted(bound, bound.data) == _posted(bound, self.told[bound.name].value)

    def _check_answer(self, code, question, value):
        present = self.plan.situation.answers[question.code]
        answer = answer_of(self.plan.catalogue.elements[code], question, value, present)
        try:
            clean_answer(question, answer)
        except InvalidAnswer as error:
            self.add_error(code, ValidationError(error.message))

    def _ask(self, wanted, suggested):
        code, question = wanted.code, self.plan.question_of(wanted.code)
        # An answer can be changed but not taken back, so its field cannot stay empty.
        required = wanted.required or (question is not None and question.type != "multi")
        field = self.fields[code] = field_for(wanted.element, required=required)
        told = suggested.get(code)
        if code in self.plan.values:
            value = self.plan.values[code]
            self.initial.setdefault(code, value)
            if question:
                told = told if told and told.source == ANSWER else Prefilled(value, ANSWER)
        elif told and fits(wanted.element, told.value):
            self.initial.setdefault(code, told.value)
        if told and self.initial.get(code) == told.value:
            self._tell(code, field, told)

    def _tell(self, code, field, told):
        if self.plan.catalogue.elements[code].type == "rows":
            field.source = told.told
        else:
            self.told[code] = told


def _posted(bound, value):
    """A value as a browser posts it, to compare with what it did post."""
    value = bound.field.prepare_value(value)
    return sorted(map(str, value)) if isinstance(value, list | tuple) else str("" if value is None else value)
