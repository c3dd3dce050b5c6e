"""The applicant's pages after submission in a real Chromium, at phone and desk width, and on paper."""

import factory
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from licensing.models import OnRefusal
from routing import correcting, deferring
from routing.counting import recount_as_recorded, rules
from routing.models import About, ApprovalTask, Document
from routing.prerequisites import release_dependents
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    SubmittedMaterialFactory,
    UserFactory,
    snapshot_of,
)
from tests.licensing.samples import PDF

pytestmark = [pytest.mark.usefixtures("storage_folder"), pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROOF = "mat-premises-proof"
VALUES = {
    "opening_hours": "全天",
    "food_sale_mode": [],
    "kitchen_equipment": [{"name": "冷藏柜", "model": "LC-300", "quantity": 2}],
}
POINTS = [
    {"about": About.ELEMENT, "code": "opening_hours", "label": "营业时间", "text": "请写明每天几点到几点。"},
    {"about": About.ELEMENT, "code": "food_sale_mode", "label": "销售方式", "text": "没有选。"},
    {"about": About.ELEMENT, "code": "kitchen_equipment", "label": "厨房设备设施", "text": "漏了油烟机。"},
    {"about": About.MATERIAL, "code": PROOF, "label": "经营场所使用证明", "text": "缺出租方的签字页。"},
    {"about": About.OTHER, "code": "", "label": "后厨", "text": "请说明后厨和卫生间的距离。"},
]


def applicants_pages():
    """One person's applications in every state that has a page; return (user, addresses)."""
    call_command("load_calendar", verbosity=0)
    user = UserFactory()
    corrected, deferred, refused = (application_of(user, traits) for traits in ({}, DEFERRED, REFUSED))
    at_correction = ApprovalTaskFactory(application=corrected)
    correcting.ask(at_correction, PostFactory(office=at_correction.office).user, POINTS)
    accepted = ApprovalTaskFactory(application=deferred, accepted=True)
    recount_as_recorded(accepted, rules())
    deferring.begin(accepted, rules())
    accepted.save()
    for code in refused.chosen:
        ApprovalTaskFactory(application=refused, item_code=code, accepted=True)
    now = timezone.now()
    failed = {"status": "refused", "reason": "后厨面积不够。", "decided_at": now, "decided_by": user}
    ApprovalTask.objects.filter(application=refused, item_code="food-operation").update(**failed)
    release_dependents(refused.pk)
    return user, {
        "correction": reverse("routing:correction", args=[at_correction.public_id]),
        "supply": reverse("routing:supply", args=[deferred.public_id, PROOF]),
        "why": reverse("routing:why", args=[accepted.public_id]),
        "withdraw": reverse("routing:withdraw", args=[refused.public_id]),
        "withdrawal": reverse("routing:withdraw", args=[refused.public_id]) + "?items=fire-safety-check",
        "hold": reverse("routing:hold", args=[refused.public_id]),
        "documents": reverse("routing:documents", args=[corrected.public_id]),
        "document": reverse("routing:document", args=[Document.objects.get().public_id]),
    }


def deferring_snapshot(application):
    snapshot = snapshot_of(application)
    snapshot["materials"][PROOF] |= {"how": "deferred", "defer_days": 7}
    return snapshot


DEFERRED = {"snapshot": factory.LazyAttribute(deferring_snapshot)}
REFUSED = {
    "chosen": ["food-operation", "fire-safety-check", "hotel-special-trade"],
    "on_refusal": OnRefusal.HOLD,
}


def application_of(user, traits):
    application = ApplicationFactory(in_progress=True, filer=user, values=VALUES, **traits)
    MembershipFactory(user=user, enterprise=application.enterprise)
    how = "deferred" if traits is DEFERRED else "upload"
    SubmittedMaterialFactory(application=application, code=PROOF, how=how)
    return application


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(catalogue, live_server, client, width):
    user, addresses = applicants_pages()
    with signed_in_page(client, live_server, user, width) as page:
        for name, address in addresses.items():
            page.goto(address)
            assert_sound(page, name)
        for name, button in (("correction", "提交补正"), ("supply", "补交")):
            page.goto(addresses[name])
            page.get_by_role("button", name=button, exact=True).last.click()
            page.locator("#error-summary").wait_for()
            assert_sound(page, f"{name} with errors")


def test_a_correction_is_answered_with_everything_in_one_form(catalogue, live_server, client, tmp_path):
    user, addresses = applicants_pages()
    paper = tmp_path / "租赁合同.pdf"
    paper.write_bytes(PDF)
    with signed_in_page(client, live_server, user, 390) as page:
        page.goto(addresses["correction"])
        page.get_by_label("第 4 点补正的材料").set_input_files(paper)
        page.get_by_role("textbox", name="营业时间").fill("每天 8:00—22:00")
        page.get_by_role("button", name="提交补正").last.click()
        page.locator("#error-summary").wait_for()
        # What was right is still there; what is missing is added.
        assert page.get_by_text("租赁合同.pdf", exact=True).is_visible()
        page.get_by_role("button", name="再加一行").click()
        assert page.get_by_role("textbox", name="营业时间").input_value() == "每天 8:00—22:00"
        for number, text in ((2, "只在店里卖"), (3, "油烟机已经拆除"), (5, "相距十米")):
            page.get_by_label(f"第 {number} 点的说明").fill(text)
        page.get_by_role("button", name="提交补正").last.click()
        page.get_by_text("5 个工作日内会告诉您是否受理").wait_for()


def test_a_printed_document_has_no_navigation(catalogue, live_server, client):
    user, addresses = applicants_pages()
    with signed_in_page(client, live_server, user, 1280) as page:
        page.goto(addresses["document"])
        page.emulate_media(media="print")
        assert page.locator(".document").is_visible()
        for frame in (".header", ".footer", ".back", ".no-print"):
            assert not page.locator(frame).first.is_visible()
