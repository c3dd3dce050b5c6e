import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing import enterprises
from licensing.enterprises import NotConfirmable, confirm, reject
from licensing.models import Enterprise, EnterpriseEvent, EntityType, MemberRole, Membership, Premises
from tests.factories import (
    ApplicationFactory,
    ClerkFactory,
    DivisionFactory,
    EnterpriseFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
    uscc_of,
)
from tests.licensing.samples import PDF, upload

pytestmark = pytest.mark.django_db
USCC = "914417020000EX015T"
FACTS = {
    "name": "阳江市好味道餐饮有限公司",
    "legal_representative": "李四",
    "entity_type": EntityType.COMPANY,
    "address": "阳江市江城区漠江路1号",
    "scope": "餐饮服务",
}


@pytest.fixture
def clerk():
    return ClerkFactory().user


def waiting(user=None, **facts):
    user = user or UserFactory()
    enterprise = EnterpriseFactory(unverified=True, added_by=user, **{"uscc": USCC} | facts)
    MembershipFactory(user=user, enterprise=enterprise)
    return enterprise


def add(client, **changes):
    typed = {"uscc": USCC, "name": "好味道", "legal_representative": "李四", "role": "owner", "picture": upload()}
    return client.post(reverse("licensing:enterprise-add"), typed | changes, follow=True)


# Adding


def test_an_added_enterprise_waits_for_a_clerk(client, storage_folder):
    user = UserFactory()
    client.force_login(user)
    add(client, uscc=" 91441702-0000ex015t ")
    enterprise = Enterprise.objects.for_applicant(user).get()
    assert (enterprise.uscc, enterprise.added_by, enterprise.trusted) == (USCC, user, False)
    assert enterprise.licence_picture.uploaded_by == user
    assert [(event.kind, event.actor) for event in enterprise.events.all()] == [("added", user)]


