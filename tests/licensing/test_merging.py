"""Each element asked once, each paper handed in once: on every theme of the real catalogue."""

import pytest

from guidance.expressions import evaluate
from guidance.schema import Catalogue
from licensing.merging import merge_elements, merge_materials
from licensing.plan import make_plan
from tests.guidance.answering import replay_to_the_end
from tests.guidance.cases import CASES
from tests.guidance.conftest import DOCUMENTS

CATALOGUE = Catalogue.from_data(DOCUMENTS)
EXTRA = {"hotel": {"room_count": 40}, "homestay": {"room_count": 8, "floors": 3}}


def plan_of(answers, values=None, **options):
    return make_plan(CATALOGUE, replay_to_the_end(CATALOGUE, answers).answers, values or {}, **options)


def plan_of_theme(code, **options):
    seeds = CATALOGUE.themes[code].seed_answers
    extra = EXTRA.get(seeds.get("lodging_type"), {})
    return plan_of(seeds | extra | {"has_licence": "none", "opening_services": ["seal", "bank", "tax"]}, **options)


@pytest.mark.parametrize("theme", CATALOGUE.themes)
def test_the_form_of_a_theme_is_the_union_of_its_items_elements_each_once(theme):
    plan = plan_of_theme(theme)
    shown = {code: set(elements_by_hand(plan, code)) for code in plan.chosen}
    codes = [wanted.code for wanted in plan.elements]
    assert len(codes) == len(set(codes))
    assert set(codes) == set().union(*shown.values())
    for wanted in plan.elements:
        assert set(wanted.items) == {code for code in plan.chosen if wanted.code in shown[code]}


def elements_by_hand(plan, code):
    item = CATALOGUE.items[code]
    for element in item.form_fields:
        when = item.field_when.get(element)
        if when is None or evaluate(when, plan.situation.facts) is not False:
            yield element


@pytest.mark.parametrize("theme", CATALOGUE.themes)
def test_an_element_is_required_if_any_item_that_shows_it_requires_it(theme):
    for wanted in plan_of_theme(theme).elements:
        demanding = [code for code in wanted.items if wanted.code not in CATALOGUE.items[code].optional_fields]
        assert wanted.required == (bool(demanding) and not wanted.element.system_filled)


@pytest.mark.parametrize("theme", CATALOGUE.themes)
def test_the_steps_hold_every_element_once_in_the_dictionarys_order(theme):
    plan = plan_of_theme(theme)
    in_steps = [wanted for step in plan.steps for wanted in step.wanted]
    assert sorted(in_steps, key=id) == sorted(plan.elements, key=id)
    assert all(wanted.element.group == step.name for step in plan.steps for wanted in step.wanted)
    slugs = [int(step.slug) for step in plan.steps]
    assert slugs == sorted(set(slugs))
    order = list(CATALOGUE.elements)
    assert [order.index(wanted.code) for wanted in plan.elements] == sorted(
        order.index(wanted.code) for wanted in plan.elements
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_papers_of_a_case_are_each_named_once_with_all_who_ask(case):
    plan = plan_of(case["answers"])
    codes = [wanted.code for wanted in plan.materials]
    assert len(codes) == len(set(codes))
    for wanted in plan.materials:
        for code in wanted.items:
            assert wanted.code in [material.code for material in CATALOGUE.items[code].materials]


def test_every_item_of_the_catalogue_can_be_merged_with_every_other():
    items = list(CATALOGUE.items.values())
    assert {wanted.code for wanted in merge_elements(CATALOGUE, items, {})} <= set(CATALOGUE.elements)
    papers = merge_materials(CATALOGUE, items, {}, {})
    assert len({wanted.code for wanted in papers}) == len(papers)


def test_a_field_shows_only_where_its_condition_may_hold():
    asked = {"sectors": ["food"], "food_kinds": ["hot"], "store_form": "eatery"}
    eat_in, take_away = plan_of(asked | {"dine_in": True}), plan_of(asked | {"dine_in": False})
    assert "seat_count" in {wanted.code for wanted in eat_in.elements}
    assert "seat_count" not in {wanted.code for wanted in take_away.elements}


def test_a_paper_that_hangs_on_a_value_is_asked_for_once_the_form_says_so():
    care = {"sectors": ["care"], "care_kinds": ["hair"], "store_form": "service"}
    papers = [
        {wanted.code for wanted in plan_of(care, values).materials}
        for values in ({}, {"hvac_central": False}, {"hvac_central": True})
    ]
    assert [("mat-hvac-test" in one) for one in papers] == [False, False, True]


def test_what_the_system_fills_is_never_demanded_of_a_founder():
    plan = plan_of_theme("restaurant")
    filled = [wanted for wanted in plan.elements if wanted.element.system_filled]
    assert {"entity_name", "uscc"} <= {wanted.code for wanted in filled}
    assert not any(wanted.required or plan.is_asked(wanted) for wanted in filled)
