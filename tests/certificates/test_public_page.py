import re
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from certificates import ending
from certificates.log import record_imported
from certificates.models import Licence, LicenceStatus
from certificates.public.facts import look_up
from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory, PremisesFactory, UserFactory


def page_of(client, enterprise):
    return client.get(reverse("certificates:public", args=[enterprise.public_token]))


def test_a_stranger_sees_the_enterprise_and_all_its_licences(client, db):
    licence = LicenceFactory(scope="热食类食品制售", valid_until=None)
    text = page_of(client, licence.holder).content.decode()
    enterprise = licence.holder
    for shown in (enterprise.name, enterprise.uscc, "公司", enterprise.address, enterprise.scope):
        assert shown in text
    for shown in (licence.name, licence.number, licence.authority, licence.scope, licence.premises.address):
        assert shown in text
    assert "2024年5月6日" in text
    assert "长期" in text
    assert "有效证照（1）" in text
    assert "已失效证照" not in text


def test_an_expired_licence_is_shown_as_expired_though_nobody_ticked_it(client, db, time_machine):
    licence = LicenceFactory()
    time_machine.move_to("2029-05-05 12:00 +0800")
    assert "有效证照（1）" in page_of(client, licence.holder).content.decode()
    time_machine.move_to("2029-05-06 00:30 +0800")
    text = page_of(client, licence.holder).content.decode()
    assert "已失效证照（1）" in text
    assert "已过期" in text
    assert "目前没有有效的证照" in text


@pytest.mark.parametrize("status", [status for status in LicenceStatus if status != LicenceStatus.VALID])
def test_a_licence_out_of_force_is_shown_with_its_own_word(client, db, status):
    licence = LicenceFactory(status=status, valid_until=None)
    facts = look_up(licence.holder.public_token)
    assert [(shown["status"], shown["valid"]) for shown in facts["licences"]] == [(status.label, False)]
    group = "暂扣的证照（1）" if status == LicenceStatus.SUSPENDED else "已失效证照（1）"
    text = page_of(client, licence.holder).content.decode()
    assert text.index("目前没有有效的证照") < text.index(group) < text.index(f">{status.label}</span>")


def test_the_page_agrees_with_the_licences_in_force(db):
    holder = LicenceFactory().holder
    LicenceFactory(holder=holder, valid_until="2025-01-01")
    LicenceFactory(holder=holder, status=LicenceStatus.REVOKED)
    valid = {licence["number"] for licence in look_up(holder.public_token)["licences"] if licence["valid"]}
    assert valid == set(Licence.objects.valid().values_list("number", flat=True))


def test_the_business_licence_says_how_the_enterprise_stands(db):
    enterprise = EnterpriseFactory()
    assert look_up(enterprise.public_token)["status"] == "已核验"
    register = {"holder": enterprise, "item_code": "business-registration", "premises": None}
    first = LicenceFactory(**register, valid_until=None)
    assert look_up(enterprise.public_token)["status"] == "存续"
    Licence.objects.filter(pk=first.pk).update(status=LicenceStatus.REVOKED)
    assert look_up(enterprise.public_token)["status"] == "吊销"


def test_nothing_beyond_the_white_list_leaves_the_house(client, db):
    """No representative, no person, no number of theirs, no home, no file, no face values, no inner number."""
    member = MembershipFactory(user__name="王小五", user__email="wang@example.com", user__phone="13800138000")
    enterprise = member.enterprise
    enterprise.register = {"registered_capital": "765.43", "legal_rep_phone": "13900139000"}
    enterprise.legal_representative = "赵钱孙"
    enterprise.save()
    face = {"legal_rep_name": "赵钱孙", "legal_rep_id": "441702199001010011", "home_address": "白沙街道兴隆里8号301"}
    licence = LicenceFactory(holder=enterprise, face=face, identifier="1.2.156.3005.2.TYPE.ISSUER.SERIAL.001.C")
    secrets = [*face.values(), *enterprise.register.values(), member.user.name, member.user.email, member.user.phone]
    secrets += [enterprise.verified_by.name, licence.identifier, str(licence.public_id), str(enterprise.public_id)]
    for text in (page_of(client, enterprise), client.post("/look-up/", {"text": enterprise.uscc})):
        assert [secret for secret in secrets if secret in text.content.decode()] == []
    assert look_up(enterprise.public_token).keys() == {
        *("name", "uscc", "type", "status", "address", "scope", "as_of", "licences", "entity_type", "standing")
    }


def test_a_version_that_another_replaced_is_left_out(client, db):
    old = LicenceFactory(status=LicenceStatus.LAPSED)
    new = LicenceFactory(holder=old.holder, number=old.number, version=2, previous=old, premises=None, scope="新的范围")
    assert [licence["scope"] for licence in look_up(old.holder.public_token)["licences"]] == [new.scope]
    Licence.objects.filter(pk=old.pk).update(status=LicenceStatus.CANCELLED)
    assert len(look_up(old.holder.public_token)["licences"]) == 2


def test_it_says_where_to_complain_and_where_staff_see_more(client, db):
    enterprise = EnterpriseFactory()
    text = page_of(client, enterprise).content.decode()
    assert [link for link in ('href="tel:12345"', 'href="https://www.12315.cn"') if link not in text] == []
    assert urljoin(reverse("certificates:public", args=["x"]), "official/") == reverse(
        "certificates:official", args=["x"]
    )
    assert 'href="official/"' in text


