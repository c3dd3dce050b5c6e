"""帮办代办: whoever stands at the window is on record; the clerk fills the same pages, for that case only."""

import pytest
from django.urls import reverse

from guidance.codes import grouped
from licensing.models import Application, AssistedFiling, Channel, Enterprise, Method, Signature, Status
from routing import decisions
from routing.models import ApprovalTask
from routing.moves import is_party
from routing.refusals import NotAllowed
from routing.splitting import split_application
from tests.factories import (
    ApplicationFactory,
    EnterpriseFactory,
    GuidanceSessionFactory,
    MembershipFactory,
    PostFactory,
)
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT, begun, ready
from tests.licensing.samples import PDF, upload
from tests.window.conftest import ID_NUMBER
from tests.window.counter import LI_SI, WHO, browser_of, opened, page, sheet
from window import assisting
from window.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def draft():
    return ApplicationFactory()


@pytest.fixture
def guide(catalogue):
    answers = replay_to_the_end(catalogue, RESTAURANT).answers
    return GuidanceSessionFactory(answers=answers, declined=["drainage"])


def kinds(draft):
    return list(Entry.objects.filter(case=draft.public_id).order_by("pk").values_list("kind", flat=True))


class TestStarting:
    def test_a_confirmed_enterprise_by_its_uscc(self, clerk, hall):
        enterprise = EnterpriseFactory()
        response = browser_of(clerk).post(reverse("window:start"), WHO | {"uscc": enterprise.uscc})
        draft = Application.objects.get(enterprise=enterprise)
        assert response.url == reverse("licensing:where", args=[draft.public_id])
        filing = draft.assistance
        assert (filing.clerk, filing.hall, filing.person_name) == (clerk, hall, "李四")
        assert filing.person_id_number == ID_NUMBER

    def test_a_founder_by_a_name_and_the_clerk_is_no_member_of_it(self, clerk):
        browser_of(clerk).post(reverse("window:start"), WHO | {"founder": "张三便利店", "person_name": "张三"})
        founded = Enterprise.objects.get(name="张三便利店")
        assert founded.founding
        assert not founded.memberships.exists()
        assert Application.objects.assisted_by(clerk).get().enterprise == founded

    def test_a_theme_answers_its_questions(self, clerk, catalogue):
        browser_of(clerk).post(reverse("window:start"), WHO | {"founder": "张三餐馆", "theme": "restaurant"})
        assert Application.objects.get().answers == catalogue.themes["restaurant"].seed_answers

    def test_a_guidance_by_its_code_becomes_the_drafts(self, clerk, guide):
        browser, page = browser_of(clerk), f"{reverse('window:start')}?guide={guide.public_id}"
        shown = browser.get(page).content.decode()
        assert grouped(guide.code) in shown
        assert "食品经营许可" in shown
        assert 'name="theme"' not in shown
        browser.post(page, WHO | {"founder": "张三餐馆", "person_name": "张三"})
        draft = Application.objects.get(guidance=guide)
        assert (draft.answers, draft.declined, draft.filer) == (guide.answers, ["drainage"], clerk)
        assert (draft.enterprise.name, draft.assistance.person_name) == ("张三餐馆", "张三")

    def test_a_guidance_that_led_to_an_application_opens_it_to_nobody(self, clerk, guide):
        ApplicationFactory(guidance=guide)
        page = f"{reverse('window:start')}?guide={guide.public_id}"
        refused = browser_of(clerk).post(page, WHO | {"founder": "张三餐馆", "person_name": "张三"})
        assert "请用那份申请的申请码打开" in refused.content.decode()
        assert not Enterprise.objects.filter(name="张三餐馆").exists()
        assert Application.objects.filter(guidance=guide).count() == 1

    @pytest.mark.parametrize("guide", ["no-such", "\0", "00000000-0000-0000-0000-000000000001"])
    def test_a_guidance_that_nobody_has_is_a_missing_page(self, clerk, guide):
        assert browser_of(clerk).get(reverse("window:start"), {"guide": guide}).status_code == 404

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({}, "请填统一社会信用代码"),
            ({"uscc": "914417020000EX0151"}, "对不上"),
            ({"uscc": "914417020000EX015T"}, "还没有确认"),
            ({"founder": "张三便利店", "person_id_number": "441702199001010004"}, "对不上自身的校验码"),
            ({"founder": "张三便利店", "authority": "entrusted"}, "请上传授权委托书"),
            ({"founder": "张三便利店", "authority": "x"}, "请从列出的选项里选一项"),
            ({"founder": "张三便利店", "theme": "x"}, "请从列出的主题里选"),
            ({"founder": "张\0三"}, "空字符"),
        ],
    )
    def test_what_does_not_do_is_told_at_its_field_and_nothing_is_kept(self, clerk, typed, said):
        response = browser_of(clerk).post(reverse("window:start"), WHO | typed)
        assert said in response.content.decode()
        assert not Application.objects.exists()
        assert not Enterprise.objects.exists()

    def test_who_says_to_be_the_representative_has_that_name(self, clerk):
        enterprise = EnterpriseFactory(legal_representative="王五")
        response = browser_of(clerk).post(reverse("window:start"), WHO | {"uscc": enterprise.uscc})
        assert "是王五" in response.content.decode()
        assert not Application.objects.exists()

    def test_an_entrusted_person_brings_proof_and_it_is_kept(self, clerk):
        enterprise = EnterpriseFactory()
        typed = WHO | {"uscc": enterprise.uscc, "authority": "entrusted", "person_name": "赵六"}
        browser_of(clerk).post(reverse("window:start"), typed | {"proof": upload(PDF, "委托书.pdf")})
        assert AssistedFiling.objects.get().proof.name == "委托书.pdf"

    def test_nobody_assists_their_own_enterprise(self, clerk):
        member = MembershipFactory(user=clerk)
        response = browser_of(clerk).post(reverse("window:start"), WHO | {"uscc": member.enterprise.uscc})
        assert "请同事来办理" in response.content.decode()
        assert not Application.objects.exists()


