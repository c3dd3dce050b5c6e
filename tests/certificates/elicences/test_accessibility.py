"""The pages of e-licences in a real Chromium, at the width of a phone and of a desk: axe finds nothing."""

import pytest
from django.urls import reverse

from tests.certificates.elicences.conftest import bytes_of
from tests.chromium import WIDTHS, assert_sound, chromium, context_of
from tests.factories import LicenceFactory, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def uploads(made, licence):
    """{name: bytes} of a file for each thing that the page may say."""
    held = licence(scope="热食类食品制售；" * 12)
    good = bytes_of(made(held))
    return {"sample": good, "changed": good.replace(b"Seal", b"Sea1"), "none": b"no pdf"}


def test_axe_finds_nothing(live_server, client, made, licence):
    files, owner = uploads(made, licence), MembershipFactory()
    held, unidentified = licence(holder=owner.enterprise), LicenceFactory(holder=owner.enterprise)
    client.force_login(owner.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    with chromium() as browser:
        for width in WIDTHS:
            context = context_of(browser, width, base_url=live_server.url)
            page = context.new_page()
            for name, content in files.items():
                page.goto("/verify/")
                page.set_input_files(
                    "input[type=file]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
                )
                page.get_by_role("button", name="查验").click()
                page.wait_for_load_state()
                assert_sound(page, name)
            context.add_cookies([cookie])
            for one in (held, unidentified):
                page.goto(reverse("certificates:file", args=[one.public_id]))
                assert_sound(page, str(one))
