"""The form's values as they stand: what was signed, with what corrections have put right."""

import pytest

from routing import correcting
from routing.correctable import why_not_typed
from routing.models import ApprovalTask
from routing.values import current_values

FOOD, DRAINAGE = "food-operation", "drainage"


@pytest.fixture
def element(catalogue):
    """An element of the food licence that applicants type."""
    fields = catalogue.items[FOOD].form_fields
    typed = [code for code in fields if not why_not_typed(catalogue, code)]
    return next(code for code in typed if catalogue.elements[code].type == "text")


def correct(case, point, answer):
    correcting.ask(case[FOOD], case.officer(FOOD), [point])
    correcting.answer(case[FOOD], case.applicant, {1: answer})


def point_about(code, **more):
    return {"about": "element", "code": code, "label": "内容", "text": "请核对"} | more


def test_without_a_correction_they_are_what_was_signed(file, element):
    case = file(FOOD, values={element: "甲"})
    assert current_values(case.application) == {element: "甲"}


def test_the_last_answer_counts_and_what_was_signed_stays_in_the_snapshot(file, element):
    case = file(FOOD, values={element: "甲"})
    correct(case, point_about(element), {"value": "乙"})
    first = correcting.answered_points(case[FOOD]).get()
    correct(case, point_about(element, arises_from=first.pk), {"value": "丙"})
    assert current_values(case.application) == {element: "丙"}
    assert case.application.snapshot["values"] == {element: "甲"}


def test_a_question_not_answered_yet_and_words_alone_change_nothing(file, element):
    case = file(FOOD, values={element: "甲"})
    correcting.ask(case[FOOD], case.officer(FOOD), [point_about(element)])
    assert current_values(case.application) == {element: "甲"}
    correcting.answer(case[FOOD], case.applicant, {1: {"answer": "没有写错"}})
    assert current_values(case.application) == {element: "甲"}


def test_a_value_for_a_point_that_is_about_no_element_is_no_answer(file):
    case = file(FOOD)
    other = {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    with pytest.raises(correcting.NotAllowed, match="还没有补正"):
        correct(case, other, {"value": "甲"})


def test_a_task_without_a_face_has_none_in_the_database_either(file):
    """JSON's null would pass for a face."""
    case = file(FOOD)
    case.accept(FOOD)
    assert ApprovalTask.objects.filter(face__isnull=True).count() == 1
