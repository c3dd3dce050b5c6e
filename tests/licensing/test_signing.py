"""The signature: confirmed anew by the password or the second factor, stored with the hash of what was signed."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from exchange.models import Event, Message
from guidance import loading, releases
from guidance.management.catalogues import FOLDER
from guidance.reading import read_folder
from licensing.models import (
    Application,
    AssistedFiling,
    Authority,
    MemberRole,
    Membership,
    Method,
    Scope,
    Signature,
)
from licensing.submission import NotSubmittable, Signed, submit
from tests.authenticators import code_of, with_authenticator
from tests.factories import PASSWORD, ClerkFactory, MembershipFactory, PremisesFactory, StoredFileFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, ready
from tests.licensing.reading import Page, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]


@pytest.fixture
def draft(city, catalogue):
    return ready(catalogue, RESTAURANT, division=city)


def review(draft, client, user=None):
    return Person(client, user or draft.filer).open(reverse("licensing:review", args=[draft.public_id]))


def sign(client, page, confirmation):
    form = page.soup.select_one("form.panel")
    typed = page.fields("form.panel") | {"promise": "on", "confirmation": confirmation}
    return Page(client.post(form["action"], typed, follow=True))


def test_who_signs_has_read_what_an_item_costs(city, catalogue, client):
    documents, _ = read_folder(FOLDER)
    [sign_board] = [item for item in documents["items"]["items"] if item["code"] == "outdoor-ad"]
    sign_board["fee"] = {"text": "每平方米每日0.2元", "basis": "《城市道路管理条例》第三十七条"}
    charging = releases.load(loading.publish(documents, check=None)[0].pk)
    page = review(ready(charging, RESTAURANT, division=city), client)
    assert "每平方米每日0.2元（依据：《城市道路管理条例》第三十七条）" in page.text


def submitted(draft):
    return Application.objects.get(pk=draft.pk).status == "submitted"


def test_the_password_signs_and_what_was_signed_is_stored_with_it(draft, client):
    page = sign(client, review(draft, client), PASSWORD)
    signature, done = Signature.objects.get(), Application.objects.get()
    assert signature.application == done
    assert (signature.signer, signature.method, signature.sha256) == (
        draft.filer,
        Method.PASSWORD,
        done.snapshot_sha256,
    )
    assert signature.signed_at == done.submitted_at
    assert f"由{signature.signer_name}于" in page.text
    assert "以登录密码签名" in page.text
    assert done.snapshot_sha256[:16] in page.text


@pytest.mark.parametrize("typed", ["", "wrong-password", "a\0b", "x" * 100_000])
def test_what_is_not_the_password_signs_nothing_and_says_so_at_the_field(typed, draft, client):
    page = sign(client, review(draft, client), typed)
    assert page.soup.select_one(".field--error [name=confirmation]")
    assert "x" * 50 not in page.response.content.decode()
    assert not submitted(draft)
    assert not Signature.objects.exists()
    assert not Event.objects.filter(kind="application.submitted").exists()


def test_after_five_wrong_tries_even_the_password_does_not_sign(draft, client):
    page = review(draft, client)
    for _ in range(5):
        page = sign(client, page, "wrong-password")
    assert "输错次数太多" in sign(client, page, PASSWORD).text
    assert not submitted(draft)


def test_four_wrong_tries_do_not_hinder_the_right_one(draft, client):
    page = review(draft, client)
    for _ in range(4):
        page = sign(client, page, "wrong-password")
    sign(client, page, PASSWORD)
    assert submitted(draft)


def test_who_has_a_second_factor_signs_by_its_code_and_not_by_the_password(draft, client):
    secret = with_authenticator(draft.filer)
    page = review(draft, client)
    assert "动态验证码" in page.part("form.panel")
    page = sign(client, page, PASSWORD[:10])
    assert not submitted(draft)
    sign(client, page, code_of(secret))
    assert Signature.objects.get().method == Method.SECOND_FACTOR


def test_a_code_signs_once(draft, client, catalogue, city, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    secret = with_authenticator(draft.filer)
    other = ready(catalogue, RESTAURANT, user=draft.filer, enterprise=draft.enterprise)
    code = code_of(secret)
    sign(client, review(draft, client), code)
    page = sign(client, review(other, client), code)
    assert "已经用过" in page.text
    assert not submitted(other)


def test_a_recovery_code_is_no_signature(draft, client):
    with_authenticator(draft.filer)
    Authenticator.objects.create(
        user=draft.filer, type="recovery_codes", data={"migrated_codes": ["12345678"], "used_mask": 0}
    )
    sign(client, review(draft, client), "12345678")
    assert not submitted(draft)


def test_signing_twice_leads_to_the_one_application(draft, client):
    secret = with_authenticator(draft.filer)
    page, code = review(draft, client), code_of(secret)
    assert sign(client, page, code).path == sign(client, page, code).path
    assert Signature.objects.count() == 1


def agent_of(draft, **more):
    return MembershipFactory(enterprise=draft.enterprise, role=MemberRole.AGENT, **more).user


def test_an_agent_who_may_only_prepare_sees_who_signs_and_tells_them_once(draft, client):
    agent = agent_of(draft, scope=Scope.PREPARE)
    page = review(draft, client, agent)
    assert not page.soup.select("form.panel")
    assert str(draft.filer) in page.part("#signers")
    for _ in range(2):
        client.post(reverse("licensing:ask-to-sign", args=[draft.public_id]))
    message = Message.objects.get()
    assert (message.user, message.subject) == (draft.filer, "有一份申请等您签名")
    assert message.path == reverse("licensing:review", args=[draft.public_id])


def test_an_agent_who_may_only_prepare_cannot_sign_past_the_page(draft, client):
    page = review(draft, client)
    client.force_login(agent_of(draft, scope=Scope.PREPARE))
    assert "只包括填写和准备材料" in sign(client, page, PASSWORD).text
    assert not submitted(draft)


def test_an_agent_with_the_right_to_file_signs_for_his_premises_only(draft, catalogue):
    elsewhere = PremisesFactory(enterprise=draft.enterprise)
    stranger = agent_of(draft, premises=elsewhere)
    with pytest.raises(NotSubmittable):
        submit(draft, stranger)
    agent = agent_of(draft, premises=draft.premises)
    assert submit(draft, agent).signature.signer == agent


def test_who_lost_the_right_after_opening_the_page_signs_nothing(draft, client):
    agent = agent_of(draft)
    page = review(draft, client, agent)
    Membership.objects.filter(user=agent).delete()
    assert sign(client, page, PASSWORD).response.status_code == 404
    with pytest.raises(NotSubmittable, match="不能代表"):
        submit(draft, agent)
    assert not submitted(draft)


@pytest.fixture
def assisted(draft):
    clerk = ClerkFactory()
    AssistedFiling.objects.create(
        application=draft,
        clerk=clerk.user,
        hall=clerk.hall,
        authority=Authority.SELF,
        person_name="林小雨",
        person_id_number="441702199001010003",
    )
    return clerk.user


def on_paper(**more):
    return Signed(Method.PAPER, **{"signer_name": "林小雨", "sheet": StoredFileFactory()} | more)


def test_a_clerk_who_assists_witnesses_the_signature_on_paper(draft, assisted):
    done = submit(draft, assisted, on_paper())
    assert (done.signature.signer, done.signature.witness, done.signature.signer_name) == (None, assisted, "林小雨")
    assert done.snapshot["assisted"]["clerk"] == str(assisted)


def test_a_clerk_never_signs_with_a_password_of_his_own(draft, assisted, client):
    assert "请申请人在纸上签名" in review(draft, client, assisted).text
    with pytest.raises(NotSubmittable, match="不能代替申请人签名"):
        submit(draft, assisted)


@pytest.mark.parametrize("missing", [{"signer_name": ""}, {"sheet": None}])
def test_paper_needs_its_signer_and_its_sheet(missing, draft, assisted):
    with pytest.raises(NotSubmittable, match="签名人的姓名"):
        submit(draft, assisted, on_paper(**missing))


def test_paper_is_witnessed_by_nobody_but_that_clerk(draft, assisted):
    for user in (draft.filer, ClerkFactory().user, UserFactory()):
        with pytest.raises(NotSubmittable):
            submit(draft, user, on_paper())


def test_a_draft_helped_with_at_the_window_came_in_there_even_when_the_owner_signs(draft, assisted, client):
    sign(client, review(draft, client), PASSWORD)
    done = Application.objects.get()
    assert (done.channel, done.snapshot["channel"], done.signature.method) == ("window", "window", Method.PASSWORD)


def test_a_code_that_signed_what_had_changed_is_used_up(draft, client):
    page, secret = review(draft, client), with_authenticator(draft.filer)
    form, code = page.soup.select_one("form.panel"), code_of(secret)
    typed = page.fields("form.panel") | {"promise": "on", "confirmation": code}
    assert "内容又在别的窗口改过" in Page(client.post(form["action"], typed | {"seen": "x" * 64}, follow=True)).text
    sign(client, review(draft, client), code)
    assert not submitted(draft)
