import pytest

from guidance.engine import InvalidAnswer, clean_answer, replay
from guidance.expressions import UNKNOWN
from guidance.schema import Catalogue
from tests.guidance.answering import replay_to_the_end


def test_without_answers_the_first_question_is_next_and_nothing_is_certain(catalogue):
    situation = replay(catalogue, {})
    assert (situation.next, situation.path) == ("sectors", ("sectors",))
    assert situation.items == situation.notices == situation.blocks == ()
    assert set(situation.possible) == set(catalogue.items)


def test_a_question_whose_condition_fails_is_passed_over(catalogue):
    situation = replay(catalogue, {"sectors": [], "premises_type": "online_only", "has_licence": "have"})
    assert situation.next == "staff_count"
    assert "opening_services" not in situation.facts


def test_an_empty_choice_is_an_answer(catalogue):
    answers = {"sectors": [], "premises_type": "online_only", "has_licence": "none", "entity_type": "company"}
    situation = replay(catalogue, {**answers, "opening_services": []})
    assert situation.next == "staff_count"
    assert "seal-engraving" not in situation.possible


def test_an_answer_to_a_question_that_is_not_asked_is_dropped(catalogue):
    situation = replay(catalogue, {"sectors": ["care"], "food_kinds": ["hot"], "dine_in": True})
    assert situation.dropped == ("dine_in", "food_kinds")
    assert situation.answers == {"sectors": ["care"]}
    assert "food-operation" not in situation.items


def test_an_answer_given_ahead_counts_when_its_question_is_certainly_asked(catalogue):
    situation = replay(catalogue, {"sectors": ["food"], "food_kinds": ["hot"]})
    assert situation.next == "dine_in"
    assert situation.path == ("sectors", "food_kinds", "dine_in")
    assert situation.items == ("food-operation",)


def test_an_answer_given_ahead_waits_while_its_question_may_not_be_asked(catalogue):
    """food_kinds hangs on sectors, which is still open: neither used nor dropped."""
    situation = replay(catalogue, {"food_kinds": ["hot"]})
    assert situation.answers == {"food_kinds": ["hot"]}
    assert situation.dropped == ()
    assert situation.facts["food_kinds"] is UNKNOWN
    assert "food-operation" in situation.possible
    assert "food_kinds" not in situation.path


def test_at_the_end_nothing_is_possible_or_unknown(catalogue):
    situation = replay_to_the_end(catalogue, {"sectors": ["food"], "food_kinds": ["hot"]})
    assert (situation.next, situation.possible) == (None, ())
    assert UNKNOWN not in situation.facts.values()


def test_reasons_name_the_answers_through_derived_facts(catalogue):
    situation = replay(catalogue, {"store_form": "shop", "area": 300, "premises_type": "shop"})
    [reason] = situation.reasons["fire-safety-check"]
    assert reason.causes == ("store_form", "area")
    assert reason.because == "面积300平方米及以上的商店要办。"
    assert reason.basis.startswith("《消防法》第十五条")


def test_no_reason_is_told_that_hangs_on_a_question_not_asked(catalogue):
    """A bath house is never asked how its shop sells; so a large one is not told that it is a large shop."""
    situation = replay_to_the_end(catalogue, {"sectors": ["care"], "care_kinds": ["bath"], "area": 800})
    assert "store_form" not in situation.path
    assert "面积300平方米及以上的商店要办。" not in [one.because for one in situation.reasons["fire-safety-check"]]


def test_each_rule_that_holds_gives_its_own_reason(catalogue):
    situation = replay(catalogue, {"sectors": ["food"], "food_kinds": ["bulk", "hot"]})
    assert [reason.causes for reason in situation.reasons["food-operation"]] == [("food_kinds",), ("food_kinds",)]


def test_a_block_makes_its_items_unchoosable_but_still_needed(catalogue):
    answers = {"entity_type": "individual", "sectors": ["culture"], "culture_kinds": ["netcafe"]}
    situation = replay(catalogue, answers)
    assert situation.blocks == ("netcafe-entity",)
    assert situation.blocked_items == {"internet-cafe"}
    assert "internet-cafe" in situation.items
    assert "netcafe-entity" not in situation.notices


def test_a_block_without_items_blocks_every_item(documents):
    notice = {"code": "closed", "level": "block", "when": {"eq": ["has_licence", "none"]}, "text": "停办", "items": []}
    documents["questions"]["notices"].append(notice)
    catalogue = Catalogue.from_data(documents)
    assert replay(catalogue, {"has_licence": "none"}).blocked_items == set(catalogue.items)
    assert replay(catalogue, {"has_licence": "have"}).blocked_items == set()


def test_the_answers_given_are_left_alone(catalogue):
    answers = {"sectors": ["food"], "food_kinds": ["hot", "prepackaged"], "dine_in": True}
    before = {code: value if isinstance(value, bool) else list(value) for code, value in answers.items()}
    replay(catalogue, answers)
    assert answers == before


@pytest.mark.parametrize(
    ("code", "value", "kept"),
    [
        ("has_licence", "none", "none"),
        ("opening_services", ["tax", "seal"], ["seal", "tax"]),
        ("opening_services", [], []),
        ("staff_count", 3.0, 3),
        ("staff_count", 0, 0),
        ("area", 12.5, 12.5),
        ("area", 200000, 200000),
        ("dine_in", False, False),
    ],
)
def test_an_answer_is_kept_in_one_form(catalogue, code, value, kept):
    cleaned = clean_answer(catalogue.questions[code], value)
    assert cleaned == kept
    assert type(cleaned) is type(kept)


INVALID = [
    ("nothing_like_it", "x", "没有这个问题"),
    ("makes_food", True, "没有这个问题"),
    ("has_licence", "maybe", "没有“maybe”这个选项"),
    ("has_licence", None, "没有“None”这个选项"),
    ("has_licence", ["none"], "没有“"),
    ("has_licence", True, "没有“True”这个选项"),
    ("sectors", "food", "要用列表"),
    ("sectors", {"food": True}, "要用列表"),
    ("sectors", ["food", "fud"], "没有“fud”这个选项"),
    ("sectors", ["food", ["care"]], "没有“"),
    ("sectors", ["food", "food"], "选了两次"),
    ("area", True, "请填写数字"),
    ("area", "100", "请填写数字"),
    ("area", None, "请填写数字"),
    ("area", float("nan"), "请填写数字"),
    ("area", float("inf"), "请填写数字"),
    ("area", 10**400, "请填写数字，不能是“超长的数”"),
    ("area", 0.99, "不能小于1"),
    ("area", 200001, "不能大于200000"),
    ("area", -(10**30), "不能小于1"),
    ("staff_count", 1.5, "请填写整数"),
    ("dine_in", 1, "只能回答是或者否"),
    ("dine_in", "true", "只能回答是或者否"),
    ("has_licence", "\ud800", "没有“\\ud800”这个选项"),
    ("has_licence", "长" * 100, "没有“" + "长" * 40 + "…”"),
]


@pytest.mark.parametrize(("code", "value", "words"), INVALID)
def test_an_invalid_answer_names_its_question_and_what_is_wrong(catalogue, code, value, words):
    with pytest.raises(InvalidAnswer) as caught:
        replay(catalogue, {code: value})
    assert caught.value.question == code
    assert words in caught.value.message
    str(caught.value).encode()


def test_an_invalid_answer_is_refused_even_where_it_would_be_dropped(catalogue):
    with pytest.raises(InvalidAnswer):
        replay(catalogue, {"has_licence": "have", "opening_services": ["moon"]})
