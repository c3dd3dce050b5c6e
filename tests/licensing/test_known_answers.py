"""What the register, licences and earlier filings tell is not asked; it is shown with its source, free to change."""

import pytest
from django.urls import reverse

from guidance import answering, releases
from guidance.models import GuidanceSession, Source
from licensing import drafts, separating
from licensing.known_answers import known_answers
from licensing.models import Application, Enterprise, Membership
from licensing.plan import plan_for
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
)
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT, begun

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(catalogue):
    return PremisesFactory()


def filed_before(shop, **content):
    return ApplicationFactory(enterprise=shop.enterprise, premises=shop, submitted=True, **content)


def known(shop, catalogue):
    return known_answers(shop.enterprise, shop, catalogue)


def test_the_register_answers_what_it_knows(shop, catalogue):
    assert known(shop, catalogue) == {
        "has_licence": ("have", Source.REGISTER),
        "entity_type": ("company", Source.REGISTER),
    }


def test_nothing_but_its_licence_is_known_of_an_enterprise_that_nobody_confirmed(catalogue):
    shop = PremisesFactory(enterprise=EnterpriseFactory(unverified=True))
    filed_before(shop, answers={"area": 80})
    assert known(shop, catalogue) == {"has_licence": ("have", Source.REGISTER)}


def test_what_was_answered_or_typed_for_the_same_shop_is_known(shop, catalogue):
    filed_before(shop, answers={"staff_count": 3, "has_licence": "none"}, values={"premises_area": "80.50"})
    told = known(shop, catalogue)
    assert told["staff_count"] == (3, Source.EARLIER)
    assert told["area"] == (80.5, Source.EARLIER)
    assert told["has_licence"] == ("have", Source.REGISTER)


def test_what_was_filed_for_another_shop_or_never_submitted_is_not_known(shop, catalogue):
    other = PremisesFactory(enterprise=shop.enterprise)
    filed_before(other, answers={"area": 80})
    ApplicationFactory(enterprise=shop.enterprise, premises=shop, answers={"area": 90})
    assert "area" not in known(shop, catalogue)


def test_a_licence_of_the_shop_is_surer_than_an_earlier_filing(shop, catalogue):
    filed_before(shop, answers={"area": 80})
    LicenceFactory(holder=shop.enterprise, premises=shop, face={"premises_area": "95"})
    assert known(shop, catalogue)["area"] == (95, Source.LICENCE)


def test_three_queries_tell_it_however_many_licences_and_filings_there_are(
    shop, catalogue, django_assert_max_num_queries
):
    for _ in range(3):
        filed_before(shop, answers={"area": 80})
        LicenceFactory(holder=shop.enterprise, premises=shop)
    enterprise = Enterprise.objects.get(pk=shop.enterprise_id)
    premises = enterprise.premises.get(pk=shop.pk)
    with django_assert_max_num_queries(3):
        known_answers(enterprise, premises, catalogue)


def test_what_todays_questions_do_not_allow_is_asked_again(shop, catalogue):
    filed_before(shop, answers={"area": -1, "store_form": "castle", "no-such-question": 1, "staff_count": 4})
    LicenceFactory(holder=shop.enterprise, premises=shop, face={"building_floors_total": ["x"]})
    assert known(shop, catalogue).keys() == {"has_licence", "entity_type", "staff_count"}


def test_the_register_wins_over_the_theme_and_the_theme_over_an_earlier_filing(shop, catalogue):
    theme = catalogue.themes["convenience-store"]
    told = {"sectors": (["culture"], Source.EARLIER), "premises_type": ("market", Source.PREMISES)}
    session = answering.begin(releases.current(), theme, told)
    assert session.answers["sectors"] == theme.seed_answers["sectors"]
    assert session.sources["sectors"] == Source.THEME
    assert session.answers["premises_type"] == "market"
    assert session.sources["premises_type"] == Source.PREMISES


@pytest.fixture
def owner(shop):
    return MembershipFactory(enterprise=shop.enterprise).user


@pytest.fixture
def person(client, owner):
    client.force_login(owner)
    return client


def begin(person, shop, **choices):
    person.post(reverse("licensing:guide"), {"at": str(shop.public_id)} | choices)
    return GuidanceSession.objects.latest("pk")


def test_the_summary_names_each_source_and_a_change_clears_it(person, shop, catalogue):
    filed_before(shop, answers=replay_to_the_end(catalogue, RESTAURANT).answers)
    session = begin(person, shop)
    page = person.get(reverse("guidance:summary", args=[session.public_id])).content.decode()
    assert Source.REGISTER.label in page
    assert Source.EARLIER.label in page
    person.post(reverse("guidance:question", args=[session.public_id, "area"]), {"answer": "60"})
    session.refresh_from_db()
    assert session.answers["area"] == 60
    assert "area" not in session.sources


