"""The one-time notice (一次性告知书) as a value: conditions to check, papers, promises, what may wait, the order."""

import pytest

from guidance.asking import asked, drawn
from guidance.engine import replay
from guidance.notice import notice_of
from guidance.notice.paper_list import Later
from guidance.notice.self_check import Verdict
from guidance.recommendation import recommend
from guidance.schema import Catalogue
from tests.guidance.answering import replay_to_the_end

BEAUTY = {"store_form": "service", "sectors": ["care"], "care_kinds": ["hair"], "area": 350}
PHARMACY = {"store_form": "shop", "sectors": ["goods"], "goods_kinds": ["drugs"], "drug_level": "rx", "area": 30}
EATERY = {
    "store_form": "eatery",
    "sectors": ["food"],
    "food_kinds": ["hot"],
    "area": 180,
    "wastewater": "sewer",
    "outdoor_sign": ["own_sign"],
    "sign_area": 12,
}
FUEL = {"store_form": "service", "sectors": ["auto"], "auto_kinds": ["fuel"], "fuel_kinds": ["gasoline"]}
HOTEL = {"store_form": "service", "sectors": ["lodging"], "lodging_type": "hotel", "room_count": 20}
FIRE_CHECK = "公众聚集场所投入使用、营业前消防安全检查"


def noticed(catalogue, answers, declined=()):
    return notice_of(catalogue, replay_to_the_end(catalogue, answers), declined)


def lines_of(notice):
    return {line.text: line for _, lines in notice.checks for line in lines}


def papers_of(notice):
    return {paper.name: paper for paper in notice.papers}


def entry(documents, code):
    return next(item for item in documents["items"]["items"] if item["code"] == code)


def test_conditions_stand_by_what_they_are_about_in_one_order(catalogue):
    notice = noticed(catalogue, EATERY)
    assert [dimension for dimension, _ in notice.checks] == ["场所", "设备", "人员", "管理制度"]


def test_a_condition_that_does_not_apply_is_left_out(catalogue):
    special_room = "做凉菜、生食的设专间或专用操作区"
    assert special_room not in lines_of(noticed(catalogue, EATERY))
    assert special_room in lines_of(noticed(catalogue, EATERY | {"food_kinds": ["hot", "cold"]}))


@pytest.mark.parametrize(("area", "verdict"), [(30, Verdict.UNMET), (40, Verdict.MET), (350, Verdict.MET)])
def test_what_an_answer_tells_is_judged_with_the_answer(catalogue, area, verdict):
    line = lines_of(noticed(catalogue, PHARMACY | {"area": area}))["营业面积不少于40平方米"]
    assert line.verdict == verdict
    assert line.measure == "经营面积不少于 40 平方米"
    assert line.answer == f"{area} 平方米"


def test_what_no_answer_tells_is_for_the_person_to_check(catalogue):
    line = lines_of(noticed(catalogue, EATERY))["底部离人行道地面2.5米以上"]
    assert (line.verdict, line.measure, line.answer) == (Verdict.OPEN, "底部离地高度不少于 2.5 米", "")


def test_the_same_condition_of_two_items_is_one_line(documents):
    condition = {"dimension": "场所", "text": "门前干净", "basis": "policy"}
    for code in ("food-operation", "drainage"):
        entry(documents, code)["conditions"].append(condition)
    notice = noticed(Catalogue.from_data(documents), EATERY)
    assert lines_of(notice)["门前干净"].items == ("食品经营许可", "污水排入排水管网许可")
    assert sum(line.text == "门前干净" for _, lines in notice.checks for line in lines) == 1


def test_each_paper_stands_once_with_who_provides_it_what_is_handed_in_first(catalogue):
    notice = noticed(catalogue, EATERY)
    providers = [paper.provider for paper in notice.papers]
    assert providers == sorted(providers, key=lambda one: one != "您提交")
    assert papers_of(notice)["营业执照"].provider == "部门共享核验"
    assert papers_of(notice)["厨房设备设施清单"].provider == "系统生成"
    assert papers_of(notice)["经营场所使用证明（产权证或租赁合同）"].numbers == (1, 2, 3)


def test_the_licence_founded_in_the_same_go_comes_by_itself(catalogue):
    founder = EATERY | {"has_licence": "none", "entity_type": "individual"}
    paper = papers_of(noticed(catalogue, founder))["营业执照"]
    assert (paper.provider, paper.remarks) == ("随结果自动获取", ["“经营主体设立登记”办好后自动取得。"])
    elsewhere = papers_of(noticed(catalogue, founder, ["business-registration"]))["营业执照"]
    assert (elsewhere.provider, elsewhere.remarks) == ("您提交", ["这次没有选“经营主体设立登记”，办好后请提交。"])


