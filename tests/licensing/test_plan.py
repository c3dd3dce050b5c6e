"""What is filed follows from answers, held licences, block notices and the applicant's choice; changes are told."""

import pytest

from guidance.schema import Catalogue
from licensing import drafts
from licensing.changes import changes
from licensing.plan import make_plan, plan_for
from licensing.prefilling import Prefilled
from tests.factories import EnterpriseFactory, LicenceFactory, PremisesFactory
from tests.guidance.answering import replay_to_the_end
from tests.guidance.conftest import DOCUMENTS
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun

CATALOGUE = Catalogue.from_data(DOCUMENTS)
NETCAFE = {"sectors": ["culture"], "culture_kinds": ["netcafe"], "store_form": "service"}


def plan_of(answers, values=None, **options):
    return make_plan(CATALOGUE, replay_to_the_end(CATALOGUE, answers).answers, values or {}, **options)


def test_needed_items_are_chosen_held_blocked_or_declined_and_nothing_else():
    plan = plan_of(RESTAURANT, declined=["drainage", "tobacco-retail"], licences={"outdoor-ad"})
    assert plan.required == ("food-operation", "outdoor-ad", "drainage")
    assert (plan.held, plan.declined, plan.chosen) == (("outdoor-ad",), ("drainage",), ("food-operation",))


def test_a_block_notice_forbids_its_items_even_when_they_were_not_declined():
    plan = plan_of(NETCAFE | {"entity_type": "company", "school_distance": 150})
    assert plan.blocked == ("internet-cafe",)
    assert "internet-cafe" not in plan.chosen


def test_a_block_notice_without_items_forbids_all():
    notice = next(one for one in CATALOGUE.notices.values() if one.level == "block")
    everywhere = {**DOCUMENTS, "questions": {**DOCUMENTS["questions"]}}
    everywhere["questions"]["notices"] = [
        {"code": "flood", "level": "block", "text": "汛期停办。", "when": {"eq": ["has_licence", "have"]}, "items": []}
    ]
    catalogue = Catalogue.from_data(everywhere)
    plan = make_plan(catalogue, replay_to_the_end(catalogue, RESTAURANT).answers, {})
    assert notice
    assert plan.blocked == plan.required != ()
    assert plan.chosen == plan.elements == ()


def test_the_same_case_has_the_same_fingerprint_and_any_difference_another():
    same = plan_of(RESTAURANT).fingerprint
    assert plan_of(RESTAURANT).fingerprint == same
    assert plan_of(RESTAURANT | {"area": 181}).fingerprint == same
    others = [
        plan_of(RESTAURANT, declined=["drainage"]),
        plan_of(RESTAURANT | {"food_kinds": ["hot", "cold"]}),
        plan_of(RESTAURANT | {"prepaid_card": True, "canteen": False, "staff_count": 60}),
    ]
    assert len({same, *(other.fingerprint for other in others)}) == 4


def test_changes_are_told_in_words_with_their_reasons():
    before = plan_of(RESTAURANT | {"area": 180}).as_agreed()
    change = changes(before, plan_of(RESTAURANT | {"area": 300}))
    assert change.items_added == (
        "公众聚集场所投入使用、营业前消防安全检查：面积300平方米及以上、有堂食的餐饮店要办。",
    )
    assert "建设工程消防验收或备案文件" in change.materials_added
    assert "安全出口数量" in change.elements_added
    assert not change.items_removed
    back = changes(plan_of(RESTAURANT | {"area": 300}).as_agreed(), plan_of(RESTAURANT))
    assert back.items_removed == ("公众聚集场所投入使用、营业前消防安全检查：按现在的情况不需要办。",)


def test_an_item_gone_because_it_is_held_declined_or_blocked_says_so():
    before = plan_of(RESTAURANT).as_agreed()
    held = changes(before, plan_of(RESTAURANT, licences={"drainage"}))
    declined = changes(before, plan_of(RESTAURANT, declined=["drainage"]))
    assert held.items_removed == ("污水排入排水管网许可：已经持有有效证照，不用再办。",)
    assert declined.items_removed == ("污水排入排水管网许可：您选择另行办理。",)


