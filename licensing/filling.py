"""A question that fills an element *is* that element: one truth, told as an answer or as a form value. Pure.

Values are as an application keeps them: decimals are text ("12.50"), so that what was written stays exact.
"""

import functools
from decimal import Decimal, InvalidOperation


@functools.lru_cache(maxsize=8)
def questions_by_element(catalogue):
    """Return {element code: the Question that fills it}."""
    return {code: question for question in catalogue.questions.values() for code in question.fills}


def value_of(element, question, answer, kept):
    """Return the element's value under this answer, or None while the answer says nothing about it.

    kept: the value last written in the form. It counts where the answer cannot say the same: a choice that the
    question does not offer, the zeros of a decimal.
    """
    choices = [option.value for option in element.choices]
    if element.type == "choice":
        return answer if answer in choices else _unless_an_option(question, kept)
    if element.type == "multichoice":
        own = kept if isinstance(kept, list) else ()
        return [one for one in choices if one in answer or (one in own and one not in question.values)]
    if element.type == "decimal":
        return kept if _number(kept) == answer else plain(answer)
    return answer


def answer_of(element, question, value, answer):
    """Return the answer that says this value, or the present `answer` where no answer can say it."""
    if element.type == "choice":
        return value if value in question.values else answer
    if element.type == "multichoice":
        choices = {option.value for option in element.choices}
        # What the form cannot show (vegetables are no licensed food) stays as it was answered.
        hidden = {one for one in answer or () if one not in choices}
        return [one for one in question.values if one in value or one in hidden]
    if element.type in ("integer", "decimal"):
        return _number(value)
    return value


def plain(number):
    """A number as text without an exponent: 120.0 is "120", 0.00001 is "0.00001"."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unless_an_option(question, kept):
    return kept if kept not in question.values else None


def _number(value):
    """An int where the number is whole, as the engine keeps answers; None for no number."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