def test_adding_the_same_again_keeps_the_first_row_and_its_picture(client, kept):
    client.force_login(UserFactory())
    add(client)
    add(client, name="另一个名称")
    assert Enterprise.objects.get().name == "好味道"
    assert EnterpriseEvent.objects.count() == 1
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("other", ["verified", "unverified"])
def test_the_answer_does_not_tell_whether_somebody_else_has_it(client, storage_folder, other):
    strangers = EnterpriseFactory(uscc=USCC, unverified=other == "unverified", name="别人登记的名称")
    user = UserFactory()
    client.force_login(user)
    page = add(client)
    assert page.redirect_chain
    assert "已经添加到您的企业里" in page.content.decode()
    assert strangers.name not in page.content.decode()
    assert str(strangers.public_id) not in page.redirect_chain[-1][0]
    own = Enterprise.objects.for_applicant(user).get()
    assert own != strangers
    assert not own.trusted


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uscc": "914417020000EX015X"}, "对不上自身的校验码"),
        ({"uscc": "114417000000EX0G8Y"}, "91、92 或 93"),
        ({"uscc": ""}, "请填写统一社会信用代码"),
        ({"name": ""}, "请填写营业执照上的名称"),
        ({"picture": ""}, "请选择营业执照的照片或扫描件"),
        ({"picture": upload(b"")}, "空文件"),
        ({"picture": upload(b"MZ program")}, "请上传 PDF、JPG 或 PNG"),
        ({"role": ""}, "请选一项"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(client, kept, changes, sentence):
    client.force_login(UserFactory())
    assert sentence in add(client, **changes).content.decode()
    assert Enterprise.objects.count() == 0
    assert kept() == []


def test_a_rejected_enterprise_is_mended_and_sent_again(client, clerk, storage_folder):
    user = UserFactory()
    client.force_login(user)
    add(client)
    enterprise = reject(Enterprise.objects.get(), clerk, "照片看不清")
    page = client.get(reverse("licensing:enterprise-add"), {"again": enterprise.public_id}).content.decode()
    assert "照片看不清" in page
    assert USCC in page
    add(client, name="阳江市好味道餐饮有限公司")
    mended = Enterprise.objects.unconfirmed().get()
    assert (mended.pk, mended.name) == (enterprise.pk, "阳江市好味道餐饮有限公司")
    assert [event.kind for event in mended.events.all()] == ["added", "rejected", "sent_again"]
    # The picture the clerk rejected stays on record.
    assert len({event.picture_id for event in mended.events.all()}) == 2


def test_the_way_on_leads_only_to_pages_of_ours(client, storage_folder):
    client.force_login(UserFactory())
    assert add(client, next="/enterprises/").redirect_chain[-1][0] == "/enterprises/"
    assert add(client, next="https://example.com/").redirect_chain[-1][0].startswith("/enterprises/")


# Confirming


def test_a_clerk_confirms_what_the_picture_shows(clerk):
    enterprise = confirm(waiting(name="好味道"), clerk, FACTS)
    assert (enterprise.name, enterprise.verified_by, enterprise.trusted) == (FACTS["name"], clerk, True)
    assert enterprise.verified_at
    event = enterprise.events.get()
    assert (event.kind, event.actor) == ("confirmed", clerk)


def test_a_rejection_keeps_who_and_why(clerk):
    enterprise = reject(waiting(), clerk, "照片不是营业执照")
    assert enterprise.rejected_at
    assert not enterprise.trusted
    event = enterprise.events.get()
    assert (event.kind, event.actor, event.reason) == ("rejected", clerk, "照片不是营业执照")


def test_a_clerk_does_not_decide_on_their_own(clerk):
    own, as_agent = waiting(clerk), waiting(uscc=uscc_of(1))
    MembershipFactory(user=clerk, enterprise=as_agent, role=MemberRole.AGENT)
    for enterprise in (own, as_agent):
        with pytest.raises(NotConfirmable, match="不能确认自己"):
            confirm(enterprise, clerk, FACTS)
        with pytest.raises(NotConfirmable, match="不能确认自己"):
            reject(enterprise, clerk, "x")
    assert Enterprise.objects.exclude(verified_at=None).count() == 0


def test_nobody_but_a_clerk_confirms():
    with pytest.raises(NotConfirmable):
        confirm(waiting(), UserFactory(operator=True), FACTS)


def test_what_is_decided_is_not_decided_again(clerk):
    enterprise, other = waiting(), ClerkFactory().user
    reject(enterprise, clerk, "照片不是营业执照")
    with pytest.raises(NotConfirmable, match="另一位窗口人员"):
        confirm(enterprise, other, FACTS)
    assert enterprise.events.count() == 1


def test_a_second_row_of_one_enterprise_is_merged_into_the_confirmed_one(clerk):
    confirmed = EnterpriseFactory(uscc=USCC)
    owner, shared = MembershipFactory(enterprise=confirmed).user, UserFactory()
    MembershipFactory(user=shared, enterprise=confirmed, until="2020-01-01")
    same = PremisesFactory(enterprise=confirmed, address="江城区漠江路1号")
    duplicate = waiting(shared, name="好味道")
    agent = MembershipFactory(enterprise=duplicate, role=MemberRole.AGENT).user
    drafts = [
        ApplicationFactory(enterprise=duplicate, premises=PremisesFactory(enterprise=duplicate, address=address))
        for address in ("江城区漠江路1号", "江城区漠江路2号")
    ]
    result = confirm(duplicate, clerk, None, into=confirmed)
    assert result == confirmed
    assert not Enterprise.objects.filter(pk=duplicate.pk).exists()
    assert {member.user for member in confirmed.memberships.current()} == {owner, shared, agent}
    assert {place.address for place in confirmed.premises.all()} == {"江城区漠江路1号", "江城区漠江路2号"}
    for draft in drafts:
        draft.refresh_from_db()
        assert draft.enterprise == draft.premises.enterprise == confirmed
    assert drafts[0].premises == same
    assert [(event.kind, event.actor) for event in confirmed.events.all()] == [("merged", clerk)]


def test_a_merge_leaves_the_confirmed_facts_alone(clerk):
    confirmed = EnterpriseFactory(uscc=USCC, name="登记的名称")
    confirm(waiting(name="写错的名称"), clerk, FACTS, into=confirmed)
    confirmed.refresh_from_db()
    assert confirmed.name == "登记的名称"


@pytest.mark.parametrize("seen", [True, False])
def test_who_joins_whom_must_be_what_the_clerk_saw(clerk, seen):
    enterprise = waiting()
    other = EnterpriseFactory(uscc=uscc_of(7) if seen else USCC)
    with pytest.raises(NotConfirmable, match="刚刚有变化"):
        confirm(enterprise, clerk, FACTS, into=other if seen else None)
    assert Enterprise.objects.filter(pk=enterprise.pk, verified_at=None).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [1, 2])
