"""The account pages in a real Chromium, at phone and desk width: axe finds nothing, and they work without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import sync_playwright

from tests.factories import UserFactory
from tests.system_packages import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
    "account_email_verification_sent",
    "portal:home",
    "portal:privacy",
)
LETTERS = ("/accounts/password/reset/key/1-used/", "/accounts/confirm-email/used/", "/no-such-page/")
SIGNED_IN = ("account_change_password", "account_logout", "portal:home")


# Rows are made before the browser starts: Playwright runs a loop in this thread, where Django refuses to.
@pytest.fixture
def session(live_server, client, catalogue):
    client.force_login(UserFactory())
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


@pytest.fixture(params=[390, 1280])
def browser(request, session, live_server):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield lambda **options: chromium.new_context(
            viewport={"width": request.param, "height": 900}, locale="zh-CN", base_url=live_server.url, **options
        )
        chromium.close()


def check(page, path):
    page.goto(path)
    inspect(page, path)


def inspect(page, name):
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    # Nothing is wider than the window: nobody has to push the page sideways.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_axe_finds_nothing_on_the_account_pages(browser, session):
    context = browser()
    page = context.new_page()
    for path in [*map(reverse, OPEN), *LETTERS]:
        check(page, path)
    page.goto(reverse("account_signup"))
    page.click("main .button")
    inspect(page, "sign-up with errors")
    context.add_cookies([session])
    for path in map(reverse, SIGNED_IN):
        check(page, path)


def test_without_script_somebody_signs_up_out_and_in(browser):
    page = browser(java_script_enabled=False).new_page()
    page.goto(reverse("account_signup"))
    for label, text in {"邮箱": "chen@example.com", "姓名": "陈大文"}.items():
        page.get_by_label(label, exact=True).fill(text)
    for label in ("设一个密码", "再输一遍密码"):
        page.get_by_label(label, exact=True).fill("yang-jiang-2026")
    page.get_by_label("我已阅读并同意《隐私说明》").check()
    page.get_by_role("button", name="注册并登录").click()
    page.get_by_role("button", name="退出").click()
    page.goto(reverse("account_login"))
    page.get_by_label("邮箱或用户名").fill("chen@example.com")
    page.get_by_label("密码", exact=True).fill("yang-jiang-2026")
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("link", name="陈大文").is_visible()
