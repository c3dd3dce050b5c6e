"""What holds when any items are filed together, tried on 500 random sets of them and random answers."""

import dataclasses

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guidance.narrowing import narrowed
from guidance.requirements import elements_of, is_required, materials_of
from licensing.merging import merge_elements, merge_materials, steps_of
from licensing.models import How
from licensing.papers import Paper
from licensing.plan import make_plan
from licensing.savings import savings
from tests.guidance.test_replay_properties import CATALOGUE, finish, some_answers

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]
SETS = settings(deadline=None, max_examples=500, suppress_health_check=QUIET)
SOME = settings(deadline=None, max_examples=60, suppress_health_check=QUIET)
ITEMS = list(CATALOGUE.items.values())
item_sets = st.sets(st.sampled_from(range(len(ITEMS))), min_size=1, max_size=15).map(
    lambda places: [ITEMS[place] for place in sorted(places)]
)
# Facts as answers leave them; a question not asked has none.
some_facts = st.fixed_dictionaries(
    {},
    optional={
        "drug_level": st.sampled_from(["otc_b", "otc_all", "rx"]),
        "entity_type": st.sampled_from(["company", "individual"]),
        "makes_food": st.booleans(),
        "dine_in": st.booleans(),
        "sectors": st.lists(st.sampled_from(["food", "goods", "lodging", "medical"]), unique=True),
        "area": st.sampled_from([50, 300, 1000]),
    },
)


@SETS
@given(item_sets, some_facts, st.booleans())
def test_merged_is_the_union_and_each_projection_what_filing_alone_would_hold(items, facts, hvac):
    values, promised = {"hvac_central": hvac}, {item.code for item in items[::2]}
    elements = merge_elements(CATALOGUE, items, facts)
    papers = merge_materials(CATALOGUE, items, facts, values, promised)
    # Nothing is asked twice, on whatever page.
    assert_once(one.code for step in steps_of(CATALOGUE, elements) for one in step.wanted)
    assert_once(one.code for one in papers)
    for item in items:
        alone = {one.code: one.required for one in merge_elements(CATALOGUE, [item], facts)}
        assert alone == {one.code: is_required(item, one.code) for one in elements if item.code in one.items}
        assert list(alone) == [one.code for one in elements if item.code in one.items]
        own = materials_of(item, facts, values, committed=item.code in promised)
        assert {one.code for one in own} == {one.code for one in papers if item.code in one.items}
    for one in elements:
        assert one.required == any(is_required(item, one.code) for item in items if item.code in one.items)
    assert {one.code for one in elements} == {one.code for item in items for one in elements_of(CATALOGUE, item, facts)}


def assert_once(codes):
    codes = list(codes)
    assert len(codes) == len(set(codes))


hows = st.sampled_from(list(How))


@SOME
@given(some_answers, st.data())
def test_the_ledger_adds_up(answers, data):
    """separate ≥ merged ≥ left ≥ asked, and separate is the sum of what each item alone would ask for."""
    answers = finish(data, answers).answers
    plan = make_plan(CATALOGUE, answers, {}, committed=CATALOGUE.items)
    saved = savings(plan, some_ways(data, plan))
    for counts in (saved.fields, saved.papers):
        in_order = list(dataclasses.astuple(counts))
        assert in_order == sorted(in_order, reverse=True)
    alone = [savings_alone(answers, code) for code in plan.chosen]
    assert saved.fields.separate == sum(one.fields.merged for one in alone)
    assert saved.papers.separate == sum(one.papers.merged for one in alone)
    assert saved.items == len(alone)
    for one in alone:
        assert one.fields.separate == one.fields.merged <= saved.fields.merged
        assert one.papers.separate == one.papers.merged <= saved.papers.merged


def savings_alone(answers, code):
    others = [one for one in CATALOGUE.items if one != code]
    return savings(make_plan(CATALOGUE, answers, {}, declined=others), [])


def some_ways(data, plan):
    """A Paper for each of the plan's, met in a way it might be."""
    return [
        Paper(
            one.code,
            one.name,
            How.GENERATED
            if one.material.source == "generated"
            else data.draw(hows.filter(lambda how: how != "generated")),
            "",
            one.needing or one.items,
        )
        for one in plan.materials
    ]


@SOME
@given(some_answers, st.data())
def test_one_item_alone_is_asked_for_what_its_part_of_the_whole_asks_for(answers, data):
    """The few questions that the item depends on lead to the same form, papers and promise as all questions do."""
    answers = finish(data, answers).answers
    plan = make_plan(CATALOGUE, answers, {})
    code = data.draw(st.sampled_from(ITEMS)).code
    few = narrowed(CATALOGUE, code)
    others = [one for one in CATALOGUE.items if one != code]
    own = {question: answer for question, answer in answers.items() if question in few.questions}
    alone = make_plan(few, own, {}, declined=others)
    assert alone.situation.next is None
    assert alone.chosen == ((code,) if code in plan.chosen else ())
    assert (code in alone.committable, code in alone.blocked) == (code in plan.committable, code in plan.blocked)
    whole = make_plan(CATALOGUE, answers, {}, declined=others)
    assert [one.code for one in alone.elements] == [one.code for one in whole.elements]
    assert [one.code for one in alone.materials] == [one.code for one in whole.materials]
