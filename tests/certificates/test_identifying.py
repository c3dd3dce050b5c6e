"""Identifiers are given where the codes are registered, in bulk and later, and never invented."""

import pytest

from certificates import identifiers, identifying
from certificates.models import Licence
from exchange.models import Event
from licensing import chain
from tests.factories import CertificateTypeFactory, LicenceFactory, OfficeFactory

USCC, OTHER_USCC, TYPE = "114417000000EX0G8Y", "N24417810000EX0N5D", "114417000000EX0G8Y001"
ITEM = "food-operation"


@pytest.fixture
def office(db):
    CertificateTypeFactory(item_code=ITEM, code=TYPE)
    return OfficeFactory(uscc=USCC)


def office_at(code, **more):
    return OfficeFactory(division__code=code, **more)


def held(office, number="1", **more):
    return LicenceFactory(office=office, item_code=ITEM, number=number, **more)


def identified(licence):
    return identifiers.parse(Licence.objects.get(pk=licence.pk).identifier)


def test_a_licence_whose_codes_are_known_gets_its_identifier(office):
    licence = held(office)
    assert identifying.identify([licence]) == [licence]
    parts = identifiers.parse(licence.identifier)
    assert (parts.type_code, parts.issuer, parts.version, len(parts.serial)) == (TYPE, USCC, 1, 20)


@pytest.mark.parametrize("missing", ["type", "issuer", "office", "broken"])
def test_nothing_is_invented_where_a_code_is_not_known(office, missing):
    licence = held({"issuer": office_at("441704", uscc=""), "office": None}.get(missing, office))
    if missing == "type":
        licence.item_code = "hotel-special-trade"
    if missing == "broken":
        type(office).objects.update(uscc="114417000000EX0G8X")
    assert identifying.identify([licence]) == []
    assert licence.identifier is None


def test_the_next_version_keeps_the_serial_number(office):
    first = held(office)
    identifying.identify([first])
    first.save()
    second = Licence(item_code=ITEM, office=office, version=2, previous=first)
    identifying.identify([second])
    one = identifiers.parse(first.identifier)
    assert second.identifier == identifiers.build(one.type_code, one.issuer, one.serial, 2)


def test_versions_that_come_together_share_a_serial_number_too(office):
    first = held(office)
    second = held(office, version=2, previous=first)
    third = held(office, number="2", version=3, previous=second)
    identifying.identify([third, first, second])
    assert len({identifiers.parse(one.identifier).serial for one in (first, second, third)}) == 1
    assert [identifiers.parse(one.identifier).version for one in (first, second, third)] == [1, 2, 3]


def test_a_version_far_down_the_line_is_still_of_the_same_licence(office):
    first = held(office)
    second = held(office, version=2, previous=first)
    third = held(office, version=3, previous=second)
    for one in (third, first, second):
        identifying.identify_one(one.pk)
    assert identified(first).serial == identified(second).serial == identified(third).serial


def test_a_real_type_code_follows_the_provisional_one_with_the_next_version(office):
    first = held(office)
    identifying.identify_one(first.pk)
    CertificateTypeFactory._meta.model.objects.update(code="11100000000013338W011", provisional=False)
    second = held(office, version=2, previous=first)
    identifying.identify_one(second.pk)
    assert identified(second).type_code == "11100000000013338W011"
    assert identified(second).serial == identified(first).serial


def test_a_hundred_licences_cost_the_queries_of_one(office, django_assert_num_queries):
    for number in (1, 100):
        licences = [held(office, str(n)) for n in range(1000 * number, 1001 * number)]
        with django_assert_num_queries(3):
            assert len(identifying.identify(licences)) == number


def test_later_codes_identify_what_waited_in_slices_each_with_its_row_in_the_log(
    office, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(identifying, "_SLICE", 2)
    licences = [held(office, str(number)) for number in range(5)]
    elsewhere = held(office_at("441721", uscc=OTHER_USCC))
    identifying.codes_registered(office_id=office.pk)
    ran = 0
    while event := Event.objects.order_by("pk")[ran:].first():
        identifying.identify_held(**event.payload)
        ran += 1
    assert ran == 3
    assert len({identified(licence).serial for licence in licences}) == 5
    assert [event.event for event in licences[0].events.all()] == ["identified"]
    assert chain.verify(licences[0].events) is None
    assert Licence.objects.get(pk=elsewhere.pk).identifier is None


def test_a_second_run_changes_nothing(office):
    licence = held(office)
    identifying.identify_held(ITEM, office.pk)
    before = Licence.objects.get(pk=licence.pk).identifier
    identifying.identify_held(ITEM, office.pk)
    identifying.identify_one(licence.pk)
    assert Licence.objects.get(pk=licence.pk).identifier == before
    assert licence.events.count() == 1


def test_a_new_type_finds_every_office_that_has_such_licences_and_no_other(office):
    office_at("441721", uscc=OTHER_USCC)
    held(office)
    held(office_at("441781", uscc=""))
    identifying.codes_registered(item_code=ITEM)
    assert [event.payload for event in Event.objects.all()] == [{"item_code": ITEM, "office_id": office.pk}]
