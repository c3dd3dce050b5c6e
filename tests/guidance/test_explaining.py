"""Why, why not and what would drop it, by the real catalogue; and the sentences a person reads."""

import pytest

from guidance.engine import replay
from guidance.explaining import sentences
from guidance.explaining.spans import Span
from guidance.explaining.whys import Explainer
from guidance.schema import Catalogue, Option
from guidance.schema.questions import Question
from tests.guidance.answering import NEUTRAL

RESTAURANT = {
    "store_form": "eatery",
    "area": 350,
    "sectors": ["food"],
    "food_kinds": ["hot", "cold"],
    "dine_in": True,
    "canteen": False,
    "outdoor_sign": ["own_sign"],
    "sign_area": 12,
    "wastewater": "sewer",
}


@pytest.fixture
def explain(catalogue):
    """The Explainer of a business that answers this, and to whatever else is asked something neutral."""

    def explainer(answers):
        everything, situation = {**NEUTRAL, **answers}, replay(catalogue, {})
        while situation.next:
            situation = replay(catalogue, {**situation.answers, situation.next: everything[situation.next]})
        return Explainer(catalogue, situation)

    return explainer


def test_a_smaller_area_drops_the_fire_check_and_nothing_else(explain):
    drop = explain(RESTAURANT).drop_by("fire-safety-check")
    assert drop.text == "如果经营面积不到 300 平方米，就不用办。"
    assert drop.answers == {"area": 299}
    assert (drop.effect.lost, drop.effect.gained, drop.effect.asks_more) == ((), (), False)


def test_what_is_equally_small_comes_after_the_best(explain):
    texts = [drop.text for drop in explain(RESTAURANT).drops("fire-safety-check")]
    assert texts[1] == "如果顾客不会坐在店里吃，就不用办。"
    assert any("顾客看到的样子" in text for text in texts)


def test_a_change_that_drops_more_says_so(explain):
    shop = {"store_form": "shop", "area": 300, "sectors": ["goods"], "goods_kinds": ["general"]}
    drop = explain(shop).drop_by("fire-safety-check")
    assert drop.text == "如果经营面积不到 300 平方米，就不用办。"
    assert drop.effect.lost == ("public-place-hygiene",)


def test_two_answers_are_changed_where_one_does_not_do(explain, catalogue):
    """With hot food and a canteen each is enough for the permit."""
    answers = RESTAURANT | {"sectors": ["food", "edu"], "edu_kinds": ["after_school"], "canteen": True}
    drop = explain(answers | {"food_kinds": ["hot"]}).drop_by("food-operation")
    assert set(drop.answers) in ({"food_kinds", "canteen"}, {"sectors", "canteen"})


def test_where_two_answers_do_not_do_nothing_is_offered(documents):
    codes = ("dine_in", "online_sale", "prepaid_card")
    for code in codes:
        question = next(one for one in documents["questions"]["questions"] if one["code"] == code)
        question["ask_when"] = None
    when = {"any": [{"eq": [code, True]} for code in codes]}
    rule = {"item": "drainage", "when": when, "because": "试。", "basis": "本市规定（示例）"}
    documents["questions"]["rules"].append(rule)
    catalogue = Catalogue.from_data(documents)
    situation = replay(catalogue, dict.fromkeys(codes, True))
    assert "drainage" in situation.items
    assert Explainer(catalogue, situation).drop_by("drainage") is None


def test_a_change_that_opens_questions_says_so(explain):
    """Without the hospital its canteen is a question again only where fifty people work."""
    hospital = {"store_form": "service", "sectors": ["medical"], "medical_kinds": ["hospital"], "canteen": True}
    drop = explain(hospital).drop_by("medical-institution")
    assert drop.text == "如果不是“医院”，就不用办。"
    assert drop.effect.asks_more
    assert "food-operation" in drop.effect.possible


def test_a_theme_s_answer_counts_like_any_other(catalogue):
    situation = replay(catalogue, catalogue.themes["restaurant"].seed_answers)
    assert "food-operation" in situation.items
    drop = Explainer(catalogue, situation).drop_by("food-operation")
    after = replay(catalogue, {**situation.answers, **drop.answers})
    assert "food-operation" not in (*after.items, *after.possible)


def test_what_would_make_another_item_needed_names_what_is_not_asked_yet(explain):
    [need] = explain(RESTAURANT).why_not("tobacco-retail")
    assert need.text.endswith("，并且卖“香烟、雪茄”或者“电子烟”，就要办。")
    assert [question.code for question in need.further] == ["goods_kinds"]
    assert need.rule.basis.startswith("《烟草专卖法》")


def test_each_rule_of_an_item_is_explained_the_nearest_first(explain):
    needs = explain(RESTAURANT | {"area": 100}).why_not("fire-safety-check")
    assert needs[0].text == "如果经营面积不少于 300 平方米，就要办。"
    assert len(needs) == 7
    assert [len(need.steps) for need in needs] == sorted(len(need.steps) for need in needs)


