"""The map in a real Chromium, at phone and desk width, and on paper."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from routing.decisions import accept, grant, refuse
from routing.models import ApprovalTask
from routing.prerequisites import release_dependents
from routing.splitting import split_application
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import ApplicationFactory, MembershipFactory, PostFactory, PremisesFactory, offices_everywhere
from tests.licensing.drafting import FOUNDER, session_of
from tests.routing.conftest import write_first_terms
from tests.routing.test_decisions import FACE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = [
    "radiation-safety",
    "radiology",
    "medical-institution",
    "food-operation",
    "fire-safety-check",
    "hotel-special-trade",
    "drainage",
]


def applications_pages(catalogue):
    """An application of which one item is granted, one refused, one ended with it and one waits: (user, address)."""
    write_first_terms()
    call_command("load_calendar", verbosity=0)
    premises = PremisesFactory(division=offices_everywhere(catalogue))
    one = {"enterprise": premises.enterprise, "premises": premises, "chosen": CHOSEN}
    application = ApplicationFactory(submitted=True, **one)
    split_application(application_id=application.pk)
    for code, act in (
        ("drainage", lambda task, officer: grant(task, officer, FACE)),
        ("fire-safety-check", lambda task, officer: refuse(task, officer, "疏散通道不够宽。")),
    ):
        task = ApprovalTask.objects.get(application=application, item_code=code)
        officer = PostFactory(office=task.office).user
        accept(task, officer)
        act(ApprovalTask.objects.get(pk=task.pk), officer)
    release_dependents(application.pk)
    user = MembershipFactory(enterprise=premises.enterprise).user
    return user, reverse("licensing:detail", args=[application.public_id])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_map_fits_and_axe_finds_nothing(catalogue, live_server, client, width):
    user, followed = applications_pages(catalogue)
    planned = reverse("routing:map", args=[session_of(catalogue, FOUNDER).public_id])
    shown, hidden = ("narrow", "wide") if width == 390 else ("wide", "narrow")
    with signed_in_page(client, live_server, user, width) as page:
        for address in (planned, followed):
            page.goto(address)
            assert_sound(page, address)
            assert page.locator(f".map__picture--{shown}").is_visible()
            assert not page.locator(f".map__picture--{hidden}").is_visible()
            # Each text as it is really set: none outside of the picture, none smaller than 14 pixels.
            picture = page.locator(f".map__picture--{shown}")
            words = picture.locator("text").evaluate_all(SET)
            assert min(size for size, *_ in words) >= 14
            assert all(inside for _, inside, _ in words)
            assert [text for _, _, text in words]
            assert picture.locator("g g text").evaluate_all(IN_ITS_BOX) == []
        page.emulate_media(media="print")
        assert page.locator(".map__strips svg").first.is_visible()
        assert not page.locator(".map__picture--wide").is_visible()
        assert page.locator("#map-rows").is_visible()


# [size on the screen, does it lie within the picture?, the text]
SET = """texts => texts.map(text => {
  const picture = text.ownerSVGElement, own = text.getBoundingClientRect(), whole = picture.getBoundingClientRect()
  const scale = whole.width / picture.viewBox.baseVal.width
  return [parseFloat(getComputedStyle(text).fontSize) * scale, own.left >= whole.left && own.right <= whole.right,
          text.textContent]
})"""
# The texts that stand out of the box they belong to.
IN_ITS_BOX = """texts => texts.filter(text => {
  const box = text.parentElement.querySelector('rect').getBoundingClientRect(), own = text.getBoundingClientRect()
  return own.left < box.left || own.right > box.right || own.top < box.top - 1 || own.bottom > box.bottom + 1
}).map(text => text.textContent)"""
