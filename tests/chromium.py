"""A real Chromium, and what every page must stand: axe's rules, all of them, and no need to push it sideways.

Rows are made before it starts: Playwright runs a loop in this thread, in which Django refuses to ask the database.
"""

from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.system_packages import CHROMIUM

WIDTHS = [390, 1280]


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def context_of(browser, width, **options):
    return browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)


@contextmanager
def signed_in_page(client, live_server, user, width):
    """A page of that width, of a browser in which the user is signed in."""
    client.force_login(user)
    with chromium() as browser:
        context = context_of(browser, width, base_url=live_server.url)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        yield context.new_page()


def unfold_all(page):
    settled(page).locator("summary").evaluate_all("folded => folded.forEach(one => one.click())")


def settled(page):
    """The page once it is whole: a click is done as soon as the next page begins, which has no elements yet.

    Before whatever reads the page as it stands; what waits for an element by itself needs it not.
    """
    page.wait_for_load_state()
    return page


def assert_sound(page, name):
    settled(page)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
