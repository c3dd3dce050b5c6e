"""What programs of anybody may ask: with a tag that holds as long as the answer does, and nothing beyond the list."""

import json

import pytest
from django.urls import reverse

from certificates import identifiers
from certificates.models import Licence, LicenceStatus
from tests.factories import EnterpriseFactory, LicenceFactory

pytestmark = pytest.mark.django_db

TYPE, ISSUER, SERIAL = "114417000000EX0G8Y001", "114417000000EX0G8Y", "2026000000000001"
FIRST, SECOND = (identifiers.build(TYPE, ISSUER, SERIAL, version) for version in (1, 2))
UNKNOWN = identifiers.build(TYPE, ISSUER, "2026000000000002", 1)


@pytest.fixture
def licence():
    return LicenceFactory(identifier=FIRST, face={"legal_rep_id": "441702199001010011"})


def of_enterprise(client, licence, **headers):
    return client.get(reverse("api:enterprise", args=[licence.holder.public_token]), headers=headers)


def of_licence(client, identifier, **headers):
    return client.get(reverse("api:licence", args=[identifier]), headers=headers)


def test_who_knows_the_tag_is_told_that_nothing_changed(client, licence, time_machine):
    time_machine.move_to("2026-03-02 09:00 +0800")
    for ask in (
        lambda **headers: of_enterprise(client, licence, **headers),
        lambda **h: of_licence(client, FIRST, **h),
    ):
        first = ask()
        time_machine.shift(60)
        again = ask(if_none_match=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == "public, no-cache"


def test_the_tag_changes_with_the_licence(client, licence):
    tags = {of_enterprise(client, licence)["ETag"], of_licence(client, FIRST)["ETag"]}
    Licence.objects.filter(pk=licence.pk).update(status=LicenceStatus.SUSPENDED)
    answers = of_enterprise(client, licence), of_licence(client, FIRST)
    assert not tags & {answer["ETag"] for answer in answers}
    assert answers[1].json()["status"] == "暂扣"
    assert all(of_licence(client, FIRST, if_none_match=tag).status_code == 200 for tag in tags)


def test_the_tag_changes_on_the_day_the_licence_expires(client, licence, time_machine):
    time_machine.move_to("2029-05-05 12:00 +0800")
    before = of_licence(client, FIRST)
    time_machine.move_to("2029-05-06 12:00 +0800")
    after = of_licence(client, FIRST, if_none_match=before["ETag"])
    assert (before.json()["valid"], after.status_code, after.json()["status"]) == (True, 200, "已过期")


def test_a_licence_is_found_by_its_identifier_within_the_white_list(client, licence):
    told = of_licence(client, f"urn:oid:{FIRST.lower()}").json()
    assert told["identifier"] == FIRST
    assert (told["number"], told["holder_code"], told["version"]) == (licence.number, licence.holder.uscc, 1)
    assert (told["type_code"], told["issuer_code"]) == (TYPE, ISSUER)
    text = json.dumps(told, ensure_ascii=False)
    assert "441702199001010011" not in text
    assert licence.holder.legal_representative not in text
    assert str(licence.public_id) not in text


def test_an_older_version_points_to_the_newer_and_back(client, licence):
    Licence.objects.filter(pk=licence.pk).update(status=LicenceStatus.LAPSED)
    LicenceFactory(holder=licence.holder, identifier=SECOND, version=2, previous=licence)
    old, new = (of_licence(client, identifier).json() for identifier in (FIRST, SECOND))
    assert (old["next"], old["valid"], old["status"]) == (SECOND, False, "失效")
    assert (new["previous"], new["next"], new["valid"]) == (FIRST, None, True)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [(FIRST[:-1] + "O", "校验码"), (FIRST.replace(".001.", ".1."), "版本号"), ("1.2.3", "开头"), ("😀", "开头")],
)
def test_a_malformed_identifier_is_told_which_part_is_wrong(client, licence, wrong, part):
    answer = of_licence(client, wrong)
    assert answer.status_code == 400
    assert part in answer.json()["detail"]


def test_an_unknown_identifier_and_that_of_an_unconfirmed_holder_are_alike(client, licence):
    LicenceFactory(identifier=SECOND, holder=EnterpriseFactory(unverified=True))
    one, other = of_licence(client, SECOND), of_licence(client, UNKNOWN)
    assert (one.status_code, one.content) == (other.status_code, other.content) == (404, other.content)


def test_guessing_is_stopped_and_knowing_is_not(client, licence):
    codes = [of_licence(client, UNKNOWN).status_code for _ in range(32)]
    assert codes == [404] * 30 + [429] * 2
    assert of_licence(client, FIRST).status_code == of_enterprise(client, licence).status_code == 200


def test_a_look_up_costs_two_queries(client, licence, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        of_licence(client, FIRST)
