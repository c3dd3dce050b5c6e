"""The service guide (办事指南) of an item."""

from guidance.guides import guide_of


def test_every_item_has_four_to_six_picture_steps_from_the_question_to_the_result(catalogue):
    for code in catalogue.items:
        steps = guide_of(catalogue, code).steps
        assert 4 <= len(steps) <= 6
        assert (steps[0].figure, steps[-1].figure) == ("ask", "result")


def test_somebody_comes_to_look_only_where_the_decision_waits_for_it(catalogue):
    for code, item in catalogue.items.items():
        looked = [step for step in guide_of(catalogue, code).steps if step.figure == "survey"]
        assert bool(looked) == (item.survey_timing == "before")


def test_the_result_says_that_somebody_comes_afterwards_only_where_one_does(catalogue):
    for code, item in catalogue.items.items():
        assert ("再到现场核查" in guide_of(catalogue, code).steps[-1].text) == (item.survey_timing == "after")


def test_the_decision_and_the_promise_say_how_long_they_take(catalogue):
    [decided] = [step.text for step in guide_of(catalogue, "food-operation").steps if step.figure == "decide"]
    assert decided == "经营场所所在县（市、区）的市场监督管理局在 6 个工作日内办好。"
    assert "先看清条件、作出承诺，当天办结。" in guide_of(catalogue, "drug-retail").promise


def test_conditions_stand_by_dimension_and_none_is_lost(catalogue):
    for code, item in catalogue.items.items():
        shown = [one for _, conditions in guide_of(catalogue, code).conditions for one in conditions]
        assert sorted(map(id, shown)) == sorted(map(id, item.conditions))


def test_a_paper_says_how_it_may_be_put_off_or_replaced(catalogue):
    for code, item in catalogue.items.items():
        for paper in guide_of(catalogue, code).papers:
            assert ("可以后补" in "".join(paper.notes)) == (item.deferrable and paper.material.deferrable)
            if paper.material.source == "commitment":
                assert "承诺代替" in "".join(paper.notes)


def test_what_may_not_be_promised_says_why(catalogue):
    assert "布局管控" in "".join(guide_of(catalogue, "tobacco-retail").promise)
    assert guide_of(catalogue, "fire-safety-check").promise[0] == "可以，由您选择。"


def test_the_common_questions_are_answered_from_the_catalogue(catalogue):
    answers = dict(guide_of(catalogue, "internet-cafe").questions)
    assert any("200米" in text for text in answers["什么情况办不了？"])
    for code in catalogue.items:
        assert all(answer and all(answer) for _, answer in guide_of(catalogue, code).questions)


def test_a_guide_names_every_item_that_comes_before_it(catalogue):
    earlier = guide_of(catalogue, "refined-oil").earlier
    assert [one.item.code for one in earlier] == [one.item for one in catalogue.items["refined-oil"].prerequisites]
