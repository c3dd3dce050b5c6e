"""The account pages in a real Chromium, at phone and desk width: axe finds nothing, and they work without script."""

import pytest
from django.urls import reverse

from tests.chromium import WIDTHS, assert_sound, chromium, context_of
from tests.factories import UserFactory

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


@pytest.fixture
def session(live_server, client, catalogue):
    client.force_login(UserFactory())
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


@pytest.fixture(params=WIDTHS)
def browser(request, session, live_server):
    with chromium() as running:
        yield lambda **options: context_of(running, request.param, base_url=live_server.url, **options)


def check(page, path):
    page.goto(path)
    assert_sound(page, path)


def test_axe_finds_nothing_on_the_account_pages(browser, session):
    context = browser()
    page = context.new_page()
    for path in [*map(reverse, OPEN), *LETTERS]:
        check(page, path)
    page.goto(reverse("account_signup"))
    page.click("main .button")
    assert_sound(page, "sign-up with errors")
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
