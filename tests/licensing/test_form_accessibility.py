"""The applicant's pages, from "who" to the follow page, in a real Chromium: axe finds nothing, nothing is too wide."""

import pytest
from django.urls import reverse

from licensing import drafts
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import ApplicationFactory, ApprovalTaskFactory, LicenceFactory, UserFactory
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, fill_in, ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def addresses_of(catalogue, city):
    """A person with drafts in every state and one application followed; return (user, {name: address})."""
    user = UserFactory(name="林小雨")
    filled = fill_in(begun(catalogue, RESTAURANT, user=user, division=city))
    founder = begun(catalogue, FOUNDER, user=user, division=city)
    changed = begun(catalogue, RESTAURANT, user=user, division=city)
    drafts.answer(changed, "area", 320)
    signable = ready(catalogue, RESTAURANT, user=user, division=city)
    codes = ["business-registration", "bank-account", "food-operation", "tobacco-retail"]
    followed = ApplicationFactory(
        in_progress=True, enterprise=filled.enterprise, premises=filled.premises, chosen=codes, declined=["drainage"]
    )
    granted = ApprovalTaskFactory(application=followed, item_code=codes[0], granted=True)
    LicenceFactory(holder=filled.enterprise, source_task=granted)
    ApprovalTaskFactory(application=followed, item_code=codes[1], waiting=True)
    ApprovalTaskFactory(application=followed, item_code=codes[2], accepted=True)
    ApprovalTaskFactory(application=followed, item_code=codes[3], refused=True)

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
        "draft": page("detail", filled),
        "delete": page("delete", filled),
        "followed": page("detail", followed),
        "list": reverse("licensing:list"),
    }


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