def test_near_are_the_items_that_one_other_answer_makes_necessary(explain, catalogue):
    explainer = explain(RESTAURANT | {"area": 100, "wastewater": "none"})
    near = explainer.near()
    assert {"fire-safety-check", "drainage", "food-workshop"} <= near.keys()
    assert "tobacco-retail" not in near
    others = set(catalogue.items) - near.keys() - {"food-operation", "outdoor-ad"}
    assert not [code for code in others if any(len(need.steps) == 1 for need in explainer.why_not(code))]


@pytest.mark.parametrize(
    ("code", "span", "text"),
    [
        ("area", Span(high=300), "经营面积不到 300 平方米"),
        ("staff_count", Span(high=50), "除老板本人外，打算雇少于 50 人"),
        ("area", Span(low=300), "经营面积不少于 300 平方米"),
        ("area", Span(high=800, high_included=True), "经营面积不超过 800 平方米"),
        ("truck_mass", Span(low=4500, low_included=False), "最大的一辆货车总质量超过 4500 千克"),
        ("school_distance", Span(50, True, 100), "门口离最近的中小学、幼儿园大门不少于 50 米、不到 100 米"),
        ("room_count", Span(high=15), "一共不到 15 间客房"),
        ("staff_count", Span(high=1), "除老板本人外，打算雇 0 人"),
        ("area", Span(800, True, 800, True), "经营面积正好 800 平方米"),
    ],
)
def test_a_number_stands_in_the_question_s_own_words(catalogue, code, span, text):
    assert sentences.answered(catalogue.questions[code], span) == text


@pytest.mark.parametrize(
    ("code", "instead", "text"),
    [
        ("dine_in", (False,), "顾客不会坐在店里吃"),
        ("canteen", (False,), "“里面设食堂给在里面的人供餐吗？”答“否”"),
        ("lodging_type", ("long_rent",), "住宿是“长租公寓”"),
        ("store_form", ("shop",), "顾客看到的样子更像“商店”"),
        ("store_form", ("eatery", "service", "office"), "顾客看到的样子更像“吃喝店”、“服务场所”或者“办公室”"),
        ("wastewater", ("none",), "“经营中会产生哪种污水？”答的是“没有污水，或只有生活污水”"),
        ("premises_type", ("shop", "office", "residential", "industrial"),
         "“您的经营地点是哪一种？”答的不是“农村自建房或村里的场地”或者“没有实体场所，只在网上经营”"),
        ("goods_kinds", ((("tobacco",), ()), (("ecig",), ())), "卖“香烟、雪茄”或者“电子烟”"),
        ("food_kinds", (((), ("hot", "cold")),), "不卖“热食或加热后卖”和“凉菜、生食海鲜、寿司、冷切水果拼盘”"),
        ("food_kinds", ((("bulk",), ("hot",)),), "卖“散装食品”，不卖“热食或加热后卖”"),
        ("lodging_extras", (((), ("pool",)),), "没有“游泳池”"),
        ("outdoor_sign", (((), ("banner",)),), "“门外会装招牌、广告或挂横幅吗？”不选“在墙上或街边挂横幅、贴宣传品”"),
        ("outdoor_sign", (((), ()),), "“门外会装招牌、广告或挂横幅吗？”什么都不选"),
    ],
)  # fmt: skip
def test_a_choice_is_said_by_its_verb_or_its_question(catalogue, code, instead, text):
    assert sentences.answered(catalogue.questions[code], instead) == text


def test_labels_that_differ_only_in_their_examples_keep_them():
    options = (Option("a", "诊所（全科）"), Option("b", "诊所（口腔）"))
    question = Question(code="q", group="g", text="是哪一种？", type="multi", options=options)
    assert sentences.answered(question, ((("a",), ()),)) == "是“诊所（全科）”"


@pytest.mark.parametrize(
    ("span", "number", "nearest"),
    [
        (Span(high=300), 350, 299),
        (Span(low=300), 100, 300),
        (Span(low=4500, low_included=False), 3000, 4501),
        (Span(high=800, high_included=True), 900, 800),
        (Span(50, True, 100), 30, 50),
        (Span(50, True, 100), 200, 99),
        (Span(high=1.5), 2, 1.25),
        (Span(low=50), None, 50),
    ],
)
def test_the_nearest_number_of_a_span_is_a_round_one_where_there_is(span, number, nearest):
    question = Question(code="q", group="g", text="多少？", type="number", validation={"min": 1, "max": 200000})
    assert span.nearest(question, number) == nearest
    assert span.holds(nearest)


def test_spans_that_touch_are_said_as_one():
    below, at, above = Span(high=300), Span(300, True, 300, True), Span(500, False)
    assert below.joined([at, above, below]) == Span(high=300, high_included=True)