class TestTheDraftOfAnother:
    def test_with_its_code_and_the_person_on_record_the_clerk_fills_it(self, clerk, draft):
        browser = opened(clerk, draft)
        assert browser.get(reverse("licensing:detail", args=[draft.public_id])).status_code == 404
        assert browser.post(page("assist", draft), WHO).url == page("case", draft)
        assert browser.get(reverse("licensing:detail", args=[draft.public_id])).status_code == 200
        assert kinds(draft) == ["looked_up", "assisted"]

    def test_the_clerks_pages_say_for_whom_and_how_to_stop(self, clerk, hall, draft):
        assisting.begin(draft, hall, clerk, LI_SI)
        for name in ("licensing:detail", "licensing:where"):
            shown = browser_of(clerk).get(reverse(name, args=[draft.public_id])).content.decode()
            assert "您正在为李四帮办" in shown
            assert page("stop", draft) in shown

    def test_the_applicants_own_pages_do_not(self, clerk, hall, draft):
        MembershipFactory(user=draft.filer, enterprise=draft.enterprise)
        assisting.begin(draft, hall, clerk, LI_SI)
        detail = reverse("licensing:detail", args=[draft.public_id])
        assert "帮办" not in browser_of(draft.filer).get(detail).content.decode()

    def test_stopping_ends_it_at_once(self, clerk, hall, draft):
        assisting.begin(draft, hall, clerk, LI_SI)
        browser = browser_of(clerk)
        assert browser.post(page("stop", draft)).url == reverse("window:home")
        assert browser.get(reverse("licensing:detail", args=[draft.public_id])).status_code == 404
        assert AssistedFiling.objects.get().ended_at
        assert kinds(draft) == ["assisted", "stopped"]

    def test_a_colleague_takes_over_and_another_hall_cannot(self, clerk, colleague, outsider, hall, draft):
        assisting.begin(draft, hall, clerk, LI_SI)
        assert browser_of(outsider).post(page("take-over", draft)).status_code == 404
        browser_of(colleague).post(page("take-over", draft))
        assert Application.objects.assisted_by(colleague).get() == draft
        assert not Application.objects.assisted_by(clerk).exists()

    def test_another_hall_waits_until_the_first_stops_or_the_day_is_over(
        self, clerk, outsider, hall, elsewhere, draft, time_machine
    ):
        time_machine.move_to("2026-05-11T02:00:00+00:00")
        assisting.begin(draft, hall, clerk, LI_SI)
        response = opened(outsider, draft).post(page("assist", draft), WHO)
        assert "正在帮办" in response.content.decode()
        time_machine.move_to("2026-05-12T02:00:00+00:00")
        assert opened(outsider, draft).post(page("assist", draft), WHO).status_code == 302

    def test_the_clerk_changes_neither_whose_it_is_nor_deletes_it(self, clerk, hall, draft):
        assisting.begin(draft, hall, clerk, LI_SI)
        own, browser = MembershipFactory(user=clerk).enterprise, browser_of(clerk)
        browser.post(reverse("licensing:who", args=[draft.public_id]), {"who": str(own.public_id)})
        browser.post(reverse("licensing:delete", args=[draft.public_id]))
        draft.refresh_from_db()
        assert draft.enterprise != own