def test_the_session_holds_no_name_code_or_address(person, shop):
    session = begin(person, shop, theme="restaurant")
    kept = str([getattr(session, field.attname) for field in GuidanceSession._meta.fields])
    for secret in (shop.enterprise.name, shop.enterprise.uscc, shop.address, str(shop.public_id)):
        assert secret not in kept


def test_who_began_for_a_shop_is_not_asked_again_who_and_where(person, shop):
    filed_before(shop, answers=RESTAURANT)
    session = begin(person, shop)
    person.get(f"{reverse('licensing:start')}?guide={session.public_id}")
    draft = Application.objects.get(guidance=session)
    assert (draft.enterprise, draft.premises) == (shop.enterprise, shop)


def test_who_acts_no_more_for_the_shop_is_asked_who_applies(person, owner, shop):
    session = begin(person, shop)
    Membership.objects.filter(user=owner).delete()
    person.get(f"{reverse('licensing:start')}?guide={session.public_id}")
    assert Application.objects.get(guidance=session).enterprise is None


def test_only_shops_that_the_person_acts_for_are_offered(person, owner, shop):
    elsewhere, agent = PremisesFactory(), MembershipFactory(user=owner, role="agent", premises=None)
    own, other = PremisesFactory(enterprise=agent.enterprise), PremisesFactory(enterprise=agent.enterprise)
    Membership.objects.filter(pk=agent.pk).update(premises=own)
    page = person.get(reverse("licensing:guide"))
    assert page.context["form"].places.keys() == {str(shop.public_id), str(own.public_id)}
    for stranger in (elsewhere, other):
        answer = person.post(reverse("licensing:guide"), {"at": str(stranger.public_id)})
        assert "请从列出的选项里选一项" in answer.content.decode()
    assert not GuidanceSession.objects.exists()


def test_choosing_costs_no_more_queries_with_more_shops(
    person, owner, shop, django_assert_num_queries, django_assert_max_num_queries
):
    person.get(reverse("licensing:guide"))
    with django_assert_max_num_queries(12) as few:
        person.get(reverse("licensing:guide"))
    for _ in range(3):
        PremisesFactory(enterprise=MembershipFactory(user=owner).enterprise)
    with django_assert_num_queries(len(few)):
        person.get(reverse("licensing:guide"))


def test_who_has_no_shop_is_shown_the_way(client, catalogue):
    client.force_login(UserFactory())
    page = client.get(reverse("licensing:guide")).content.decode()
    assert "还没有您可以代表的经营场所" in page


class TestInADraft:
    """A question of the draft is not asked where the form or an earlier source knows the answer."""

    def test_what_the_form_says_is_not_asked_when_it_begins_to_matter(self, catalogue):
        draft = begun(catalogue, RESTAURANT)
        plan = drafts.fill(draft, plan_for(draft), {"staff_count": 7})
        assert "staff_count" not in plan.situation.answers
        plan = drafts.fill(draft, plan, {"food_items": ["prepackaged"]})
        assert plan.situation.answers["staff_count"] == 7
        assert plan.told == {"staff_count"}

    def test_what_the_form_says_is_asked_where_no_answer_can_say_it(self, catalogue):
        draft = begun(catalogue, RESTAURANT)
        draft.values |= {"staff_count": "many"}
        plan = drafts.fill(draft, plan_for(draft), {"food_items": ["prepackaged"]})
        assert plan.situation.next == "staff_count"

    @pytest.fixture
    def single(self, catalogue, shop, owner):
        """The owner files one item alone, for a shop filed for before; where, is not said yet."""
        filed_before(shop, answers=replay_to_the_end(catalogue, RESTAURANT).answers)
        return drafts.apply_for(separating.begin("food-operation", owner), shop.enterprise)

    def test_what_was_filed_for_the_shop_is_not_asked_and_shown_with_its_source(self, single, person, shop):
        assert plan_for(single).situation.next
        drafts.settle_at(single, shop)
        page = person.get(reverse("licensing:plan", args=[single.public_id])).content.decode()
        assert Source.EARLIER.label in page
        assert Source.REGISTER.label in page

    def test_a_changed_answer_is_the_persons_own(self, single, person, shop):
        single = drafts.settle_at(single, shop)
        plan = drafts.answer(single, "food_kinds", ["hot", "cold"])
        assert plan.situation.answers["food_kinds"] == ["hot", "cold"]
        single.refresh_from_db()
        assert "food_kinds" not in single.wizard["known"]

    def test_what_is_known_of_one_shop_is_not_said_of_another(self, single, shop):
        single = drafts.settle_at(single, shop)
        drafts.agree(single, plan_for(single))
        single = drafts.settle_at(single, PremisesFactory(enterprise=shop.enterprise))
        assert plan_for(single).situation.next
        assert "food_kinds" not in single.answers
