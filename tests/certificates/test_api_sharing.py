"""Departments' systems ask for licences: by token, for a reason, on record before they are answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import clients, identifiers
from certificates.models import LicenceStatus, OfficialLookup
from tests.factories import (
    DepartmentFactory,
    EnterpriseFactory,
    LicenceFactory,
    LicenceFileFactory,
    OfficeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TYPE, ISSUER = "114417000000EX0G8Y001", "114417000000EX0G8Y"
IDENTIFIER = identifiers.build(TYPE, ISSUER, "2026000000000001", 1)
UNKNOWN = identifiers.build(TYPE, ISSUER, "2026000000000002", 1)
WHY = {"reason": "办理户外广告设置审批", "case_number": "CG2026030001"}
ID_NUMBER = "441702199001010011"


@pytest.fixture
def department():
    return DepartmentFactory(code="urban", name="城市管理局")


@pytest.fixture
def system(department):
    return clients.add(department, "城管审批系统", UserFactory(operator=True))


@pytest.fixture
def licence(catalogue):
    face = {"food_scope": "热食类食品制售", "legal_rep_id": ID_NUMBER}
    return LicenceFactory(identifier=IDENTIFIER, office=OfficeFactory(), face=face)


def ask(client, token, **body):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return client.post(reverse("api:sharing"), body, content_type="application/json", headers=headers)


def of_holder(client, token, licence, **more):
    return ask(client, token, holder_code=licence.holder.uscc, holder_code_type="001", **WHY, **more)


def test_a_holders_licences_are_shared_and_the_question_is_on_record(client, system, licence):
    asking, token = system
    told = of_holder(client, token, licence).json()
    (one,) = told["licences"]
    assert (told["count"], one["identifier"], one["status"], one["version"]) == (1, IDENTIFIER, "有效", 1)
    row = OfficialLookup.objects.get()
    assert (row.enterprise, row.client, row.user, row.licence) == (licence.holder, asking, None, None)
    assert (row.reason, row.case_number) == (WHY["reason"], WHY["case_number"])


def test_one_licence_is_asked_for_by_its_identifier(client, system, licence):
    told = ask(client, system[1], identifier=IDENTIFIER, **WHY).json()
    assert [one["number"] for one in told["licences"]] == [licence.number]
    assert OfficialLookup.objects.get().licence == licence


def test_numbers_of_persons_are_masked_but_for_the_department_that_issued_the_licence(client, system, licence):
    def id_number(token):
        (one,) = ask(client, token, identifier=IDENTIFIER, **WHY).json()["licences"]
        return {line["code"]: line["text"] for line in one["face"]}["legal_rep_id"]

    _, issuers = clients.add(licence.office.department, "市场监管系统", UserFactory(operator=True))
    assert id_number(system[1]) == "441***********0011"
    assert id_number(issuers) == ID_NUMBER


def test_a_replaced_version_is_left_out_and_a_suspended_licence_says_so(client, system, licence):
    old = LicenceFactory(holder=licence.holder, status=LicenceStatus.LAPSED)
    LicenceFactory(holder=licence.holder, version=2, previous=old, status=LicenceStatus.SUSPENDED)
    told = of_holder(client, system[1], licence).json()
    assert sorted((one["version"], one["status"], one["valid"]) for one in told["licences"]) == [
        (1, "有效", True),
        (2, "暂扣", False),
    ]


def test_the_file_opens_for_five_minutes_to_the_client_that_asked(client, system, licence, department, time_machine):
    LicenceFileFactory(licence=licence)
    time_machine.move_to(timezone.now(), tick=False)
    link = of_holder(client, system[1], licence).json()["licences"][0]["file"]
    _, other = clients.add(department, "另一个系统", UserFactory(operator=True))

    def fetched(token):
        return client.get(link, headers={"authorization": f"Bearer {token}"} if token else {})

    assert b"".join(fetched(system[1]).streaming_content) == b"%PDF"
    assert (fetched(other).status_code, fetched(None).status_code) == (404, 401)
    time_machine.shift(301)
    assert fetched(system[1]).status_code == 404


def test_a_revoked_token_is_refused_at_once_and_a_made_up_one_alike(client, system, licence):
    asking, token = system
    assert of_holder(client, token, licence).status_code == 200
    assert clients.revoke(asking, UserFactory(operator=True))
    answers = [of_holder(client, word, licence) for word in (token, "made-up", "", "ü" * 9000)]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert OfficialLookup.objects.count() == 1
    assert not clients.revoke(asking, UserFactory(operator=True))


def test_a_signed_in_person_is_no_system(client, licence):
    client.force_login(UserFactory(operator=True))
    assert of_holder(client, "", licence).status_code == 401


def test_of_a_token_only_the_hash_is_kept(system):
    asking, token = system
    assert len(token) >= 43
    assert token not in str(vars(asking))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reason": "字" * 201}, "reason"),
        ({"reason": "a\0b"}, "reason"),
        ({"reason": ["a"]}, "reason"),
        ({"holder_code": "914417020000EX015X"}, "holder_code"),
        ({"holder_code": 7}, "holder_code"),
        ({"holder_code_type": "111"}, "holder_code_type"),
        ({"identifier": IDENTIFIER}, "holder_code"),
        ({"holder_code": None}, "holder_code"),
        ({"type_code": "123"}, "type_code"),
        ({"case_number": "9" * 61}, "case_number"),
        ({"page": 0}, "page"),
        ({"page": 10**30}, "page"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_not_recorded(client, system, licence, wrong, field):
    right = {"holder_code": licence.holder.uscc, "holder_code_type": "001", **WHY}
    answer = ask(client, system[1], **right | wrong)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not OfficialLookup.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "null", '"text"', "{"])
def test_a_body_that_makes_no_sense_is_refused(client, system, body):
    headers = {"authorization": f"Bearer {system[1]}"}
    answer = client.post(reverse("api:sharing"), body, content_type="application/json", headers=headers)
    assert answer.status_code == 400


def test_unknown_and_unconfirmed_holders_and_unknown_licences_are_alike_and_counted(client, system):
    hidden, strange = EnterpriseFactory(unverified=True).uscc, EnterpriseFactory.build().uscc
    asked = [{"holder_code": code, "holder_code_type": "001"} for code in (hidden, strange)]
    answers = [ask(client, system[1], **WHY, **body) for body in [*asked, {"identifier": UNKNOWN}]]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert not OfficialLookup.objects.exists()
    codes = [ask(client, system[1], identifier=UNKNOWN, **WHY).status_code for _ in range(98)]
    assert codes == [404] * 97 + [429]


def test_twenty_licences_cost_what_one_does(client, system, licence):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            of_holder(client, system[1], licence)
        return len(captured)

    first = queries()
    for _ in range(20):
        LicenceFileFactory(licence=LicenceFactory(holder=licence.holder, office=licence.office))
    assert queries() == first


def test_a_reason_that_nobody_can_read_is_none(client, system, licence):
    answer = ask(client, system[1], identifier=IDENTIFIER, reason="\u200b\u2060 \ufeff", case_number="\u202e7")
    assert list(answer.json()["errors"]) == ["reason"]
    assert ask(client, system[1], identifier=IDENTIFIER, reason="办\u202e案", case_number="\u200b").status_code == 200
    assert OfficialLookup.objects.values_list("reason", "case_number").get() == ("办案", "")
