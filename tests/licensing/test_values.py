"""An element that a question fills is that answer: the same truth, written either way."""

import pytest

from guidance.engine import clean_answer
from guidance.schema import Catalogue
from licensing.values import answer_of, plain, questions_by_element, value_of
from tests.guidance.conftest import DOCUMENTS

CATALOGUE = Catalogue.from_data(DOCUMENTS)
FILLED = questions_by_element(CATALOGUE)


def pair(code):
    return CATALOGUE.elements[code], FILLED[code]


@pytest.mark.parametrize(
    ("code", "answer", "kept", "value"),
    [
        ("entity_type", "coop", None, "coop"),
        ("staff_count", 3, None, 3),
        ("premises_area", 120, None, "120"),
        ("premises_area", 120.5, None, "120.5"),
        ("premises_area", 120.5, "120.50", "120.50"),
        ("premises_area", 121, "120.50", "121"),
        ("online_sales", False, None, False),
        # Vegetables and a small workshop are no licensed kinds of food; raw food no answer.
        ("food_items", ["hot", "farm", "workshop"], None, ["hot"]),
        ("food_items", ["hot", "farm"], ["raw", "cold"], ["hot", "raw"]),
        ("seed_filing_type", "own", None, None),
    ],
)
def test_the_value_follows_from_the_answer(code, answer, kept, value):
    assert value_of(*pair(code), answer, kept) == value


@pytest.mark.parametrize(
    ("code", "value", "answer", "after"),
    [
        ("entity_type", "company", "coop", "company"),
        ("staff_count", 8, 3, 8),
        ("premises_area", "120.50", 100, 120.5),
        ("premises_area", "300", 100, 300),
        ("online_sales", True, False, True),
        ("food_items", ["cold", "raw"], ["hot", "farm"], ["cold", "farm"]),
        ("food_items", [], ["hot"], []),
        ("seed_filing_type", "packaged", "own", "packaged"),
    ],
)
def test_the_answer_follows_from_the_value(code, value, answer, after):
    assert answer_of(*pair(code), value, answer) == after


@pytest.mark.parametrize("code", FILLED)
def test_what_was_answered_comes_back_unchanged_from_the_form(code):
    element, question = pair(code)
    answers = {
        "single": list(question.values),
        "multi": [list(question.values), [], list(question.values[:1])],
        "boolean": [True, False],
        "number": [2, 5],
    }[question.type]
    for answer in answers:
        value = value_of(element, question, answer, None)
        again = answer if value is None else answer_of(element, question, value, answer)
        assert clean_answer(question, again) == answer


def test_a_number_is_written_without_an_exponent():
    assert [plain(number) for number in (120.0, 0.00001, 1e15, 100, 12.5)] == [
        "120",
        "0.00001",
        "1000000000000000",
        "100",
        "12.5",
    ]
