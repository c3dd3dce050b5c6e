"""What holds for the plan of any answers on the real catalogue, tried on random ones."""

from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.fields import clean_value
from licensing.plan import make_plan
from tests.guidance.test_replay_properties import CATALOGUE, finish, some_answers
from tests.licensing.drafting import sample

PLAN = settings(deadline=None, max_examples=60)


@PLAN
@given(some_answers, st.data())
def test_a_form_filled_with_valid_values_is_complete(answers, data):
    """Whatever was answered, nothing is asked that cannot be filled, and filling it leaves nothing wrong."""
    answers = finish(data, answers).answers
    plan = make_plan(CATALOGUE, answers, {})
    written = {wanted.code: sample(wanted.element) for wanted in plan.elements if plan.is_asked(wanted)}
    plan = make_plan(CATALOGUE, answers, written)
    for step in plan.form_steps:
        for wanted in plan.asked(step):
            value = plan.values.get(wanted.code)
            if value is None:
                # An answer of which the form can say nothing: it waits for the applicant's own choice.
                assert plan.question_of(wanted.code), wanted.code
            elif plan.question_of(wanted.code) is None:
                assert clean_value(wanted.element, value, required=wanted.required) == value


@PLAN
@given(some_answers, st.data())
def test_every_needed_item_is_in_exactly_one_group_and_every_element_in_one_step(answers, data):
    answers = finish(data, answers).answers
    some_items = st.sets(st.sampled_from(sorted(CATALOGUE.items)))
    plan = make_plan(CATALOGUE, answers, {}, declined=data.draw(some_items), licences=data.draw(some_items))
    groups = [*plan.held, *plan.blocked, *plan.declined, *plan.chosen]
    assert sorted(groups) == sorted(plan.required) == sorted(plan.situation.items)
    union = {code for code in plan.chosen for code in CATALOGUE.items[code].form_fields}
    assert {wanted.code for step in plan.steps for wanted in step.wanted} <= union
    assert set(plan.values) <= {wanted.code for wanted in plan.elements}


@PLAN
@given(some_answers, st.data())
def test_a_plan_is_agreed_to_itself_whatever_the_order_of_its_answers(answers, data):
    answers = finish(data, answers).answers
    plan, again = (make_plan(CATALOGUE, dict(order(answers.items())), {}) for order in (list, reversed_list))
    assert plan.fingerprint == again.fingerprint


def reversed_list(items):
    return list(items)[::-1]
