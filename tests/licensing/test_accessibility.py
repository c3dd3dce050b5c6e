"""The enterprises', clerks' and papers' pages in a real Chromium, at phone and desk width: axe finds nothing."""

import pytest
from django.urls import reverse

from licensing import drafts, enterprises, papers
from licensing.files import quarantine
from licensing.plan import plan_for
from tests.chromium import WIDTHS, assert_sound, signed_in_page
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
        with quarantine.cleared([upload(picture(size=(900, 640), colour="beige"))], owner) as (photo,):
            enterprises.add(owner, uscc=uscc_of(serial), name="好味道餐饮", legal_representative="李四", picture=photo)
    waiting = owner.memberships.order_by("pk")
    return ClerkFactory().user, {
        "confirmations": reverse("licensing:confirmations"),
        "confirmation": reverse("licensing:confirmation", args=[waiting[1].enterprise.public_id]),
        "joining": reverse("licensing:confirmation", args=[waiting[0].enterprise.public_id]),
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("people", ["applicant", "clerk"])
def test_axe_finds_nothing(catalogue, storage_folder, live_server, client, people, width):
    user, addresses = the_applicants(catalogue) if people == "applicant" else the_clerks()
    with signed_in_page(client, live_server, user, width) as page:
        for name, address in addresses.items():
            answer = page.goto(address)
            assert answer.status == 200, name
            assert_sound(page, name)