def test_three_hundred_licences_come_in_pages_of_thirty_kilobytes(client, db, django_assert_num_queries):
    holder = EnterpriseFactory(scope="餐饮服务；" * 400)
    states = [LicenceStatus.VALID, LicenceStatus.SUSPENDED, LicenceStatus.CANCELLED]
    for serial in range(300):
        scope = ("热食类食品制售；", "<b>&'\"</b>" * 500, "")[serial % 3]
        LicenceFactory(holder=holder, premises=None, status=states[serial // 100], scope=scope)
    with django_assert_num_queries(1):
        first = page_of(client, holder).content.decode()
    pages = int(re.search("第 1 页，共 (\\d+) 页", first)[1])
    for language in ("zh", "en"):
        asked = [client.get(f"/e/{holder.public_token}/?lang={language}&page={page}") for page in range(1, pages + 1)]
        assert max(len(answer.content) for answer in asked) <= 30_000
        numbers = [number for answer in asked for number in re.findall("JY\\d+", answer.content.decode())]
        assert sorted(numbers) == sorted(holder.licences.values_list("number", flat=True))
    assert "有效证照（100）" in first
    assert "暂扣的证照" not in first


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "2", "%00", "１"])
def test_a_page_that_is_not_there_is_the_nearest(client, db, number):
    enterprise = EnterpriseFactory()
    assert client.get(f"/e/{enterprise.public_token}/?page={number}").status_code == 200


def test_what_somebody_typed_is_escaped(client, db):
    enterprise = EnterpriseFactory(name="<script>alert(1)</script>", scope='"><b>')
    LicenceFactory(holder=enterprise, authority="<i>某局</i>", scope="<u>")
    text = page_of(client, enterprise).content.decode()
    assert not [tag for tag in ("<script", "<b>", "<i>", "<u>") if tag in text]


@pytest.mark.parametrize("state", ["unverified", "founder"])
def test_an_enterprise_nobody_confirmed_is_as_unknown_as_a_made_up_code(client, db, state):
    hidden = page_of(client, EnterpriseFactory(**{state: True}))
    unknown = client.get(reverse("certificates:public", args=["x" * 32]))
    assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content) == (404, unknown.content)
    assert hidden.headers.keys() == unknown.headers.keys()


def test_a_withdrawn_code_is_unknown(client, db):
    enterprise = EnterpriseFactory()
    old = enterprise.public_token
    enterprise.public_token = "another-token"
    enterprise.save()
    assert client.get(reverse("certificates:public", args=[old])).status_code == 404


def test_one_query_however_many_licences_and_whoever_asks(client, db, django_assert_num_queries):
    premises = PremisesFactory()
    LicenceFactory.create_batch(12, holder=premises.enterprise, premises=premises)
    for ask in (client.logout, lambda: client.force_login(MembershipFactory().user)):
        ask()
        with django_assert_num_queries(1):
            page_of(client, premises.enterprise)


def test_the_page_sets_no_cookie_asks_for_none_and_is_kept_by_nobody(client, db):
    client.force_login(MembershipFactory().user)
    response = page_of(client, EnterpriseFactory())
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_is_small_and_runs_no_script(client, db):
    holder = EnterpriseFactory(scope="餐饮服务；" * 60)
    LicenceFactory.create_batch(20, holder=holder, scope="热食类食品制售；" * 5)
    response = page_of(client, holder)
    assert b"<script" not in response.content
    assert b"style=" not in response.content
    assert len(response.content) < 30_000


def test_the_page_cannot_be_posted_to(client, db):
    assert client.post(reverse("certificates:public", args=["x"])).status_code == 405


@pytest.mark.parametrize(("act", "word"), [("withdraw", "撤回"), ("cancel", "注销")])
def test_an_ended_licence_shows_at_once_its_word_and_day(client, granted, staff, time_machine, act, word):
    licence = granted(licence={"item_code": "business-registration"})
    officer, head, _ = staff(licence.office)
    time_machine.move_to("2026-06-01 23:30 +0800", tick=False)
    data = {"ground": "law_changed", "reason": "废止", "heard": "无意见", "compensation": "无损失"}
    if act == "withdraw":
        ending.withdraw(licence, head, data)
    else:
        ending.cancel(licence, officer, data | {"ground": "on_request"})
    facts = look_up(licence.holder.public_token)
    shown = facts["licences"][0]
    assert (shown["status"], shown["valid"], str(shown["ended_on"])) == (word, False, "2026-06-01")
    assert facts["status"] == f"{word}（2026年6月1日）"
    text = page_of(client, licence.holder).content.decode()
    assert f"{word}日期" in text
    assert "2026年6月1日" in text


def test_what_ended_before_it_was_entered_has_no_day_here(client, db):
    licence = LicenceFactory(status=LicenceStatus.REVOKED)
    record_imported([licence], UserFactory())
    assert look_up(licence.holder.public_token)["licences"][0]["ended_on"] is None
    assert "吊销日期" not in page_of(client, licence.holder).content.decode()


def test_the_page_still_asks_one_statement(client, granted, staff, django_assert_num_queries):
    licence = granted()
    ending.cancel(licence, staff(licence.office)[0], {"ground": "on_request", "reason": "停业"})
    LicenceFactory(holder=licence.holder)
    with django_assert_num_queries(1):
        look_up(licence.holder.public_token)
