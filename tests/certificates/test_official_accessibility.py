"""Looking by office in a real Chromium: axe finds nothing and nothing is too wide, on every page of it."""

import pytest
from django.urls import reverse

from certificates import official
from certificates.models import LicenceStatus
from licensing.models import MemberRole
from tests.chromium import WIDTHS, assert_sound, signed_in_page, unfold_all
from tests.factories import (
    CertificateTypeFactory,
    LicenceFactory,
    LicenceFileFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "日常监督检查：核对经营场所的食品经营许可证和营业执照是否在有效期内，是否与实际经营项目一致"


@pytest.fixture
def head(catalogue):
    """An operator who is an officer and owns what they look at, so that one person opens every page."""
    own, office = {"face": {"legal_rep_id": "441702199001010011", "legal_rep_name": "李四"}}, OfficeFactory()
    licence = LicenceFactory(office=office, scope="热食类食品制售；" * 8, status=LicenceStatus.LAPSED, **own)
    newer = LicenceFactory(holder=licence.holder, office=office, version=2, previous=licence, **own)
    LicenceFileFactory(licence=newer)
    LicenceFileFactory(licence=LicenceFactory(holder=licence.holder, face=own["face"]))
    user = PostFactory(office=office, user__operator=True).user
    MembershipFactory(user=user, enterprise=licence.holder, role=MemberRole.OWNER)
    for number in range(3):
        official.look(licence.holder, PostFactory(office=office).user, office, reason=REASON, case_number=f"JC{number}")
    CertificateTypeFactory()
    return user


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_looking_by_office(client, live_server, head, width):
    enterprise = head.memberships.get().enterprise
    with signed_in_page(client, live_server, head, width) as page:
        page.goto(reverse("certificates:official", args=[enterprise.public_token]))
        assert_sound(page, "the reason")
        page.get_by_role("button", name="记录并查看").click()
        assert_sound(page, "none given")
        page.get_by_label("用证事由").fill(REASON)
        page.get_by_role("button", name="记录并查看").click()
        unfold_all(page)
        assert_sound(page, "the licences")
        page.goto(reverse("certificates:lookups", args=[enterprise.public_id]))
        assert_sound(page, "the owner's list")
        page.goto(reverse("admin:certificates_officiallookup_changelist"))
        assert_sound(page, "the head's list")
        page.goto(reverse("admin:certificates_departmentclient_add"))
        assert_sound(page, "a new system")
        page.get_by_label("部门").select_option(index=1)
        page.get_by_label("系统名称").fill("户外广告审批系统")
        page.get_by_role("button", name="保存").click()
        assert_sound(page, "its token")
        page.get_by_role("link", name="已经抄好").click()
        assert_sound(page, "the systems")
        page.get_by_role("link", name="停用").click()
        assert_sound(page, "revoking")
