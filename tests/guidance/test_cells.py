"""Every allowed answer falls into one cell, and the sample of a cell falls into that cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.engine import clean_answer
from guidance.expressions import COMPARISONS
from guidance.reasoning import cells
from guidance.schema.questions import Question

LIMITS = [{}, {"min": 0, "max": 10, "integer": True}, {"min": 0.5, "max": 10}, {"integer": True}, {"max": 3}]
LIMITS += [{"min": 2.5, "max": 4.5, "integer": True}]
NUMBERS = st.integers(-3, 14) | st.sampled_from([0.5, 2.5, 3.75, 9.99])
COMPARED = st.one_of(
    st.tuples(st.sampled_from(["gte", "eq"]), NUMBERS),
    st.tuples(st.just("in"), st.lists(NUMBERS, min_size=1, max_size=3)),
)


def number(limits):
    return Question(code="n", group="", text="", type="number", validation=limits)


@given(st.sampled_from(LIMITS), COMPARED)
def test_the_sample_of_a_cell_is_allowed_and_of_that_cell(limits, compared):
    question = number(limits)
    operator, wanted = compared
    _, cuts, outcomes = cells.comparison(question, operator, wanted)
    for cell, outcome in enumerate(outcomes):
        answer = clean_answer(question, cells.sample(question, cuts, cell))
        assert cells.cell_of(question, 0, cuts, answer) == cell
        assert COMPARISONS[operator](answer, wanted) is outcome


@given(st.sampled_from(LIMITS), COMPARED, NUMBERS)
def test_an_answer_falls_into_the_cell_that_says_how_it_compares(limits, compared, answer):
    question = number(limits)
    low, high = limits.get("min", answer), limits.get("max", answer)
    if low <= answer <= high and (answer == int(answer) or not limits.get("integer")):
        operator, wanted = compared
        _, cuts, outcomes = cells.comparison(question, operator, wanted)
        assert outcomes[cells.cell_of(question, 0, cuts, answer)] is COMPARISONS[operator](answer, wanted)


@pytest.mark.parametrize(("limits", "some"), [({}, 0), ({"min": 0.5, "integer": True}, 1), ({"min": -2}, -2)])
def test_some_answer_is_an_allowed_one(limits, some):
    assert cells.any_answer(number(limits)) == clean_answer(number(limits), some)


def test_choices_have_a_cell_per_option_and_no_answer_beside_them():
    question = Question(code="b", group="", text="", type="boolean")
    assert cells.comparison(question, "eq", True) == (0, (), (False, True))
    assert [cells.sample(question, (), cell) for cell in (0, 1)] == [False, True]
