"""Looking an enterprise up by what its licence prints, for whoever has no code."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory, UserFactory

ADDRESS = "/look-up/"


def asked(client, text, **more):
    return client.post(ADDRESS, {"text": text} | more)


@pytest.mark.parametrize("asking", ["uscc", "name"])
def test_it_shows_the_facts_and_not_the_code(client, db, asking):
    licence = LicenceFactory()
    answer = asked(client, getattr(licence.holder, asking))
    text = answer.content.decode()
    assert [shown for shown in (licence.holder.name, licence.number, "有效证照（1）") if shown not in text] == []
    assert licence.holder.public_token not in text
    assert "official/" not in text
    assert "no-store" in answer["Cache-Control"]


def test_spaces_small_letters_and_narrow_brackets_are_no_obstacle(client, db):
    enterprise = EnterpriseFactory(name="好味道（阳江）餐饮有限公司")
    for text in (
        f" {enterprise.uscc[:8].lower()} {enterprise.uscc[8:]} ",
        "好味道(阳江)餐饮有限公司",
        " 好味道（阳江）餐饮有限公司 ",
    ):
        assert enterprise.uscc in asked(client, text).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请填写经营主体的全称"),
        ("91441702MA4W12345", "统一社会信用代码是 18 位，您填了 17 位"),
        ("914417021000000000", "校验码"),
        ("没有这一家的有限公司", "没有查到叫这个名称的经营主体"),
        ("好" * 101, "名称没有这么长"),
        ("好\0", "看不见的字符"),
        ("\u200b", "请填写"),
    ],
)
def test_what_is_not_found_is_told_at_the_field(client, db, text, said):
    answer = asked(client, text)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_whoever_is_not_confirmed_is_not_found(client, db):
    hidden = EnterpriseFactory(unverified=True)
    for text in (hidden.uscc, hidden.name):
        assert "没有查到" in asked(client, text).content.decode()


def test_several_of_one_name_are_listed_to_choose_from(client, db):
    same = EnterpriseFactory.create_batch(3, name="阳江市小李餐饮店")
    text = asked(client, "阳江市小李餐饮店").content.decode()
    assert "有 3 家叫这个名称" in text
    assert [enterprise.uscc for enterprise in same if f'value="{enterprise.uscc}"' not in text] == []


def test_their_list_has_an_end_and_costs_the_same_queries(client, db):
    EnterpriseFactory.create_batch(25, name="阳江市小李餐饮店")
    EnterpriseFactory.create_batch(2, name="阳江市小王餐饮店")
    costs = []
    for name in ("阳江市小王餐饮店", "阳江市小李餐饮店"):
        with CaptureQueriesContext(connection) as queries:
            text = asked(client, name).content.decode()
        costs.append(len([query for query in queries if "licensing_enterprise" in query["sql"]]))
    assert costs == [1, 1]
    assert text.count('class="card"') == 20
    assert "请用统一社会信用代码查" in text


def test_many_licences_are_turned_over_by_post(client, db):
    holder = EnterpriseFactory()
    LicenceFactory.create_batch(40, holder=holder, premises=None)
    first, last = (asked(client, holder.uscc, page=page).content.decode() for page in ("1", "2"))
    assert '<button class="link" name="page" value="2">下一页</button>' in first
    assert "第 2 页，共 2 页" in last
    assert first.count("<article") + last.count("<article") == 40
    assert "第 1 页" in asked(client, holder.uscc, page="-1").content.decode()


def test_it_sets_no_cookie_and_needs_none(db, client):
    client.handler.enforce_csrf_checks = True
    holder = LicenceFactory().holder
    for answer in (client.get(ADDRESS), asked(client, holder.uscc), asked(client, "没有的")):
        assert (answer.status_code, len(answer.cookies)) == (200, 0)


def test_names_stay_out_of_the_address(client, db):
    enterprise = EnterpriseFactory()
    assert enterprise.uscc not in client.get(ADDRESS, {"text": enterprise.name}).content.decode()


def test_an_address_has_its_budget_and_who_is_signed_in_their_own(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS |= {"look_up": "2/10m/ip", "look_up_signed_in": "2/10m/key"}
    uscc = EnterpriseFactory().uscc
    assert [asked(client, uscc).status_code for _ in range(3)] == [200, 200, 429]
    assert "查得太频繁了" in asked(client, uscc).content.decode()
    for user in (MembershipFactory().user, UserFactory()):
        client.force_login(user)
        assert [asked(client, uscc).status_code for _ in range(3)] == [200, 200, 429]


def test_the_home_page_leads_there(client, db):
    assert f'href="{reverse("certificates:look-up")}"' in client.get("/").content.decode()