def test_dropped_answers_and_new_questions_are_told():
    before = plan_of(RESTAURANT).as_agreed()
    without_food = {code: value for code, value in RESTAURANT.items() if code not in ("food_kinds", "dine_in")}
    change = changes(before, plan_of(without_food | {"sectors": []}))
    assert "顾客会坐在店里吃吗？" in change.answers_dropped
    assert changes(plan_of(without_food | {"sectors": []}).as_agreed(), plan_of(RESTAURANT)).questions_added


def test_nothing_changed_is_told_as_nothing():
    assert not changes(plan_of(RESTAURANT).as_agreed(), plan_of(RESTAURANT))


def test_what_is_computed_is_worked_out_and_never_asked():
    freight = {"sectors": ["auto"], "auto_kinds": ["freight"], "truck_mass": 6000, "store_form": "office"}
    vehicles = [{"kind": "货车", "mass": "4500.5", "owned": True}, {"kind": "货车", "mass": "12000", "owned": True}]
    plan = plan_of(freight, {"vehicles": vehicles, "vehicle_count": 99})
    assert (plan.values["vehicle_count"], plan.values["max_vehicle_mass"]) == (2, "12000")
    assert not [wanted.code for wanted in plan.elements if wanted.element.computed and plan.is_asked(wanted)]
    assert "vehicle_count" not in plan_of(freight).values


@pytest.mark.django_db
class TestOnceTheApplicantIsKnown:
    def test_an_existing_enterprise_settles_licence_and_type(self, catalogue):
        draft = begun(catalogue, FOUNDER, enterprise=EnterpriseFactory(entity_type="coop"))
        plan = plan_for(draft)
        assert (plan.situation.answers["has_licence"], plan.situation.answers["entity_type"]) == ("have", "coop")
        assert "business-registration" not in plan.required
        assert plan.values["entity_type"] == "coop"
        assert plan.sealed == {"has_licence", "entity_type"}

    def test_a_founder_needs_the_registration_whatever_was_answered(self, catalogue):
        draft = begun(catalogue, RESTAURANT, enterprise=EnterpriseFactory(founder=True))
        assert plan_for(draft).situation.next == "opening_services"
        assert "business-registration" in drafts.answer(draft, "opening_services", []).chosen

    def test_an_unconfirmed_enterprise_tells_nothing_but_that_it_has_a_licence(self, catalogue):
        draft = begun(catalogue, RESTAURANT | {"entity_type": "coop"}, enterprise=EnterpriseFactory(unverified=True))
        plan = plan_for(draft)
        assert plan.situation.answers["entity_type"] == "coop"
        assert set(plan.known) == {"premises_address"}

    def test_a_licence_held_for_shop_a_does_not_satisfy_shop_b(self, catalogue):
        draft = begun(catalogue, RESTAURANT)
        elsewhere = PremisesFactory(enterprise=draft.enterprise)
        LicenceFactory(holder=draft.enterprise, premises=elsewhere, item_code="food-operation")
        assert "food-operation" in plan_for(draft).chosen
        LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="food-operation")
        assert plan_for(draft).held == ("food-operation",)

    def test_a_licence_of_the_whole_enterprise_satisfies_every_shop_while_it_is_valid(self, catalogue):
        draft = begun(catalogue, RESTAURANT)
        licence = LicenceFactory(holder=draft.enterprise, premises=None, item_code="drainage")
        assert plan_for(draft).held == ("drainage",)
        licence.status = "revoked"
        licence.save()
        assert plan_for(draft).held == ()

    def test_anothers_licence_satisfies_nobody_else(self, catalogue):
        LicenceFactory(item_code="food-operation", premises=None)
        assert "food-operation" in plan_for(begun(catalogue, RESTAURANT)).chosen

    def test_the_queries_of_a_plan_do_not_grow_with_items_or_licences(self, catalogue, django_assert_num_queries):
        draft = begun(catalogue, RESTAURANT)
        for code in ("food-operation", "drainage", "tobacco-retail"):
            LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code=code)
        with django_assert_num_queries(1):
            plan_for(draft)


def test_a_dispute_moves_no_paper_that_hangs_on_what_a_licence_says():
    known = {"hvac_central": Prefilled(True, "来自已持证照", official=True)}
    said = {"hvac_central": {"value": False, "reason": "拆了", "was": True}}
    hotel = {"has_licence": "have", "sectors": ["lodging"], "lodging_type": "hotel", "room_count": 40}
    plan = plan_of(hotel, known=known, disputes=said)
    assert plan.values["hvac_central"] is False
    assert "mat-hvac-test" in [one.code for one in plan.materials]
