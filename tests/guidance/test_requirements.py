import pytest

from guidance.engine import replay
from guidance.requirements import (
    conditions_of,
    elements_of,
    is_promised,
    is_required,
    materials_of,
    may_commit,
    meets,
)
from tests.guidance.answering import replay_to_the_end


def codes(entries):
    return [entry.code for entry in entries]


def test_a_paper_asked_for_by_the_answers_is_there_only_then(catalogue):
    item = catalogue.items["food-operation"]
    sells = replay(catalogue, {"sectors": ["food"], "food_kinds": ["bulk"]})
    cooks = replay(catalogue, {"sectors": ["food"], "food_kinds": ["hot"]})
    assert "mat-food-process" not in codes(materials_of(item, sells.facts, {}))
    assert "mat-food-process" in codes(materials_of(item, cooks.facts, {}))


def test_a_paper_asked_for_by_the_form_waits_for_the_form(catalogue):
    item, facts = catalogue.items["public-place-hygiene"], replay(catalogue, {}).facts
    asked = [codes(materials_of(item, facts, values)) for values in ({}, {"hvac_central": False})]
    assert all("mat-hvac-test" not in papers for papers in asked)
    assert "mat-hvac-test" in codes(materials_of(item, facts, {"hvac_central": True}))


def test_a_pledge_belongs_to_the_commitment_path_only(catalogue):
    facts = replay(catalogue, {}).facts
    for item in catalogue.items.values():
        assert not [paper for paper in materials_of(item, facts, {}) if paper.only_when_committed]


def test_what_only_commitment_replaces_stays_due_on_the_ordinary_path(catalogue):
    item, facts = catalogue.items["drug-retail"], replay(catalogue, {"drug_level": "otc_b"}).facts
    assert {"mat-pharmacist", "mat-drug-rules"} <= set(codes(materials_of(item, facts, {})))


def test_the_commitment_path_brings_its_pledge_and_nothing_else(catalogue):
    facts = replay(catalogue, {}).facts
    for item in catalogue.items.values():
        ordinary = codes(materials_of(item, facts, {}))
        committed = materials_of(item, facts, {}, committed=True)
        assert [one.code for one in committed if not one.only_when_committed] == ordinary


@pytest.mark.parametrize(("level", "allowed"), [(None, False), ("otc_b", True), ("rx", False)])
def test_what_narrows_a_promise_must_certainly_hold(catalogue, level, allowed):
    answers = {"sectors": ["goods"], "goods_kinds": ["drugs"]} | ({"drug_level": level} if level else {})
    item, facts = catalogue.items["drug-retail"], replay(catalogue, answers).facts
    assert may_commit(item, facts) is allowed
    promised = [one.code for one in item.materials if is_promised(one, facts)]
    assert promised == (["mat-pharmacist", "mat-drug-rules", "mat-drug-system"] if allowed else [])


def test_where_the_catalogue_forbids_it_there_is_no_promise(catalogue):
    facts = replay(catalogue, {}).facts
    forbidden = [item for item in catalogue.items.values() if not item.commitment_allowed]
    assert forbidden
    assert not [item.code for item in forbidden if may_commit(item, facts)]


def test_an_element_hides_only_when_certainly_not_needed(catalogue):
    item = catalogue.items["food-operation"]
    open_, no = replay(catalogue, {}), replay_to_the_end(catalogue, {"sectors": ["food"], "food_kinds": ["bulk"]})
    assert "seat_count" in codes(elements_of(catalogue, item, open_.facts))
    assert "seat_count" not in codes(elements_of(catalogue, item, no.facts))


def test_elements_come_in_the_items_own_order(catalogue):
    for item in catalogue.items.values():
        shown = codes(elements_of(catalogue, item, replay(catalogue, {}).facts))
        assert shown == list(item.form_fields)


@pytest.mark.parametrize(
    ("item", "element", "required"),
    [
        ("food-operation", "premises_address", True),
        ("food-operation", "mailing_address", False),  # optional here
        ("food-operation", "uscc", False),  # the system fills it
        ("food-operation", "bed_count", False),  # not in this form
        ("road-freight", "vehicle_count", False),  # worked out from the rows
        ("road-freight", "vehicles", True),
    ],
)
def test_what_an_item_demands(catalogue, item, element, required):
    assert is_required(catalogue.items[item], element) is required


def test_a_condition_goes_when_it_certainly_does_not_apply(catalogue):
    item = catalogue.items["drug-retail"]
    answers = {"sectors": ["goods"], "goods_kinds": ["drugs"]}
    unsure = conditions_of(item, replay(catalogue, answers))
    low = conditions_of(item, replay(catalogue, answers | {"drug_level": "otc_b"}))
    assert list(unsure) == list(item.conditions)
    assert [condition.text for condition in unsure if condition not in low] == [
        "经营处方药、甲类非处方药的至少配1名执业药师或依法认定的药学技术人员",
        "营业面积不少于40平方米",
    ]


@pytest.mark.parametrize(
    ("value", "met"),
    [("40", True), ("40.00", True), (40, True), ("39.99", False), (0, False), (None, None), ("", None)],
)
def test_a_check_reads_decimals_as_the_form_keeps_them(value, met):
    assert meets({"field": "premises_area", "op": "gte", "value": 40}, {"premises_area": value}) is met
