"""The real catalogue, case by case: each theme, each rule, each notice, both sides of each threshold."""

import pytest

from guidance.engine import InvalidAnswer, clean_answer, replay
from guidance.expressions import evaluate
from guidance.requirements import conditions_of, materials_of, meets
from guidance.schema import with_rule_codes
from tests.guidance.answering import replay_to_the_end
from tests.guidance.cases import BOTTOMS, CASES, THRESHOLDS
from tests.guidance.conftest import DOCUMENTS

THEMES = [theme["code"] for theme in DOCUMENTS["themes"]["themes"]]


@pytest.mark.parametrize("code", THEMES)
def test_a_themes_seeds_replay_and_its_core_follows(catalogue, code):
    theme = catalogue.themes[code]
    situation = replay(catalogue, theme.seed_answers)
    assert situation.answers.keys() == theme.seed_answers.keys()
    assert situation.dropped == ()
    assert set(theme.core) <= set(situation.items) <= {*theme.items, *catalogue.common_items}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_has_exactly_its_items_rules_and_notices(catalogue, case):
    situation = replay_to_the_end(catalogue, case["answers"])
    assert {
        "items": list(situation.items),
        "possible": list(situation.possible),
        "fires": sorted(rule.code for rule in catalogue.rules if evaluate(rule.when, situation.facts)),
        "notices": list(situation.notices),
        "blocks": list(situation.blocks),
    } == {"possible": [], **{key: case[key] for key in ("items", "fires", "notices", "blocks")}}


def test_every_rule_and_every_notice_fires_in_some_case(catalogue):
    fired = {code for case in CASES for code in case["fires"]}
    shown = {code for case in CASES for code in case["notices"] + case["blocks"]}
    assert fired == {rule.code for rule in catalogue.rules}
    assert shown == set(catalogue.notices)
    assert (len(catalogue.rules), len(catalogue.notices)) == (67, 37)


def outcome(catalogue, answers):
    """All that an answer can change, as the words of the tables in cases.py."""
    situation = replay_to_the_end(catalogue, answers)
    items = [catalogue.items[code] for code in situation.items]
    return {
        *situation.items,
        *situation.notices,
        *situation.blocks,
        *(f"asked:{code}" for code in situation.path),
        *(f"fact:{code}" for code in catalogue.derived if situation.facts[code] is True),
        *(f"paper:{paper.code}" for item in items for paper in materials_of(item, situation.facts, {})),
        *(
            "condition:有结构设计图"
            for item in items
            for one in conditions_of(item, situation)
            if "有结构设计图" in one.text
        ),
    }


@pytest.mark.parametrize("row", THRESHOLDS, ids=lambda row: f"{row['place']} {row['fact']} {row['n']}")
def test_both_sides_of_a_threshold(catalogue, row):
    step = 1 if catalogue.questions[row["fact"]].validation.get("integer") else 0.01
    answers = {"below": row["n"] - step, "at": row["n"], "above": row["n"] + step}
    named = set.union(*row["holds"].values())
    for point, value in answers.items():
        assert outcome(catalogue, row["answers"] | {row["fact"]: value}) & named == row["holds"][point], point


@pytest.mark.parametrize(("place", "fact", "n", "answers", "holds"), BOTTOMS)
def test_nothing_lies_below_the_least_answer(catalogue, place, fact, n, answers, holds):
    assert holds in outcome(catalogue, answers | {fact: n})
    with pytest.raises(InvalidAnswer):
        clean_answer(catalogue.questions[fact], n - 0.01)
    before = replay(catalogue, {code: value for code, value in answers.items() if code != fact})
    assert holds not in {
        *before.notices,
        *before.blocks,
        *(f"fact:{code}" for code, is_so in before.facts.items() if is_so is True),
    }


def thresholds_within(value, place):
    """(place, fact, n) of each `gte` in the YAML, the place cut to what the tables of cases.py call it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "gte" and isinstance(inner, list):
                yield " ".join(place[:3]), *inner
            else:
                yield from thresholds_within(inner, [*place, key])
    elif isinstance(value, list):
        for inner in value:
            own = [inner["code"]] if isinstance(inner, dict) and "code" in inner else []
            yield from thresholds_within(inner, place + own)


def test_the_tables_hold_every_threshold_of_the_catalogue():
    lists = DOCUMENTS["questions"] | DOCUMENTS["items"]
    lists["rules"] = with_rule_codes(lists["rules"])
    tabled = [(row["place"], row["fact"], row["n"]) for row in THRESHOLDS] + [row[:3] for row in BOTTOMS]
    assert sorted(tabled) == sorted(thresholds_within(lists, []))


CHECKS = [
    pytest.param(check, id=f"{item['code']} {check['field']} {check['value']}")
    for item in DOCUMENTS["items"]["items"]
    for check in [condition["check"] for condition in item["conditions"] if "check" in condition]
]


@pytest.mark.parametrize("check", CHECKS)
def test_both_sides_of_a_conditions_check_on_the_form(check):
    field, wanted = check["field"], check["value"]
    assert meets(check, {field: wanted}) is True
    assert meets(check, {}) is None
    if check["op"] == "gte":
        assert meets(check, {field: str(wanted)}) is True
        assert meets(check, {field: str(wanted - 0.01)}) is False
    else:
        assert meets(check, {field: "other" if isinstance(wanted, str) else not wanted}) is False
