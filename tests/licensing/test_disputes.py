"""不对？: what the applicant says instead of a known value, with its reason, flagged and never moving the rules."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from licensing import drafts, papers
from licensing.disputes import frozen
from licensing.models import Application
from licensing.plan import plan_for
from licensing.prefilling import LICENCE
from licensing.snapshots import what_is_seen
from licensing.submission import submit
from tests.factories import ApplicationFactory, EnterpriseFactory, LicenceFactory, MembershipFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, begun, ready
from tests.licensing.reading import Person

pytestmark = pytest.mark.django_db
COMPANY, PLACE = "1", "2"
REP = {"value": "王五", "reason": "上个月变更了，执照刚换"}


@pytest.fixture
def draft(city, catalogue):
    return begun(catalogue, RESTAURANT, division=city, enterprise=EnterpriseFactory(register={"entity_x": "1"}))


@pytest.fixture
def person(client, draft):
    return Person(client, draft.filer)


def now(draft):
    return Application.objects.get(pk=draft.pk)


def page(draft, code, then="review"):
    return f"{reverse('licensing:dispute', args=[draft.public_id, code])}?then={then}"


def form(draft, step):
    return reverse("licensing:form", args=[draft.public_id, step])


def disputed(draft, code="legal_rep_name", **said):
    drafts.dispute(draft, code, **REP | said, seen=drafts.version_of(plan_for(now(draft)), code))
    return now(draft)


class TestWhatIsKnown:
    def test_each_known_value_names_its_source_and_day_and_offers_to_say_it_is_wrong(self, draft, person):
        draft.enterprise.verified_at = timezone.make_aware(timezone.datetime(2026, 3, 1, 10))
        draft.enterprise.save()
        text = person.open(form(draft, COMPANY)).part("#known-legal_rep_name")
        assert text.startswith("法定代表人（负责人、经营者）姓名 李四 来自营业执照，2026年3月1日确认 不对？")

    def test_a_held_licence_makes_its_values_known_with_the_day_of_issue(self, draft, catalogue):
        face = {"mailing_address": "江城区漠江路1号", "food_items": ["hot"], "gone": "x", "contact_phone": "not one"}
        held = {"holder": draft.enterprise, "premises": draft.premises, "item_code": "tobacco-retail", "face": face}
        LicenceFactory(**held, issued_on=date(2025, 1, 2))
        known = plan_for(draft).known
        assert known["mailing_address"].told == "来自已持证照：食品经营许可证，2025年1月2日发证"
        # What a question asks stays the applicant's answer, and what no form could keep is not known.
        assert not {"food_items", "contact_phone", "gone"} & known.keys()

    def test_the_register_says_more_than_a_licence_and_the_premises_are_where_they_are(self, draft):
        face = {"legal_rep_name": "旧人", "premises_address": "江城区旧路1号"}
        LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="tobacco-retail", face=face)
        values = plan_for(draft).values
        assert (values["legal_rep_name"], values["premises_address"]) == ("李四", draft.premises.address)

    def test_an_answer_and_an_earlier_filing_are_shown_with_their_day_and_changed_where_they_stand(self, draft, person):
        values = {"contact_phone": "13812345678"}
        ApplicationFactory(submitted=True, enterprise=draft.enterprise, premises=draft.premises, values=values)
        today = timezone.localdate()
        day = f"{today.year}年{today.month}月{today.day}日"
        shown = person.open(form(draft, COMPANY))
        assert f"138****5678 来自上次申请，{day}提交 不对？" in shown.part(".known")
        assert shown.fields()["contact_phone"] == "13812345678"
        assert f"180 平方米 来自您的回答，{day}回答 不对？" in person.open(form(draft, PLACE)).part(".known")

    def test_what_somebody_began_to_change_stands_among_the_fields(self, draft, person):
        told = person.send(person.open(form(draft, PLACE)), premises_area="很大")
        assert "经营面积" not in told.part(".known")
        assert told.fields()["premises_area"] == "很大"


class TestSayingItIsWrong:
    def test_a_disputed_value_is_the_forms_and_the_register_stays_beside_it(self, draft, person):
        told = person.open(page(draft, "legal_rep_name", COMPANY))
        assert "李四" in told.text
        back = person.send(told, **REP)
        assert back.path == form(draft, COMPANY)
        row = back.part("#known-legal_rep_name")
        assert "王五" in row
        assert "登记的是“李四”（来自营业执照" in row
        assert REP["reason"] in row
        assert plan_for(now(draft)).values["legal_rep_name"] == "王五"

    def test_against_a_licence_it_needs_a_reason_against_the_own_word_none(self, draft, person):
        refused = person.send(person.open(page(draft, "legal_rep_name")), value="王五", reason=" ")
        assert "请写明理由，部门要据此核对" in refused.part(".error-summary")
        place = f"{draft.premises.division.name}漠江路9号"
        assert person.send(person.open(page(draft, "premises_address")), value=place).path.endswith("/review/")
        assert plan_for(now(draft)).values["premises_address"] == place

    @pytest.mark.parametrize(
        ("code", "value", "told"),
        [
            ("legal_rep_name", "李四", "和现在登记的一样"),
            ("legal_rep_name", "", "请填写这一项"),
            ("premises_address", "漠江路88号", "请写明在哪个区（县、市）"),
            ("premises_address", "阳东区始兴路8号", "经营场所登记在江城区，由江城区的部门办理，这里写的是阳东区"),
            ("premises_address", "阳江市漠江路8号", "请把区（县）也写上"),
            ("legal_rep_name", "五" * 51, "最多 50 个字"),
        ],
    )
    def test_what_the_elements_own_field_would_not_keep_is_refused(self, draft, person, code, value, told):
        refused = person.send(person.open(page(draft, code)), value=value, reason="变更了")
        assert told in refused.part(".error-summary")
        assert now(draft).disputes == {}

    def test_it_can_be_taken_back(self, draft, person):
        disputed(draft)
        back = person.send(person.open(page(draft, "legal_rep_name")), take_back="")
        assert back.path == reverse("licensing:review", args=[draft.public_id])
        assert (now(draft).disputes, plan_for(now(draft)).values["legal_rep_name"]) == ({}, "李四")

    def test_the_kind_of_enterprise_is_changed_in_the_form_and_not_in_the_rules(self, draft):
        plan = plan_for(disputed(draft, "entity_type", value="coop"))
        assert plan.values["entity_type"] == "coop"
        assert plan.situation.answers["entity_type"] == "company"

    def test_another_code_is_another_enterprise_and_chosen_not_corrected(self, draft, person):
        told = person.open(page(draft, "uscc"))
        assert "换申请主体" in told.text
        assert not told.soup.select("main form")
        posted = person.client.post(page(draft, "uscc"), {"value": "914417020000EX015T", "reason": "x"})
        assert posted.status_code == 200
        with pytest.raises(drafts.NotDisputable):
            disputed(draft, "uscc", value="914417020000EX015T")

    def test_what_is_not_known_cannot_be_wrong(self, draft, person):
        for code in ("contact_phone", "no-such-code", "kitchen_equipment"):
            assert person.open(page(draft, code)).response.status_code == 404

    @pytest.mark.parametrize(
        "forged", [{"value": "王\0五"}, {"reason": "x" * 100_000}, {"seen": "é" * 9}, {"then": "//x"}]
    )
    def test_a_forged_post_breaks_nothing(self, draft, person, forged):
        assert person.send(person.open(page(draft, "legal_rep_name")), **REP | forged).response.status_code == 200

    def test_a_stranger_finds_nothing(self, draft, client):
        client.force_login(UserFactory())
        assert client.get(page(draft, "legal_rep_name")).status_code == 404
        assert client.post(page(draft, "legal_rep_name"), REP).status_code == 404


class TestNothingIsLostOrStale:
    def test_what_was_typed_on_the_page_waits_while_something_is_put_right(self, draft, person):
        start = person.open(form(draft, COMPANY))
        told = person.send(start, contact_phone="138", dispute="legal_rep_name")
        assert told.path == reverse("licensing:dispute", args=[draft.public_id, "legal_rep_name"])
        back = person.send(told, **REP)
        assert back.fields()["contact_phone"] == "138"
        assert "王五" in back.part(".known")

    def test_a_second_tab_is_told_of_the_first_and_overwrites_nothing_unseen(self, draft, person):
        second = person.open(page(draft, "legal_rep_name"))
        disputed(draft, value="赵六")
        told = person.send(second, **REP)
        assert "现在是：赵六" in told.part("#other-tab")
        assert plan_for(now(draft)).values["legal_rep_name"] == "赵六"
        assert told.fields()["value"] == "王五"
        person.send(told)
        assert plan_for(now(draft)).values["legal_rep_name"] == "王五"

    def test_a_double_click_says_it_once(self, draft, person):
        told = person.open(page(draft, "legal_rep_name"))
        assert person.send(told, **REP).path == person.send(told, **REP).path
        assert now(draft).revision == draft.revision + 1

    def test_a_mended_or_vanished_source_leaves_no_dispute(self, draft):
        draft = disputed(draft)
        draft.enterprise.legal_representative = "王五"
        assert plan_for(draft).disputed == {}
        draft.enterprise.legal_representative = "别人"
        assert (plan_for(draft).disputed, plan_for(draft).values["legal_rep_name"]) == ({}, "别人")
        draft.enterprise.legal_representative = ""
        plan = plan_for(draft)
        assert (plan.disputed, frozen(plan)) == ({}, {})
        assert "legal_rep_name" not in plan.values

    def test_another_enterprise_has_nothing_wrong_yet(self, draft):
        other = EnterpriseFactory()
        MembershipFactory(user=draft.filer, enterprise=other)
        assert drafts.apply_for(disputed(draft), other).disputes == {}

    def test_the_snapshot_says_what_was_registered_where_and_why_it_is_wrong(self, city, catalogue, storage_folder):
        draft = disputed(ready(catalogue, RESTAURANT, division=city))
        done = submit(draft, draft.filer)
        said = done.snapshot["disputes"]["legal_rep_name"]
        assert (said["value"], said["reason"], said["was"]) == ("王五", REP["reason"], "李四")
        assert said["source"].startswith(LICENCE)
        assert done.snapshot["values"]["legal_rep_name"] == "王五"

    def test_what_was_said_after_reading_is_not_signed_unread(self, city, catalogue, storage_folder):
        draft = ready(catalogue, RESTAURANT, division=city)
        handed_in = papers.ways(draft, plan_for(draft))
        seen = what_is_seen(draft, plan_for(draft), handed_in)
        draft = disputed(draft)
        assert what_is_seen(draft, plan_for(draft), handed_in) != seen