def test_the_promise_stands_for_a_paper_and_changes_the_limit(catalogue):
    notice = noticed(catalogue, BEAUTY)
    hygiene = next(one for one in notice.items if one.item.code == "public-place-hygiene")
    assert (hygiene.promise.limit, hygiene.promise.check) == ("1 个工作日", "办好后 2 个月内核查")
    report = papers_of(notice)["公共场所卫生检测或评价报告"]
    assert report.promised == report.items == (hygiene.item.name,)
    assert papers_of(notice)["公共场所卫生许可告知承诺书"].pledge


def test_a_promise_under_a_condition_is_offered_only_where_it_holds(catalogue):
    for level, offered in (("rx", False), ("otc_b", True)):
        notice = noticed(catalogue, PHARMACY | {"drug_level": level})
        (drugs,) = [one for one in notice.items if one.item.code == "drug-retail"]
        assert bool(drugs.promise) is offered
        assert bool(drugs.no_promise) is not offered
        assert bool(papers_of(notice)["药师或其他药学技术人员资格证明"].promised) is offered


def test_a_paper_under_a_value_of_the_form_says_which(catalogue):
    paper = papers_of(noticed(catalogue, BEAUTY))["集中空调通风系统卫生检测或评价报告"]
    assert paper.only_if == "“是否使用集中空调通风系统”填“是”"


def test_a_paper_may_come_later_only_if_all_items_let_it_and_until_the_strictest_limit(documents):
    notice = noticed(Catalogue.from_data(documents), EATERY)
    name = "经营场所使用证明（产权证或租赁合同）"
    assert papers_of(notice)[name].later == Later(7, "在期限内登录平台上传")
    assert all(name in one.later for one in notice.items)
    entry(documents, "drainage")["deferrable"] = False
    assert papers_of(noticed(Catalogue.from_data(documents), EATERY))[name].later is None


def test_what_must_be_granted_before_it_is_received_stands_in_an_earlier_round(catalogue):
    first, second = noticed(catalogue, FUEL).rounds
    assert [turn.item.code for turn in first] == ["hazchem"]
    assert second[0].received_after == (first[0].item.name,)


def test_what_only_waits_for_the_grant_runs_side_by_side(catalogue):
    (turns,) = noticed(catalogue, HOTEL).rounds
    (hotel,) = [turn for turn in turns if turn.item.code == "hotel-special-trade"]
    assert hotel.granted_after == (FIRE_CHECK,)
    assert not hotel.received_after


def test_what_is_to_be_done_elsewhere_first_is_said(catalogue):
    (turns,) = noticed(catalogue, HOTEL, ["fire-safety-check"]).rounds
    (hotel,) = [turn for turn in turns if turn.item.code == "hotel-special-trade"]
    assert (hotel.granted_after, hotel.elsewhere) == ((), (FIRE_CHECK,))


def test_a_result_that_must_be_there_first_is_a_paper_to_bring_where_it_is_left_out(catalogue):
    founder = {"has_licence": "none", "opening_services": ["seal", "bank"]}
    assert "“印章刻制”的办理结果" not in papers_of(noticed(catalogue, founder))
    paper = papers_of(noticed(catalogue, founder, declined=["seal-engraving"]))["“印章刻制”的办理结果"]
    assert (paper.handed_in, paper.numbers) == (True, (2,))
    assert paper.remarks == ["这次没有选“印章刻制”，办好后请提交。"]


def test_it_asks_for_as_many_papers_as_the_result_counts(catalogue):
    for business in drawn(catalogue, 40):
        situation = replay(catalogue, {code: business[code] for code in asked(catalogue, business)})
        declined = situation.items[::3]
        told = notice_of(catalogue, situation, declined)
        assert len(told.asked_for) == recommend(catalogue, situation, declined).handed_in_count


def test_what_is_left_out_is_named_and_asks_for_nothing_here(catalogue):
    notice = noticed(catalogue, EATERY, ["drainage"])
    assert [item.code for item in notice.declined] == ["drainage"]
    assert "drainage" not in {one.item.code for one in notice.items}
    assert not any("污水排入排水管网许可" in paper.items for paper in notice.papers)
