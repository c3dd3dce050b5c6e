"""The enterprises', clerks' and papers' pages in a real Chromium, at phone and desk width: axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import sync_playwright

from licensing import drafts, enterprises, papers, uploads
from licensing.plan import plan_for
from tests.factories import (
    ApplicationFactory,
    ClerkFactory,
    DivisionFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    uscc_of,
)
from tests.guidance.answering import replay_to_the_end
from tests.licensing.samples import PDF, picture, upload
from tests.system_packages import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def the_applicants(catalogue):
    """An enterprise with all that its page can show, and a draft with papers; return (user, addresses)."""
    member = MembershipFactory()
    user, enterprise = member.user, member.enterprise
    answers = replay_to_the_end(catalogue, dict(catalogue.themes["restaurant"].seed_answers)).answers
    draft = ApplicationFactory(enterprise=enterprise, filer=user, answers=answers)
    drafts.agree(draft, plan_for(draft))
    DivisionFactory(code="441704")
    LicenceFactory(holder=enterprise, premises=draft.premises, item_code="tobacco-retail", name="烟草专卖零售许可证")
    LicenceFactory(holder=enterprise, premises=None, item_code="health-cert", name="健康证明", valid_until="2025-01-01")
    ways = {paper.code: paper for paper in papers.ways(draft, plan_for(draft))}
    papers.attach(draft, ways["mat-premises-proof"], [upload(name="租赁合同第一页.png"), upload(PDF, "补充.pdf")], user)
    papers.choose_upload(draft, ways["mat-rep-id"])
    rejected = EnterpriseFactory(
        unverified=True, added_by=user, rejected_at=enterprise.added_at, rejection_reason="照片看不清名称"
    )
    MembershipFactory(user=user, enterprise=rejected)
    page = reverse("licensing:enterprise", args=[enterprise.public_id])
    addresses = {
        "enterprises": reverse("licensing:enterprises"),
        "enterprise": page,
        "rejected": reverse("licensing:enterprise", args=[rejected.public_id]),
        "again": reverse("licensing:enterprise-add") + f"?again={rejected.public_id}",
        "premises": reverse("licensing:premises-add", args=[enterprise.public_id]),
        "papers": reverse("licensing:papers", args=[draft.public_id]),
    }
    return user, addresses


def the_clerks():
    """Three enterprises to confirm, one of them known already; return (user, addresses)."""
    known = EnterpriseFactory(uscc=uscc_of(1))
    MembershipFactory(enterprise=known)
    owner = PremisesFactory().enterprise.verified_by
    for serial in (1, 2, 3):
        with uploads.stored([upload(picture(size=(900, 640), colour="beige"))], owner) as (photo,):
            enterprises.add(owner, uscc=uscc_of(serial), name="好味道餐饮", legal_representative="李四", picture=photo)
    waiting = owner.memberships.order_by("pk")
    return ClerkFactory().user, {
        "confirmations": reverse("licensing:confirmations"),
        "confirmation": reverse("licensing:confirmation", args=[waiting[1].enterprise.public_id]),
        "joining": reverse("licensing:confirmation", args=[waiting[0].enterprise.public_id]),
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("people", ["applicant", "clerk"])
def test_axe_finds_nothing(catalogue, storage_folder, live_server, client, tmp_path, people, width):
    user, addresses = the_applicants(catalogue) if people == "applicant" else the_clerks()
    client.force_login(user)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        context.add_cookies([session])
        page = context.new_page()
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address)
            assert answer.status == 200, name
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        browser.close()