def test_of_two_clerks_at_once_one_wins_and_the_other_is_told(rows):
    for serial in range(5):
        targets = [waiting(uscc=uscc_of(serial)) for _ in range(rows)]
        clerks = [ClerkFactory().user, ClerkFactory().user]
        barrier, told, failed = threading.Barrier(2), [], []

        def run(enterprise, user, barrier=barrier, told=told, failed=failed):
            try:
                barrier.wait(timeout=10)
                confirm(enterprise, user, FACTS)
            except NotConfirmable as sentence:
                told.append(str(sentence))
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=run, args=pair) for pair in zip([targets[0], targets[-1]], clerks, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert failed == []
        assert len(told) == 1
        assert Enterprise.objects.filter(uscc=uscc_of(serial)).exclude(verified_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_add_one_enterprise():
    user, barrier = UserFactory(), threading.Barrier(2)

    def run():
        barrier.wait(timeout=10)
        enterprises.add(user, uscc=USCC, name="好味道", legal_representative="李四", picture=None)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Enterprise.objects.get().memberships.count() == 1


# The clerks' pages


def decide(client, enterprise, **typed):
    return client.post(reverse("licensing:confirmation", args=[enterprise.public_id]), typed, follow=True)


def test_the_queue_shows_the_oldest_first_and_nothing_of_the_clerks_own(client, clerk):
    first, second, _own = waiting(), waiting(uscc=uscc_of(2)), waiting(clerk, uscc=uscc_of(3))
    EnterpriseFactory()
    EnterpriseFactory(founder=True)
    client.force_login(clerk)
    page = client.get(reverse("licensing:confirmations"))
    assert list(page.context["page"]) == [first, second]


def test_the_queue_costs_the_same_whatever_its_length(client, clerk, django_assert_num_queries):
    client.force_login(clerk)
    waiting(uscc=uscc_of(99))
    with CaptureQueriesContext(connection) as short:
        client.get(reverse("licensing:confirmations"))
    for serial in range(24):
        waiting(uscc=uscc_of(serial))
    with django_assert_num_queries(len(short)):
        page = client.get(reverse("licensing:confirmations"))
    assert len(page.context["page"].object_list) == 20
    assert len(client.get(reverse("licensing:confirmations"), {"page": 2}).context["page"].object_list) == 5


@pytest.mark.parametrize("person", [lambda: UserFactory(), lambda: UserFactory(operator=True)])
def test_who_is_no_clerk_finds_no_window(client, person):
    enterprise = waiting()
    client.force_login(person())
    assert client.get(reverse("licensing:confirmations")).status_code == 404
    assert client.get(reverse("licensing:confirmation", args=[enterprise.public_id])).status_code == 404
    assert decide(client, enterprise, action="confirm", checked="on", **FACTS).status_code == 404
    assert not Enterprise.objects.get().trusted


def test_a_clerk_confirms_on_the_page(client, clerk, storage_folder):
    owner = UserFactory()
    client.force_login(owner)
    add(client)
    enterprise = Enterprise.objects.get()
    client.force_login(clerk)
    page = client.get(reverse("licensing:confirmation", args=[enterprise.public_id])).content.decode()
    assert reverse("licensing:file", args=[enterprise.licence_picture.public_id]) in page
    refused = decide(client, enterprise, action="confirm", **FACTS)
    assert "核对无误后，请在这里打勾" in refused.content.decode()
    decide(client, enterprise, action="confirm", checked="on", **FACTS)
    enterprise.refresh_from_db()
    assert (enterprise.name, enterprise.verified_by) == (FACTS["name"], clerk)


def test_a_scanned_licence_is_offered_for_download(client, clerk, storage_folder):
    client.force_login(UserFactory())
    add(client, picture=upload(PDF, "执照.pdf"))
    client.force_login(clerk)
    page = client.get(reverse("licensing:confirmation", args=[Enterprise.objects.get().public_id]))
    assert "下载营业执照扫描件（PDF）" in page.content.decode()


def test_the_type_must_fit_the_code(client, clerk):
    enterprise = waiting(uscc="924417040000EX0K0P", entity_type="")
    client.force_login(clerk)
    decide(client, enterprise, action="confirm", checked="on", **FACTS)
    assert not Enterprise.objects.get().trusted
    decide(client, enterprise, action="confirm", checked="on", **FACTS | {"entity_type": "individual"})
    assert Enterprise.objects.get().trusted


def test_a_clerk_rejects_only_with_a_reason(client, clerk):
    enterprise = waiting()
    client.force_login(clerk)
    assert "请写明原因" in decide(client, enterprise, action="reject", reason=" ").content.decode()
    decide(client, enterprise, action="reject", reason="照片不是营业执照")
    assert Enterprise.objects.get().rejection_reason == "照片不是营业执照"


def test_joining_a_confirmed_enterprise_is_shown_before_it_is_agreed_to(client, clerk):
    confirmed = EnterpriseFactory(uscc=USCC, name="登记的名称")
    present = MembershipFactory(enterprise=confirmed).user
    enterprise = waiting()
    client.force_login(clerk)
    page = client.get(reverse("licensing:confirmation", args=[enterprise.public_id])).content.decode()
    assert "登记的名称" in page
    assert present.name in page
    # Sent from a page that was opened before the other row was confirmed.
    decide(client, enterprise, action="confirm", checked="on", **FACTS)
    assert confirmed.memberships.count() == 1
    decide(client, enterprise, action="confirm", checked="on", into=str(confirmed.public_id))
    assert confirmed.memberships.count() == 2


def test_the_slower_clerk_is_told(client, clerk):
    enterprise = waiting()
    confirm(enterprise, ClerkFactory().user, FACTS)
    client.force_login(clerk)
    page = decide(client, enterprise, action="reject", reason="x")
    assert "可能另一位窗口人员刚刚处理过" in page.content.decode()
    assert Enterprise.objects.get().trusted


# The applicant's pages


def add_premises(client, enterprise, **changes):
    typed = {"name": "漠江路店", "division": DivisionFactory().pk, "address": "江城区漠江路 １８ 号"}
    return client.post(reverse("licensing:premises-add", args=[enterprise.public_id]), typed | changes)


def test_premises_are_kept_with_their_address_folded(client):
    member = MembershipFactory()
    client.force_login(member.user)
    for _ in range(2):
        assert add_premises(client, member.enterprise).status_code == 302
    assert Premises.objects.get().address == "江城区漠江路18号"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "请给这个场所起个名字"),
        ({"address": "18"}, "请写到路名和门牌号"),
        ({"division": ""}, "请选择所在区县"),
        ({"address": "阳东区始兴路8号"}, "地址里写的是阳东区，和选择的江城区不一致"),
        ({"address": "江城区漠江路1号"}, "这个地址已经添加过，名称是“老店”"),
    ],
)
def test_premises_that_cannot_be_right_are_refused(client, changes, sentence):
    member = MembershipFactory()
    DivisionFactory(code="441704")
    PremisesFactory(enterprise=member.enterprise, name="老店", address="江城区漠江路1号")
    client.force_login(member.user)
    assert sentence in add_premises(client, member.enterprise, **changes).content.decode()
    assert Premises.objects.count() == 1


def test_the_city_itself_is_no_place_of_business(client):
    member = MembershipFactory()
    client.force_login(member.user)
    assert (
        "请从列出的区县里选"
        in add_premises(client, member.enterprise, division=DivisionFactory().parent.pk).content.decode()
    )


@pytest.mark.parametrize("name", ["licensing:enterprise", "licensing:premises-add"])
def test_an_enterprise_is_its_members(client, name):
    member, former = MembershipFactory(), UserFactory()
    MembershipFactory(user=former, enterprise=member.enterprise, until="2020-01-01")
    address = reverse(name, args=[member.enterprise.public_id])
    for user, status in [(member.user, 200), (former, 404), (UserFactory(), 404), (ClerkFactory().user, 404)]:
        client.force_login(user)
        assert client.get(address).status_code == status
