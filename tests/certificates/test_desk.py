"""The officers' pages on licences and on promises to be checked, and the decision as it is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates import annulling, ending
from certificates.models import EndingProposal, Licence, LicenceStatus
from guidance.models import Role
from licensing.models import UntrustworthyEntry
from routing.models import AfterCheck, CheckStatus
from tests.factories import (
    AfterCheckFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
    UserFactory,
)

LICENCES = reverse("admin:certificates_licence_changelist")
CHECKS = reverse("admin:routing_aftercheck_changelist")
GROUND = {"ground": "unqualified", "reason": "经营场所在居民楼内", "heard": "当事人认可"}
FALSE = {"reason": "逾期没有冷藏设备", "heard": "当事人没有意见"}
CANCELLING = {"ground": "on_request", "reason": "店铺停业"}


def licence_page(licence, move=""):
    return f"{LICENCES}{licence.public_id}/{move}"


def check_page(check, move=""):
    return f"{CHECKS}{check.task.public_id}/{move}"


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def own(client, granted, staff):
    """own() → a licence, its officer and a head; the officer is signed in."""

    def own(**traits):
        licence = granted(**traits)
        officer, head, _ = staff(licence.office)
        client.force_login(officer)
        return licence, officer, head

    return own


def test_the_list_holds_the_licences_of_my_offices_only(client, own):
    licence, _, _ = own()
    other, outside = LicenceFactory(office=OfficeFactory(department__code="health")), LicenceFactory(office=None)
    text = text_of(client.get(f"{LICENCES}?state=all"))
    assert licence.number in text
    assert other.number not in text
    assert outside.number not in text


@pytest.mark.parametrize(
    ("state", "shown"),
    [("valid", "A"), ("expired", "B"), ("ended", "C"), ("proposed", "D"), ("all", "ABCD"), ("nonsense", "AD")],
)
def test_the_list_is_looked_through_by_state(client, own, state, shown):
    licence, officer, _ = own()
    Licence.objects.filter(pk=licence.pk).update(number="NO-A")
    LicenceFactory(office=licence.office, number="NO-B", valid_until="2025-01-01")
    LicenceFactory(office=licence.office, number="NO-C", status=LicenceStatus.ANNULLED)
    proposed = LicenceFactory(office=licence.office, number="NO-D")
    annulling.propose(proposed, officer, GROUND)
    text = text_of(client.get(f"{LICENCES}?state={state}"))
    expected = shown + "D" if state == "valid" else shown
    assert {letter for letter in "ABCD" if f"NO-{letter}" in text} == set(expected)


def test_a_licence_is_found_by_number_name_or_uscc(client, own):
    licence, _, _ = own()
    other = LicenceFactory(office=licence.office, holder__name="别的店")
    for wanted in (licence.number, licence.holder.name, licence.holder.uscc):
        text = text_of(client.get(LICENCES, {"q": wanted}))
        assert licence.number in text
        assert other.number not in text
    assert "没有找到" in text_of(client.get(LICENCES, {"q": "没有这家"}))
    for rubbish in ("\0", "x" * 5000, "%"):
        assert client.get(LICENCES, {"q": rubbish, "page": "999999999999", "state": ["a", "b"]}).status_code == 200


@pytest.mark.parametrize("kind", ["licences", "checks"])
def test_a_list_costs_the_same_number_of_queries_for_one_row_and_for_thirty(client, own, granted, kind):
    licence, _, _ = own()
    AfterCheckFactory(task=licence.source_task)
    address = LICENCES if kind == "licences" else CHECKS

    def queries():
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len(context)

    one = queries()
    for _ in range(12):
        AfterCheckFactory(task=granted().source_task)
    assert queries() == one


def test_the_page_shows_face_holder_source_history_and_the_three_ways(client, own):
    licence, _, _ = own(licence={"scope": "热食类食品制售"})
    text = text_of(client.get(licence_page(licence)))
    for shown in (licence.name, licence.number, licence.holder.name, licence.holder.uscc, "热食类食品制售"):
        assert shown in text
    assert licence.source_task.application.number in text
    assert "提出撤销" in text
    assert "这一步由本机关负责人办理" in text  # 撤回, for an officer
    assert licence_page(licence, "end/cancel/") in text


def test_an_annulment_goes_from_the_officer_to_the_head(client, own):
    licence, _, head = own()
    client.post(licence_page(licence, "end/annul/"), GROUND)
    text = text_of(client.get(licence_page(licence)))
    assert "已提出撤销，等待决定" in text
    assert "收回提议" in text
    proposal = EndingProposal.objects.get()
    address = reverse("admin:certificates_licence_approve", args=[proposal.public_id])
    assert "由本机关负责人" in text_of(client.post(address, follow=True))
    client.force_login(head)
    assert "同意，决定撤销" in text_of(client.get(licence_page(licence)))
    text = text_of(client.post(address, {"remark": "同意"}, follow=True))
    assert "已决定撤销" in text
    assert "撤销行政许可决定书" in text
    assert Licence.objects.get().status == LicenceStatus.ANNULLED
    assert "已在" in text_of(client.post(address, follow=True))


def test_who_proposed_takes_it_back_with_a_word_why(client, own):
    licence, officer, _ = own()
    proposal = annulling.propose(licence, officer, GROUND)
    address = reverse("admin:certificates_licence_send_back", args=[proposal.public_id])
    assert "请写明不同意的理由" in text_of(client.post(address, follow=True))
    client.post(address, {"remark": "写错了"})
    assert not EndingProposal.objects.open().exists()


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(client, own):
    licence, _, _ = own()
    answer = client.post(licence_page(licence, "end/cancel/"), {"ground": "expired", "reason": "店铺停业"})
    text = text_of(answer)
    assert answer.status_code == 200
    assert "有效期还没有届满" in text
    assert "店铺停业" in text
    assert Licence.objects.get().status == LicenceStatus.VALID


@pytest.mark.parametrize(
    "data", [{}, {"ground": "\0", "reason": "\0"}, {"ground": ["a", "b"], "reason": "长" * 9000}, {"reason": "停业"}]
)
@pytest.mark.parametrize("kind", ["annul", "withdraw", "cancel"])
def test_hand_made_posts_change_nothing(client, own, kind, data):
    licence, _, head = own()
    client.force_login(head)
    assert client.post(licence_page(licence, f"end/{kind}/"), data).status_code == 200
    assert Licence.objects.get().status == LicenceStatus.VALID
    assert not EndingProposal.objects.exists()


def test_a_way_that_does_not_exist_is_not_there(client, own):
    licence, _, _ = own()
    assert client.post(licence_page(licence, "end/revoke/"), GROUND).status_code == 404
    assert client.get(licence_page(licence, "end/cancel/")).status_code == 405


def test_for_another_office_and_for_the_holder_licence_and_check_are_not_there(client, own):
    licence, officer, _ = own()
    check = AfterCheckFactory(task=licence.source_task, failed=True)
    proposal = annulling.propose(licence, officer, FALSE)
    addresses = [licence_page(licence), licence_page(licence, "end/cancel/"), check_page(check)]
    addresses += [check_page(check, "annul/"), check_page(check, "moves/pass/")]
    addresses += [
        reverse(f"admin:certificates_licence_{act}", args=[proposal.public_id]) for act in ("approve", "send_back")
    ]
    elsewhere = PostFactory(office=OfficeFactory(department__code="health"), role=Role.HEAD).user
    owner = MembershipFactory(enterprise=licence.holder).user
    for user in (elsewhere, owner, UserFactory()):
        client.force_login(user)
        assert {client.post(address, GROUND).status_code for address in addresses[1:]} <= {404, 405}
        assert {client.get(address).status_code for address in addresses} <= {404, 405}
    assert Licence.objects.get().status == LicenceStatus.VALID


def test_an_officer_who_is_a_party_reads_why_they_may_not(client, own):
    licence, officer, _ = own()
    check = AfterCheckFactory(task=licence.source_task)
    MembershipFactory(user=officer, enterprise=licence.holder)
    for address in (licence_page(licence), check_page(check)):
        assert "回避" in text_of(client.get(address))
    assert "回避" in text_of(client.post(licence_page(licence, "end/cancel/"), CANCELLING, follow=True))
    assert "回避" in text_of(client.post(check_page(check, "moves/pass/"), {"finding": "一致"}, follow=True))
    assert Licence.objects.get().status == LicenceStatus.VALID


def test_the_decision_is_read_by_its_office_and_by_the_holder_and_by_nobody_else(client, own):
    licence, officer, _ = own()
    decided = ending.cancel(licence, officer, CANCELLING)
    address = reverse("certificates:ending", args=[decided.public_id])
    text = text_of(client.get(address))
    for shown in (decided.title, decided.number, "店铺停业", licence.office.name, "行政复议"):
        assert shown in text
    member = MembershipFactory(enterprise=licence.holder).user
    client.force_login(member)
    assert client.get(address).status_code == 200
    past = MembershipFactory(enterprise=licence.holder, until="2020-01-01").user
    elsewhere = PostFactory(office=OfficeFactory(department__code="health")).user
    for stranger in (past, elsewhere, MembershipFactory().user):
        client.force_login(stranger)
        assert client.get(address).status_code == 404


def test_the_holder_s_page_shows_the_end_and_its_document(client, own):
    licence, officer, _ = own()
    decided = ending.cancel(licence, officer, CANCELLING)
    client.force_login(MembershipFactory(enterprise=licence.holder).user)
    text = text_of(client.get(reverse("certificates:register", args=[licence.holder.public_id])))
    assert "注销" in text
    assert reverse("certificates:ending", args=[decided.public_id]) in text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("todo", {"pending", "late", "rectifying", "failed"}),
        ("pending", {"pending", "late"}),
        ("overdue", {"late", "failed"}),
        ("rectifying", {"rectifying"}),
        ("failed", {"failed"}),
        ("not_sampled", {"not_sampled"}),
        ("closed", {"passed"}),
        ("all", {"pending", "late", "rectifying", "failed", "not_sampled", "passed"}),
    ],
)
def test_checks_are_looked_through_by_state_and_the_earliest_comes_first(client, own, state, shown):
    own()
    made = {
        "pending": AfterCheckFactory(),
        "late": AfterCheckFactory(due_on="2026-01-05"),
        "rectifying": AfterCheckFactory(rectifying=True),
        "failed": AfterCheckFactory(failed=True),
        "not_sampled": AfterCheckFactory(status=CheckStatus.NOT_SAMPLED),
        "passed": AfterCheckFactory(status=CheckStatus.PASSED),
    }
    text = text_of(client.get(f"{CHECKS}?state={state}"))
    assert {name for name, check in made.items() if check_page(check) in text} == shown
    if state == "todo":
        assert text.index(check_page(made["late"])) < text.index(check_page(made["rectifying"]))
        assert text.count("已超期</span>") == 2


def test_a_check_is_found_by_number_or_name(client, own):
    licence, _, _ = own()
    check, other = AfterCheckFactory(task=licence.source_task), AfterCheckFactory()
    for wanted in (licence.source_task.application.number, licence.holder.name):
        text = text_of(client.get(CHECKS, {"q": wanted}))
        assert check_page(check) in text
        assert check_page(other) not in text


def test_a_false_promise_goes_from_the_finding_to_the_annulled_licence(client, own):
    licence, _, head = own(by_commitment=True)
    check = AfterCheckFactory(task=licence.source_task)
    text = text_of(client.post(check_page(check, "moves/rectify/"), {"finding": "没有冷藏设备"}, follow=True))
    assert "已发出限期整改通知书" in text
    assert "还没有到期" in text
    AfterCheck.objects.update(rectify_by="2026-01-05")
    client.post(check_page(check, "moves/fail/"), {"finding": "仍然没有"})
    text = text_of(client.post(check_page(check, "annul/"), {"heard": "没有意见"}))
    assert "请写明事实和理由" in text
    assert "没有意见" in text
    text = text_of(client.post(check_page(check, "annul/"), FALSE, follow=True))
    assert "已提出撤销，等待决定" in text
    client.force_login(head)
    approve = reverse("admin:certificates_licence_approve", args=[EndingProposal.objects.get().public_id])
    client.post(approve)
    assert Licence.objects.get().status == LicenceStatus.ANNULLED
    assert "已撤销" in text_of(client.get(check_page(check)))
    assert UntrustworthyEntry.objects.get().uscc == licence.holder.uscc


@pytest.mark.parametrize(("move", "status"), [("pass", "passed"), ("rectify", "rectifying")])
def test_a_finding_is_written_on_the_page(client, own, move, status):
    licence, _, _ = own()
    check = AfterCheckFactory(task=licence.source_task)
    for wrong in ("", "\0", "长" * 3000):
        answer = client.post(check_page(check, f"moves/{move}/"), {"finding": wrong})
        assert answer.status_code == 200
        assert 'id="error-summary"' in text_of(answer)
    assert AfterCheck.objects.get().status == CheckStatus.PENDING
    client.post(check_page(check, f"moves/{move}/"), {"finding": "看过现场"})
    assert AfterCheck.objects.get().status == status
    assert client.post(check_page(check, "moves/burn/"), {}).status_code == 404


def test_the_navigation_leads_to_both_lists(client, own):
    own()
    text = text_of(client.get(reverse("admin:index")))
    assert f'href="{LICENCES}"' in text
    assert f'href="{CHECKS}"' in text


def test_a_licence_of_a_founder_s_enterprise_without_a_uscc_has_its_page(client, granted, staff):
    licence = granted(application__enterprise=EnterpriseFactory(founder=True))
    client.force_login(staff(licence.office)[0])
    assert client.get(licence_page(licence)).status_code == 200
