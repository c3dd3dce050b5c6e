"""The applicant's pages, from "who" to the follow page, in a real Chromium: axe finds nothing, nothing is too wide."""

import pytest
from django.urls import reverse
from django.utils import timezone

from licensing import drafts, papers
from licensing.plan import plan_for
from routing.models import Correction
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import ApplicationFactory, ApprovalTaskFactory, LicenceFactory, UserFactory
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, fill_in, ready
from tests.licensing.test_promises import HYGIENE, SALON, list_as_untrustworthy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def addresses_of(catalogue, city):
    """A person with drafts in every state and one application followed; return (user, {name: address})."""
    user = UserFactory(name="林小雨")
    filled = fill_in(begun(catalogue, RESTAURANT, user=user, division=city))
    founder = begun(catalogue, FOUNDER, user=user, division=city)
    changed = begun(catalogue, RESTAURANT, user=user, division=city)
    drafts.answer(changed, "area", 320)
    signable = ready(catalogue, RESTAURANT, user=user, division=city)
    promised = promising(ready(catalogue, SALON, user=user, division=city))
    barred = fill_in(begun(catalogue, SALON, user=user, division=city))
    list_as_untrustworthy(barred.enterprise)
    codes = ["business-registration", "bank-account", "food-operation", "tobacco-retail"]
    followed = ApplicationFactory(
        in_progress=True, enterprise=filled.enterprise, premises=filled.premises, chosen=codes, declined=["drainage"]
    )
    granted = ApprovalTaskFactory(application=followed, item_code=codes[0], granted=True)
    LicenceFactory(holder=filled.enterprise, source_task=granted)
    ApprovalTaskFactory(application=followed, item_code=codes[1], waiting=True)
    ApprovalTaskFactory(application=followed, item_code=codes[2], accepted=True)
    ApprovalTaskFactory(application=followed, item_code=codes[3], refused=True)
    ended = every_ending(user, filled)

    def page(name, draft, *more):
        return reverse(f"licensing:{name}", args=[draft.public_id, *more])

    return user, {
        "who": page("who", filled),
        "where": page("where", filled),
        "plan": page("plan", filled),
        "changed plan": page("plan", changed),
        "question": page("question", filled, "sectors"),
        "company": page("form", filled, "1"),
        "founder": page("form", founder, "5"),
        "food": page("form", filled, "6"),
        "problems": page("review", filled),
        "review": page("review", signable),
        "promises": page("promises", promised),
        "promised papers": page("papers", promised),
        "promised review": page("review", promised),
        "barred promises": page("promises", barred),
        "barred papers": page("papers", barred),
        "draft": page("detail", filled),
        "delete": page("delete", filled),
        "separate": page("separate", filled),
        "table": page("table", founder, "5", "proposed_names"),
        "followed": page("detail", followed),
        "every ending": page("detail", ended),
        "list": reverse("licensing:list"),
    }


def promising(draft):
    """Its hygiene permit by promise, and one paper left for later."""
    drafts.commit(draft, [HYGIENE], seen=plan_for(draft).fingerprint)
    draft.refresh_from_db()
    paper = next(one for one in papers.ways(draft, plan_for(draft)) if one.later and one.files)
    for file in paper.files:
        papers.detach(draft, file)
    papers.defer(draft, paper)
    return draft


def every_ending(user, filled):
    """An application whose items ended, or wait for the applicant, in every way."""
    statuses = ["correction", "declined", "returned", "withdrawn", "terminated"]
    codes = ["food-operation", "outdoor-ad", "drainage", "tobacco-retail", "bank-account"]
    application = ApplicationFactory(
        in_progress=True, enterprise=filled.enterprise, premises=filled.premises, chosen=codes
    )
    for code, status in zip(codes, statuses, strict=True):
        own = {} if status == "correction" else {"decided": True, "reason": "不属于本机关职权"}
        task = ApprovalTaskFactory(application=application, item_code=code, status=status, **own)
        if status == "correction":
            Correction.objects.create(
                task=task, round=1, issued_by=user, issued_at=timezone.now(), answer_due_on="2026-12-31"
            )
    return application


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(catalogue, city, storage_folder, live_server, client, width):
    user, addresses = addresses_of(catalogue, city)
    with signed_in_page(client, live_server, user, width) as page:
        for name, address in addresses.items():
            page.goto(address)
            assert page.url == live_server.url + address
            assert_sound(page, name)
        leave_all_wrong(page, addresses["founder"])
        assert_sound(page, "errors")


def leave_all_wrong(page, address):
    page.goto(address)
    page.locator("main input[name='proposed_names-0-name']").fill("名" * 101)
    with page.expect_navigation():
        page.locator("main button", has_text="保存并继续").first.click()
    assert page.locator(".error-summary").count() == 1
