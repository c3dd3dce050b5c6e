"""What the portal knows is shown with where it comes from, and nothing of an enterprise nobody confirmed."""

import pytest

from licensing.plan import plan_for
from licensing.prefilling import ACCOUNT, EARLIER, LICENCE, PREMISES, held_licences, suggested_values
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
)
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun

pytestmark = pytest.mark.django_db


def suggested(draft, user=None):
    elements = plan_for(draft).catalogue.elements
    return suggested_values(draft, elements, held_licences(draft), user or draft.filer)


def test_a_confirmed_enterprise_is_known_from_its_licence_and_not_asked(catalogue):
    enterprise = EnterpriseFactory(register={"registered_capital": "50"})
    plan = plan_for(begun(catalogue, RESTAURANT, enterprise=enterprise))
    assert plan.known["entity_name"].value == enterprise.name
    assert plan.known["uscc"].source == LICENCE
    assert plan.known["legal_rep_name"].value == plan.values["legal_rep_name"] == "李四"
    assert not [wanted.code for wanted in plan.elements if plan.is_asked(wanted) and wanted.code in plan.known]


def test_what_the_licence_does_not_say_is_asked(catalogue):
    plan = plan_for(begun(catalogue, RESTAURANT, enterprise=EnterpriseFactory(legal_representative="")))
    assert "legal_rep_name" in {wanted.code for step in plan.form_steps for wanted in plan.asked(step)}


def test_the_premises_address_names_its_district_once(catalogue):
    draft = begun(catalogue, RESTAURANT)
    draft.premises.address = "阳江市江城区漠江路1号"
    assert plan_for(draft).values["premises_address"] == "阳江市江城区漠江路1号"
    draft.premises.address = "漠江路1号"
    assert plan_for(draft).values["premises_address"] == "江城区漠江路1号"


def test_an_unconfirmed_enterprise_prefills_nothing_but_the_persons_own_account(catalogue):
    enterprise = EnterpriseFactory(unverified=True)
    ApplicationFactory(submitted=True, enterprise=enterprise, values={"contact_phone": "13812345678"})
    draft = begun(catalogue, RESTAURANT, enterprise=enterprise)
    assert {one.source for one in suggested(draft).values()} == {ACCOUNT}


def test_a_founder_is_offered_the_premises_as_the_registered_address(catalogue):
    draft = begun(catalogue, FOUNDER)
    assert suggested(draft)["registered_address"].source == PREMISES
    assert "entity_name" not in plan_for(draft).values


def test_an_agents_name_is_offered_as_agent_and_an_owners_as_representative(catalogue):
    draft = begun(catalogue, FOUNDER)
    agent = UserFactory(name="阿明")
    MembershipFactory(user=agent, enterprise=draft.enterprise, role="agent")
    assert suggested(draft)["legal_rep_name"].value == "林小雨"
    assert suggested(draft, agent)["agent_name"].value == "阿明"


def test_an_earlier_filing_offers_what_belongs_to_the_person_anywhere_and_to_the_place_there_only(catalogue):
    draft = begun(catalogue, RESTAURANT)
    values = {"contact_phone": "13812345678", "premises_owner": "王五"}
    elsewhere = PremisesFactory(enterprise=draft.enterprise)
    ApplicationFactory(submitted=True, enterprise=draft.enterprise, premises=elsewhere, values=values)
    assert suggested(draft)["contact_phone"].source == EARLIER
    assert "premises_owner" not in suggested(draft)
    ApplicationFactory(submitted=True, enterprise=draft.enterprise, premises=draft.premises, values=values)
    assert suggested(draft)["premises_owner"].value == "王五"


def test_anothers_filing_offers_nothing(catalogue):
    ApplicationFactory(submitted=True, values={"contact_phone": "13812345678"})
    assert "contact_phone" not in suggested(begun(catalogue, RESTAURANT))


def test_a_held_licence_offers_its_face_and_names_itself(catalogue):
    draft = begun(catalogue, RESTAURANT)
    face = {"food_operator_type": "catering"}
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="tobacco-retail", face=face)
    assert suggested(draft)["food_operator_type"].source == "来自已持证照：食品经营许可证"


def test_an_entertainment_licence_gives_its_number_to_the_later_filing(catalogue):
    ktv = {
        "has_licence": "have",
        "sectors": ["culture"],
        "culture_kinds": ["ktv"],
        "store_form": "service",
        "school_distance": 900,
    }
    draft = begun(catalogue, ktv)
    LicenceFactory(
        holder=draft.enterprise, premises=draft.premises, item_code="entertainment-venue", number="440017000001"
    )
    assert plan_for(draft).values.get("entertainment_permit_no") == "440017000001"
