"""Looking by office (用证): the reason first and on record, then more than the public sees; and who may know of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import clients, measures, official
from certificates.models import LicenceStatus, OfficialLookup
from guidance.models import Role
from licensing.models import MemberRole
from licensing.wording import day_text
from tests.certificates.test_api_sharing import ID_NUMBER
from tests.factories import (
    ClerkFactory,
    DepartmentFactory,
    DivisionFactory,
    LicenceFactory,
    LicenceFileFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WHY = {"reason": "检查餐饮店", "case_number": "JC2026001"}


@pytest.fixture
def licence(catalogue):
    return LicenceFactory(office=OfficeFactory(), face={"legal_rep_id": ID_NUMBER})


@pytest.fixture
def officer():
    return PostFactory(office=OfficeFactory(department=DepartmentFactory(code="urban", name="城市管理局"))).user


def page_of(licence):
    return reverse("certificates:official", args=[licence.holder.public_token])


def look(client, licence, **why):
    return client.post(page_of(licence), WHY | why, follow=True)


def test_nothing_more_than_the_name_is_shown_before_the_reason_is_on_record(client, licence, officer):
    client.force_login(officer)
    before = client.get(page_of(licence)).content.decode()
    assert licence.holder.name in before
    assert licence.number not in before
    assert licence.holder.legal_representative not in before
    after = look(client, licence).content.decode()
    assert licence.number in after
    assert licence.holder.legal_representative in after
    row = OfficialLookup.objects.get()
    assert (row.user, row.office, row.licence, row.client) == (officer, officer.posts.get().office, None, None)
    assert (row.reason, row.case_number) == (WHY["reason"], WHY["case_number"])


def test_the_face_is_masked_and_every_version_is_there(client, licence, officer):
    LicenceFactory(holder=licence.holder, number="NEWER-2", version=2, previous=licence)
    type(licence).objects.filter(pk=licence.pk).update(status=LicenceStatus.LAPSED)
    client.force_login(officer)
    text = look(client, licence).content.decode()
    assert ID_NUMBER not in text
    assert "441***********0011" in text
    assert "NEWER-2" in text
    assert "第 1 版，已经换发为第 2 版" in text


def test_ten_minutes_later_the_reason_is_asked_for_again(client, licence, officer, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(officer)
    look(client, licence)
    time_machine.shift(599)
    assert licence.number in client.get(page_of(licence)).content.decode()
    time_machine.shift(2)
    assert licence.number not in client.get(page_of(licence)).content.decode()


def test_a_colleagues_reason_and_one_for_another_enterprise_do_not_count(client, licence, officer):
    client.force_login(officer)
    look(client, LicenceFactory())
    official.look(licence.holder, PostFactory(office=officer.posts.get().office).user, None, reason="检查")
    assert licence.number not in client.get(page_of(licence)).content.decode()


def test_who_loses_the_post_loses_the_look(client, licence, officer):
    client.force_login(officer)
    look(client, licence)
    officer.posts.all().delete()
    assert client.get(page_of(licence)).status_code == 404


def test_who_works_for_two_offices_says_for_which(client, licence, officer):
    second = PostFactory(user=officer, office=OfficeFactory(division=DivisionFactory(code="441704"))).office
    client.force_login(officer)
    assert "请选择机关" in look(client, licence).content.decode()
    assert not OfficialLookup.objects.exists()
    look(client, licence, office=second.pk)
    assert OfficialLookup.objects.get().office == second


def test_a_clerk_looks_for_no_office(client, licence):
    client.force_login(ClerkFactory().user)
    assert licence.number in look(client, licence).content.decode()
    assert OfficialLookup.objects.get().office is None


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": " \u200b"}, {"reason": "字" * 201}, {"reason": "a\0b"}, {"case_number": "9" * 61}],
)
def test_a_reason_that_is_none_is_refused_at_its_field(client, licence, officer, wrong):
    client.force_login(officer)
    answer = look(client, licence, **wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == wrong.keys()
    assert not OfficialLookup.objects.exists()


def test_a_stranger_signs_in_first_and_applicants_and_operators_without_a_post_find_nothing(client, licence):
    assert client.get(page_of(licence)).url.endswith(f"next={page_of(licence)}")
    unknown = reverse("certificates:official", args=["x" * 32])
    for user in (MembershipFactory(enterprise=licence.holder).user, UserFactory(operator=True)):
        client.force_login(user)
        assert client.get(page_of(licence)).status_code == client.get(unknown).status_code == 404


def test_the_file_opens_to_who_looked_for_five_minutes(client, licence, officer, time_machine):
    LicenceFileFactory(licence=licence)
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(officer)
    (row,) = look(client, licence).context["rows"]
    address = reverse(
        "certificates:official-file", args=[licence.holder.public_token, licence.public_id, row["file_key"]]
    )
    assert b"".join(client.get(address).streaming_content) == b"%PDF"
    client.force_login(PostFactory().user)
    assert client.get(address).status_code == 404
    client.force_login(officer)
    time_machine.shift(301)
    assert client.get(address).status_code == 404


def test_twenty_licences_cost_what_one_does(client, licence, officer):
    client.force_login(officer)
    look(client, licence)
    LicenceFileFactory(licence=licence)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(licence))
        return len(captured)

    first = queries()
    for _ in range(20):
        LicenceFileFactory(licence=LicenceFactory(holder=licence.holder, office=licence.office))
    assert queries() == first


@pytest.fixture
def owner(client, licence):
    return MembershipFactory(enterprise=licence.holder, role=MemberRole.OWNER).user


def owners_page(licence):
    return reverse("certificates:lookups", args=[licence.holder.public_id])


def test_the_owner_learns_which_authority_looked_and_why_but_not_which_person(client, licence, officer, owner):
    officer.name = "欧阳修检查员"
    officer.save()
    official.look(licence.holder, officer, officer.posts.get().office, reason="检查餐饮店")
    official.look(licence.holder, ClerkFactory().user, None, reason="窗口核对")
    system, _ = clients.add(DepartmentFactory(code="fire"), "消防系统", UserFactory(operator=True))
    OfficialLookup.objects.create(enterprise=licence.holder, licence=licence, client=system, reason="消防检查")
    client.force_login(owner)
    text = client.get(owners_page(licence)).content.decode()
    for shown in (
        officer.posts.get().office.name,
        "检查餐饮店",
        "政务服务窗口",
        "窗口核对",
        "消防系统",
        "消防检查",
        licence.number,
    ):
        assert shown in text
    assert officer.name not in text


def test_only_owners_see_who_looked(client, licence):
    agent = MembershipFactory(enterprise=licence.holder, role=MemberRole.AGENT).user
    for user in (agent, MembershipFactory().user):
        client.force_login(user)
        assert client.get(owners_page(licence)).status_code == 404


LIST = "admin:certificates_officiallookup_changelist"


def test_heads_see_their_offices_look_ups_and_operators_all(client, licence, officer):
    office = officer.posts.get().office
    head = PostFactory(office=office, role=Role.HEAD).user
    official.look(licence.holder, officer, office, reason="本机关的检查")
    official.look(licence.holder, PostFactory().user, OfficeFactory(), reason="别的机关的检查")
    system, _ = clients.add(office.department, "城管系统", UserFactory(operator=True))
    OfficialLookup.objects.create(enterprise=licence.holder, client=system, reason="系统的查询")

    def seen(user):
        client.force_login(user)
        answer = client.get(reverse(LIST))
        return [row.reason for row in answer.context["rows"]] if answer.status_code == 200 else answer.status_code

    assert seen(head) == ["系统的查询", "本机关的检查"]
    assert seen(UserFactory(operator=True)) == ["系统的查询", "别的机关的检查", "本机关的检查"]
    assert seen(officer) == 404


def test_look_ups_are_found_by_day_and_person_page_by_page(client, licence, officer, django_assert_max_num_queries):
    office = officer.posts.get().office
    OfficialLookup.objects.bulk_create(
        OfficialLookup(enterprise=licence.holder, user=officer, office=office, reason=f"检查{number}")
        for number in range(60)
    )
    client.force_login(UserFactory(operator=True))
    with django_assert_max_num_queries(6):
        first = client.get(reverse(LIST), {"q": officer.username, "day": timezone.localdate().isoformat()})
    rest = client.get(reverse(LIST), {"before": first.context["earlier"]})
    assert [len(page.context["rows"]) for page in (first, rest)] == [50, 10]
    for nobody in ({"q": "没有这个人"}, {"day": "2020-01-01"}):
        assert client.get(reverse(LIST), nobody).context["rows"] == []
    for rubbish in ({"day": "昨天"}, {"before": "9" * 30}, {"q": "a\0"}):
        assert len(client.get(reverse(LIST), rubbish).context["rows"]) == 50


def test_a_suspended_licence_says_since_when_and_until_when_but_not_what_the_holder_said(client, licence, officer):
    head = PostFactory(office=licence.office, role=Role.HEAD).user
    client.force_login(officer)
    until = timezone.localdate() + timedelta(days=30)
    measure = {
        "document_number": "江市监罚〔2026〕12号",
        "document_date": str(timezone.localdate()),
        "authority": "市监局",
    }
    said = {"reason": "超范围经营", "heard": "家中有病人", "until": str(until)}
    measures.take(licence, head, "suspend", measure | said)
    text = look(client, licence).content.decode()
    assert "暂扣；文书：江市监罚〔2026〕12号" in text
    assert f"暂扣至：{day_text(until)}" in text
    assert "家中有病人" not in text


def test_a_scanned_code_leads_a_clerk_to_the_licences(client, licence):
    client.force_login(ClerkFactory().user)
    scanned = f"http://127.0.0.1:8000/e/{licence.holder.public_token}/"
    assert client.post(reverse("window:home"), {"text": scanned}).url == page_of(licence)
    made_up = client.post(reverse("window:home"), {"text": "http://127.0.0.1:8000/e/" + "x" * 32})
    assert "没有这个企业码" in made_up.content.decode()
    for odd in ("http://[/e/", "/e/", "https://例子/e/短"):
        assert client.post(reverse("window:home"), {"text": odd}).status_code == 200


def test_the_last_day_of_all_is_a_day_to_look_for(client):
    client.force_login(UserFactory(operator=True))
    assert client.get(reverse(LIST), {"day": "9999-12-31"}).status_code == 200
