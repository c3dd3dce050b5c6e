"""A printed package at the window in a real Chromium: scanned, ticked, flagged, receipted, signed and submitted."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from licensing.models import FileState, Status, StoredFile
from tests.chromium import assert_sound, settled, signed_in_page
from tests.factories import EnterpriseFactory
from tests.licensing.drafting import RESTAURANT, begun, fill_in
from tests.licensing.samples import picture
from tests.window.conftest import ID_NUMBER
from window.models import Receipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCAN = {"name": "扫描件.png", "mimeType": "image/png", "buffer": picture(size=(60, 40))}


@pytest.fixture
def draft(catalogue, city):
    """Filled online by 李四, who printed the package and now brings it with the papers."""
    enterprise = EnterpriseFactory(legal_representative="李四")
    return fill_in(fill_in(begun(catalogue, RESTAURANT, enterprise=enterprise, division=city)))


def test_a_printed_package_is_taken_in_and_submitted(draft, clerk, client, live_server):
    with signed_in_page(client, live_server, clerk, 1280) as page:
        _open(page, draft.draft_code)
        _hand_in(page, without=1)
        assert "没有盖章" in page.inner_text("article")
        page.get_by_role("link", name="返回这份申请").last.click()
        _open_by_keyboard(page, "收件")
        _hand_in(page)
        assert "补充" in page.inner_text("article")
        _in_a_thread(_files_are_clean)
        page.get_by_role("link", name="接着提交").click()
        _submit(page)
        for name in ("home", "start", "shelf", "today"):
            page.goto(reverse(f"window:{name}"))
            assert_sound(page, name)
    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED
    assert draft.signature.witness == clerk
    first, second = Receipt.objects.order_by("pk")
    assert (len(first.missing), second.missing, second.previous) == (1, [], first)


def _open(page, code):
    """Look up and open what is to be done, without touching the mouse."""
    page.goto(reverse("window:home"))
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/window/cases/**")
    assert_sound(page, "case")
    _open_by_keyboard(page, "收件")
    page.get_by_label("法定代表人（负责人、经营者）本人到场").check()
    page.get_by_label("姓名").fill("李四")
    page.get_by_label("身份证号码").fill(ID_NUMBER)
    assert_sound(page, "receive")


def _open_by_keyboard(page, name):
    """The page's main action has the focus as it opens: Enter follows it."""
    assert name in settled(page).evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receive/")


def _hand_in(page, *, without=0):
    """Tick and scan every paper still to be handed in but the last `without`, which are flagged; take the receipt."""
    papers = page.locator("fieldset.paper").filter(has_text="要交").all()
    for number, paper in enumerate(papers):
        if number < len(papers) - without:
            paper.get_by_label("原件已核对").check()
            paper.get_by_label("扫描件").set_input_files(SCAN)
        else:
            paper.get_by_label("缺什么、哪里不对").fill("没有盖章")
    page.get_by_role("button", name="出收件凭证").click()
    page.wait_for_url("**/window/receipts/**")
    assert_sound(page, "receipt")


def _submit(page):
    assert_sound(page, "case, complete")
    page.get_by_role("link", name="核对签名，提交").click()
    page.get_by_label("签好名的申请表").set_input_files(SCAN)
    page.get_by_label("我已核对").check()
    assert_sound(page, "submit")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="YZ").wait_for()
    assert_sound(page, "submitted")


def _files_are_clean():
    """What the worker finds: the scans are harmless."""
    StoredFile.objects.filter(state=FileState.CHECKING).update(state=FileState.CLEAN, checked_at=timezone.now())


def _in_a_thread(act):
    """Playwright's loop runs in this thread, where Django refuses to ask the database."""

    def run():
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
