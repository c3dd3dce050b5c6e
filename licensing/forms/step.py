from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from guidance.engine import InvalidAnswer, clean_answer
from licensing.fields import clean_value, field_for
from licensing.prefilling import ANSWER
from licensing.values import answer_of


class StepForm(forms.Form):
    """One page of the one form: what its elements ask. Cleans to {element code: value as an application keeps it}."""

    use_required_attribute = False

    def __init__(self, *args, plan, step, suggested, quiet=False, **options):
        """suggested: {element code: Prefilled}; quiet: show what was typed without judging it yet."""
        super().__init__(*args, **options)
        self.plan, self.quiet = plan, quiet
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
        if question:
            field.source = ANSWER
        if code in self.plan.values:
            self.initial.setdefault(code, self.plan.values[code])
        elif code in suggested and _fits(wanted.element, suggested[code].value):
            self.initial.setdefault(code, suggested[code].value)
            field.source = suggested[code].source


def _fits(element, value):
    """A value of another release or of an old licence may be none that this form could keep."""
    try:
        clean_value(element, value, required=False)
    except (ValidationError, TypeError, AttributeError):
        return False
    return True
