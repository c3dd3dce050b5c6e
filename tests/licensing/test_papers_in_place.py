"""The papers' page with script, in a real Chromium on a phone: sources answer and files arrive without a new page."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from licensing import fetching
from licensing.files import quarantine
from licensing.models import SharedRecord
from tests.chromium import assert_sound, chromium, context_of
from tests.exchange.sharing_server import source_at
from tests.licensing.drafting import RESTAURANT, begun
from tests.licensing.samples import PDF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = "#mat-food-rules"


@pytest.fixture
def page(catalogue, city, storage_folder, live_server, client, register):
    draft = begun(catalogue, RESTAURANT, division=city)
    source_at(register)
    client.force_login(draft.filer)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    with chromium() as browser:
        context = context_of(browser, 390, has_touch=True, is_mobile=True)
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(live_server.url + reverse("licensing:papers", args=[draft.public_id]))
        # Lost by any new page.
        page.evaluate("window.same = true")
        yield page


def as_worker(task):
    """Do it where no loop of Playwright runs."""

    def run():
        task()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def choose(page, name, content):
    page.set_input_files(f"#files-{RULES[1:]}", {"name": name, "mimeType": "application/pdf", "buffer": content})
    page.click(f"#upload-{RULES[1:]}")


def test_files_arrive_or_are_refused_and_sources_answer_without_a_new_page(page):
    assert page.locator("#camera-mat-food-rules").is_visible()
    choose(page, "制度.pdf", PDF)
    page.wait_for_selector(f"{RULES} >> text=制度.pdf")
    as_worker(quarantine.check_waiting)
    page.wait_for_selector(f"{RULES}-state >> text=已上传")
    choose(page, "坏.pdf", b"MZ")
    page.wait_for_selector(f"{RULES} .errorlist")
    assert_sound(page, "refused")
    page.route("**/papers/mat-food-rules/", lambda route: route.abort())
    choose(page, "二.pdf", PDF)
    page.wait_for_selector(f"{RULES} .paper__failed")
    assert page.evaluate("window.same")


def test_what_a_source_answers_is_told_when_it_comes(page):
    page.click("#lookups button")
    page.wait_for_selector("#lookups >> text=正在查询 1 份材料")
    page.evaluate("window.same = true")
    as_worker(lambda: fetching.fetch(SharedRecord.objects.get().pk))
    page.wait_for_selector("#lookups >> text=查到 1 份，不用您交")
    assert page.evaluate("window.same")
    assert_sound(page, "found")
    page.click("#lookups a")
    page.wait_for_selector("#spared >> text=不动产权证书")