def test_the_applicants_pages_lead_the_clerk_from_who_to_the_plan(clerk, city):
    browser, enterprise = browser_of(clerk), EnterpriseFactory(legal_representative="李四")
    browser.post(reverse("window:start"), WHO | {"uscc": enterprise.uscc, "theme": "restaurant"})
    draft = Application.objects.get()
    place = {"where": "new", "name": "一号店", "division": city.pk, "address": "阳江市江城区漠江路88号"}
    response = browser.post(reverse("licensing:where", args=[draft.public_id]), place)
    plan_page = reverse("licensing:plan", args=[draft.public_id])
    for _question in range(40):
        response = browser.get(response.url)
        if response.status_code == 200 and response.request["PATH_INFO"] == plan_page:
            break
        if response.status_code == 200:
            offered = getattr(response.context["form"].fields["answer"], "choices", [("60", "")])
            response = browser.post(response.request["PATH_INFO"], {"answer": next(iter(offered))[0]})
    assert response.request["PATH_INFO"] == plan_page
    chosen = {"fingerprint": response.context["plan"].fingerprint, "item": response.context["plan"].chosen}
    response = browser.post(plan_page, chosen)
    assert "/form/" in response.url


class TestSubmitting:
    @pytest.fixture
    def draft(self, clerk, hall, city, catalogue):
        """Ready to be signed; the clerk fills it for 李四."""
        enterprise = EnterpriseFactory(legal_representative="李四")
        draft = ready(catalogue, RESTAURANT, enterprise=enterprise, division=city)
        assisting.begin(draft, hall, clerk, LI_SI)
        return draft

    def signed(self, browser, draft, **changes):
        seen = browser.get(page("submit", draft)).context["seen"]
        typed = {"seen": seen, "signer_name": "李四", "sheet": sheet(), "on_refusal": "go_on", "compared": "on"}
        return browser.post(page("submit", draft), typed | changes)

    def test_each_page_of_the_draft_opens_for_the_clerk(self, clerk, draft):
        browser, names = browser_of(clerk), ["detail", "where", "plan", "papers", "review", "resume"]
        for name in names:
            response = browser.get(reverse(f"licensing:{name}", args=[draft.public_id]), follow=True)
            assert response.status_code == 200, name
            assert "您正在为李四帮办" in response.content.decode(), name

    def test_the_signed_sheet_submits_it_through_the_window(self, clerk, draft):
        self.signed(browser_of(clerk), draft)
        draft.refresh_from_db()
        assert (draft.status, draft.channel, draft.clerk) == (Status.SUBMITTED, Channel.WINDOW, clerk)
        assert draft.snapshot["assisted"]["person_name"] == "李四"
        signature = draft.signature
        assert (signature.method, signature.signer_name, signature.witness) == (Method.PAPER, "李四", clerk)
        assert signature.sheet.name == "签名页.pdf"
        assert kinds(draft)[-1] == "submitted"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"sheet": ""}, "请上传签好名的申请表"),
            ({"sheet": upload(b"no file we take", "签名.exe")}, "签名.exe"),
            ({"compared": ""}, "核对无误后"),
            ({"signer_name": ""}, "请照身份证填写姓名"),
            ({"signer_name": "王五"}, "能签名的是李四"),
            ({"on_refusal": "x"}, "请从列出的选项里选一项"),
            ({"seen": "0"}, "内容又改过"),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_is_submitted(self, clerk, draft, change, said):
        assert said in self.signed(browser_of(clerk), draft, **change).content.decode()
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT
        assert not Signature.objects.exists()

    def test_sent_twice_it_is_submitted_and_recorded_once(self, clerk, draft):
        browser = browser_of(clerk)
        self.signed(browser, draft)
        browser.post(page("submit", draft), {"sheet": sheet()})
        assert kinds(draft).count("submitted") == 1

    def test_the_clerk_never_decides_it(self, clerk, draft):
        self.signed(browser_of(clerk), draft)
        application = Application.objects.get(pk=draft.pk)
        split_application(application.pk)
        task = ApprovalTask.objects.filter(application=application).exclude(status="waiting").first()
        PostFactory(user=clerk, office=task.office)
        assert is_party(clerk, application)
        with pytest.raises(NotAllowed):
            decisions.accept(task, clerk)
        decisions.accept(task, PostFactory(office=task.office).user)


def test_for_whom_it_is_was_settled_at_the_window(clerk, hall):
    draft = ApplicationFactory()
    assisting.begin(draft, hall, clerk, LI_SI)
    shown = browser_of(clerk).get(reverse("licensing:where", args=[draft.public_id])).content.decode()
    assert "换一个申请主体" not in shown
    assert page("case", draft) in shown


def test_the_clerk_types_at_once_and_the_applicant_is_not_pushed(clerk, hall, catalogue, city):
    draft = begun(catalogue, RESTAURANT, enterprise=EnterpriseFactory(legal_representative="李四"), division=city)
    assisting.begin(draft, hall, clerk, LI_SI)
    path = reverse("licensing:form", args=[draft.public_id, "1"])
    assert "autofocus" in browser_of(clerk).get(path).content.decode()
    assert "autofocus" not in browser_of(draft.filer).get(path).content.decode()
