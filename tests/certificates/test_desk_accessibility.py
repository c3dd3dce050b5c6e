"""The desk for licences and promises in a real Chromium: axe finds nothing and nothing is too wide."""

import pytest
from django.urls import reverse

from certificates import annulling, ending, measures
from certificates.models import LicenceStatus
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import AfterCheckFactory, ApprovalTaskFactory, LicenceFactory, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUSPENSION = {
    "document_number": "江市监罚字〔2026〕12号",
    "document_date": "2026-05-08",
    "authority": "江城区市场监督管理局",
    "reason": "后厨没有冷藏设备",
    "heard": "已经告知，当事人没有意见",
    "until": "2099-01-01",
}
GROUND = {"ground": "unqualified", "reason": "经营场所在居民楼内，不符合法定条件。", "heard": "当事人认可。"}


@pytest.fixture
def pages(granted, staff):
    """(head, {name: address}) of licences and checks in every state."""
    licence = granted(licence={"scope": "热食类食品制售；" * 12})
    officer, head, _ = staff(licence.office)
    proposed, cancelled, promised = granted(), granted(licence={"valid_until": "2026-04-01"}), granted()
    annulling.propose(proposed, officer, GROUND)
    decided = ending.cancel(cancelled, officer, {"ground": "expired", "reason": "有效期届满，没有申请延续。"})
    LicenceFactory(office=licence.office, status=LicenceStatus.REVOKED)
    suspended = granted()
    measures.take(suspended, head, "suspend", SUSPENSION)
    checks = {
        "pending": AfterCheckFactory(task=promised.source_task, due_on="2026-01-05"),
        "rectifying": AfterCheckFactory(rectifying=True),
        "failed": AfterCheckFactory(
            failed=True, task=ApprovalTaskFactory(item_code="seal-engraving", granted=True, face={"note": ""})
        ),
    }
    for check in checks.values():
        if check.task.office != licence.office:
            check.task.office.posts.create(user=head)
    MembershipFactory(user=head, enterprise=LicenceFactory().holder)
    one = {"licence": licence, "proposed": proposed, "cancelled": cancelled, "suspended": suspended}
    return head, {
        "licences": reverse("admin:certificates_licence_changelist") + "?state=all",
        "nothing": reverse("admin:certificates_licence_changelist") + "?q=没有",
        **{name: reverse("admin:certificates_licence_change", args=[each.public_id]) for name, each in one.items()},
        "checks": reverse("admin:routing_aftercheck_changelist"),
        **{
            name: reverse("admin:routing_aftercheck_change", args=[each.task.public_id])
            for name, each in checks.items()
        },
        "decision": reverse("certificates:ending", args=[decided.public_id]),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(pages, live_server, client, width):
    user, addresses = pages
    with signed_in_page(client, live_server, user, width) as page:
        for name, address in addresses.items():
            assert page.goto(address).status == 200, name
            for summary in page.locator(".desk__moves details > summary").all():
                summary.click()
            assert_sound(page, name)
        page.goto(addresses["licence"])
        page.locator("summary", has_text="注销").click()
        page.get_by_role("button", name="注销").click()
        page.locator("#error-summary").wait_for()
        assert_sound(page, "errors")


def test_a_head_annuls_what_a_false_promise_has_brought_about(granted, staff, live_server, client):
    licence = granted(by_commitment=True)
    officer, head, _ = staff(licence.office)
    check = AfterCheckFactory(task=licence.source_task, failed=True)
    address = reverse("admin:routing_aftercheck_change", args=[check.task.public_id])
    with signed_in_page(client, live_server, officer, 1280) as page:
        page.goto(address)
        page.get_by_label("事实和理由").fill("承诺有冷藏设备，逾期仍没有。")
        page.get_by_label("听取陈述和申辩的情况").fill("当事人没有意见。")
        page.get_by_role("button", name="提出撤销").click()
        page.get_by_text("已提出撤销，等待决定").wait_for()
    with signed_in_page(client, live_server, head, 390) as page:
        page.goto(address)
        page.get_by_role("button", name="同意，决定撤销").click()
        page.get_by_text("已决定撤销").wait_for()
        page.goto(reverse("certificates:public", args=[licence.holder.public_token]))
        assert page.get_by_text("撤销日期").is_visible()
