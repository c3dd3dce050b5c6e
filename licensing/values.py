"""Where an element's value comes from: a register, an answer, the form, or a table of the same form. Pure.

A question that fills an element *is* that element: one truth, told as an answer or as a form value. Values are as an
application keeps them: decimals are text ("12.50"), so that what was written stays exact.
"""

import functools
from decimal import Decimal, InvalidOperation

from guidance.engine import InvalidAnswer, clean_answer


@functools.lru_cache(maxsize=8)
def questions_by_element(catalogue):
    """Return {element code: the Question that fills it}."""
    return {code: question for question in catalogue.questions.values() for code in question.fills}


def filling_question(catalogue, situation, code):
    """Return the answered question that the element is, or None."""
    question = questions_by_element(catalogue).get(code)
    asked = question and question.code in situation.path and question.code in situation.answers
    return question if asked else None


def values_of(catalogue, situation, elements, written, known):
    """Return {element code: value} of the WantedElements that have one.

    written: the application's values; known: {element code: Prefilled}.
    """
    values = {}
    for wanted in elements:
        code = wanted.code
        value = written.get(code)
        if code in known:
            value = known[code].value
        elif question := filling_question(catalogue, situation, code):
            value = value_of(wanted.element, question, situation.answers[question.code], value)
        if value is not None:
            values[code] = value
    for wanted in elements:
        if wanted.element.computed and (value := computed_value(wanted.element, values)) is not None:
            values[wanted.code] = value
    return values


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


def answers_told(catalogue, values):
    """Return {question: answer} of the questions that one of these values {element code: value} answers.

    No answer where the value says nothing that the question offers; whether it keeps the question's limits, the
    caller asks.
    """
    told = {}
    for code, question in questions_by_element(catalogue).items():
        value = values.get(code)
        answer = None if value in (None, "", []) else answer_of(catalogue.elements[code], question, value, None)
        if answer not in (None, []):
            told[question.code] = answer
    return told


def allowed_answers(catalogue, answers):
    """Return (the answers that this catalogue allows, cleaned, {question: why not} of the others)."""
    allowed, refused = {}, {}
    for code, answer in answers.items():
        try:
            allowed[code] = clean_answer(_question(catalogue, code), answer)
        except InvalidAnswer as wrong:
            refused[code] = wrong.message
    return allowed, refused


def _question(catalogue, code):
    if code not in catalogue.questions:
        raise InvalidAnswer(code, "没有这个问题了")
    return catalogue.questions[code]


def computed_value(element, values):
    """Return the count, sum or max of a `rows` value in the element's own type, or None for an empty table."""
    rule = element.computed
    rows = values.get(rule["rows"])
    if not rows:
        return None
    if rule["op"] == "count":
        return len(rows)
    numbers = [Decimal(str(row[rule["column"]])) for row in rows if row.get(rule["column"]) is not None]
    if not numbers:
        return None
    result = sum(numbers) if rule["op"] == "sum" else max(numbers)
    return int(result) if element.type == "integer" else f"{result:f}"


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
