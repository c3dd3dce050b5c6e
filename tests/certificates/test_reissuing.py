"""延续 and 变更 (Licensing Law arts. 49, 50): who may begin one, of which licence, and what the draft begins with."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import reissuing
from certificates.models import Licence, Reissue
from certificates.reissuing import begin
from licensing.models import Application, MemberRole, Mode, Purpose, Scope, Status
from licensing.plan import plan_for
from routing.refusals import NotAllowed
from tests.factories import LicenceFactory, MembershipFactory, OfficeFactory, PremisesFactory, UserFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT
from tests.licensing.reading import Person
from tests.threads import refusals_at_once

pytestmark = pytest.mark.django_db
RENEW, CHANGE = Purpose.RENEW, Purpose.CHANGE


@pytest.fixture
def held(granted, city):
    """held(**of the licence) → a licence granted here, and the owner of its holder."""

    def held(**of_licence):
        licence = granted({"valid_until": timezone.localdate() + timedelta(days=90)})
        Licence.objects.filter(pk=licence.pk).update(**of_licence)
        return Licence.objects.get(pk=licence.pk), MembershipFactory(enterprise=licence.holder).user

    return held


def refusal(licence, purpose, user):
    with pytest.raises(NotAllowed) as why:
        begin(licence, purpose, user)
    assert not Reissue.objects.exists()
    return str(why.value)


def test_a_renewal_is_a_single_item_filed_for_the_licence_s_holder_and_place(held):
    licence, owner = held()
    draft = begin(licence, RENEW, owner)
    assert (draft.enterprise, draft.premises, draft.filer) == (licence.holder, licence.premises, owner)
    assert (draft.mode, draft.purpose, draft.status) == (Mode.TRADITIONAL, RENEW, Status.DRAFT)
    assert draft.prior["number"] == licence.number
    assert draft.prior["valid_until"] == licence.valid_until.isoformat()
    assert set(draft.prior) == {"number", "name", "authority", "issued_on", "valid_until", "identifier", "version"}
    assert draft.reissue.licence == licence


def test_a_second_click_leads_to_the_same_draft_whatever_it_asks_for(held):
    licence, owner = held()
    draft = begin(licence, RENEW, owner)
    assert begin(licence, RENEW, owner) == begin(licence, CHANGE, owner) == draft


def test_after_the_draft_was_deleted_another_may_be_begun(held):
    licence, owner = held()
    begin(licence, RENEW, owner).delete()
    assert begin(licence, CHANGE, owner).purpose == CHANGE


@pytest.mark.parametrize(
    ("change", "purpose", "sentence"),
    [
        ({"valid_until": date(2026, 1, 1), "issued_on": date(2021, 1, 2)}, RENEW, "已经过期，不能再延续"),
        ({"valid_until": date(2026, 1, 1), "issued_on": date(2021, 1, 2)}, CHANGE, "已经过期，不能再变更"),
        ({"status": "suspended"}, CHANGE, "被暂扣，发还以后才能变更"),
        ({"status": "revoked"}, RENEW, "现在是“吊销”，不能延续"),
        ({"valid_until": None}, RENEW, "长期有效，不用延续"),
        ({"item_code": "business-registration"}, CHANGE, "到登记机关办理"),
        ({"item_code": "gone-from-the-catalogue"}, RENEW, "现在的事项目录里没有"),
        ({"item_code": "seal-engraving"}, CHANGE, "现在的事项目录里没有"),
        ({"office": None}, RENEW, "不在这里办"),
    ],
)
def test_what_cannot_be_carried_on_is_refused_with_a_sentence(held, change, purpose, sentence):
    licence, owner = held(**change)
    assert sentence in refusal(licence, purpose, owner)


def test_an_earlier_version_is_no_licence_to_carry_on(held):
    licence, owner = held(status="lapsed")
    LicenceFactory(previous=licence, version=2, holder=licence.holder)
    assert refusal(licence, RENEW, owner) == "这一版已经换成第 2 版，请对新的一版办理。"


def test_a_licence_without_end_can_be_changed(held):
    licence, owner = held(valid_until=None)
    assert begin(licence, CHANGE, owner).prior["valid_until"] is None


def test_an_agent_begins_for_the_shop_he_acts_for_and_no_other(held, client):
    licence, _ = held()
    agent = {"enterprise": licence.holder, "role": MemberRole.AGENT, "scope": Scope.FILE}
    here = MembershipFactory(premises=licence.premises, **agent).user
    elsewhere = MembershipFactory(premises=PremisesFactory(enterprise=licence.holder), **agent).user
    assert begin(licence, CHANGE, here).filer == here
    client.force_login(elsewhere)
    assert client.post(reverse("certificates:renew", args=[licence.public_id])).status_code == 404


def test_what_is_held_for_all_of_it_is_carried_on_by_who_acts_for_all_of_it(held):
    licence, _ = held(premises=None)
    place = PremisesFactory(enterprise=licence.holder)
    agent = MembershipFactory(enterprise=licence.holder, role=MemberRole.AGENT, scope=Scope.FILE, premises=place).user
    assert "能代表整个主体的人" in refusal(licence, CHANGE, agent)


def test_the_buttons_lead_on_and_only_by_post(held, client):
    licence, owner = held()
    person = Person(client, owner)
    renew, change = (reverse(f"certificates:{name}", args=[licence.public_id]) for name in ("renew", "change"))
    assert client.get(renew).status_code == 405
    assert client.post(renew, follow=True).status_code == 200
    draft = Application.objects.get(purpose=RENEW)
    page = client.post(change, follow=True)
    assert page.redirect_chain[-1][0] == reverse("licensing:detail", args=[draft.public_id])
    assert "已经有一份没有提交的延续申请" in page.content.decode()
    assert "延续" in person.open(reverse("licensing:list")).text


def test_who_still_has_to_answer_reads_on_every_page_which_licence_it_is_about(held, client):
    licence, owner = held(source_task=None)  # imported: no earlier filing tells any answer
    person, draft = Person(client, owner), begin(licence, CHANGE, owner)
    question = person.open(reverse("licensing:resume", args=[draft.public_id]))
    assert f"变更 {licence.name}，编号 {licence.number}" in question.text
    assert "先回答几个问题" in question.text
    detail = person.open(reverse("licensing:detail", args=[draft.public_id])).text
    assert "还有问题没有回答" in detail
    assert "没有要办的事项" not in detail
    assert "变更还没有提交" in person.open(reverse("certificates:register", args=[licence.holder.public_id])).text


def test_a_refusal_is_told_on_the_enterprise_s_page(held, client):
    licence, owner = held(status="revoked")
    client.force_login(owner)
    page = client.post(reverse("certificates:renew", args=[licence.public_id]), follow=True)
    assert "不能延续" in page.content.decode()


def test_a_stranger_finds_no_licence(held, client):
    licence, _ = held()
    client.force_login(UserFactory())
    for name in ("renew", "change"):
        assert client.post(reverse(f"certificates:{name}", args=[licence.public_id])).status_code == 404


def test_a_renewal_asks_for_the_item_although_its_licence_is_held(held, catalogue):
    licence, owner = held()
    answers = replay_to_the_end(catalogue, RESTAURANT).answers | {"no_longer_asked": True}
    Application.objects.filter(tasks__licence=licence).update(answers=answers)
    draft = begin(Licence.objects.get(pk=licence.pk), RENEW, owner)
    plan = plan_for(draft)
    assert plan.chosen == ("food-operation",)
    assert plan.situation.next is None
    assert "no_longer_asked" not in draft.answers


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_begins_and_the_other_finds_it(catalogue, first_terms):
    licence = LicenceFactory(office=OfficeFactory(), valid_until=None)
    owner = MembershipFactory(enterprise=licence.holder).user
    assert refusals_at_once(*[partial(begin, licence, CHANGE, owner)] * 2) == []
    assert reissuing.open_reissue(licence) == Application.objects.get(purpose=CHANGE)
