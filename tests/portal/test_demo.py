"""The demo city: complete, quick, the same after a second run, and never by accident."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from certificates import identifiers, identifying
from certificates.models import CertificateType, Licence
from certificates.public.facts import look_up
from exchange.models import Event
from guidance.models import Clerk, Department, Division, Hall, Office, Post, Role
from licensing.identifiers import check_uscc
from licensing.models import Enterprise
from portal import demo
from tests.factories import LicenceFactory

pytestmark = pytest.mark.django_db

OURS = ("certificates", "guidance", "licensing", "portal", "routing", "window")


def build():
    output = StringIO()
    call_command("demo_city", "--force", stdout=output)
    return output.getvalue()


def rows():
    return {
        model.__name__: sorted(map(str, model.objects.values_list()))
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }


def test_a_second_run_changes_nothing(catalogue):
    build()
    before = rows()
    build()
    assert rows() == before


def test_what_a_person_has_changed_stays(catalogue):
    build()
    Office.objects.filter(department__code="samr", division__code="441702").update(phone="0662-3366666")
    Post.objects.filter(user__username="fire").delete()
    Clerk.objects.all().delete()
    build()
    assert Office.objects.get(department__code="samr", division__code="441702").phone == "0662-3366666"
    assert not Post.objects.filter(user__username="fire").exists()
    assert not Clerk.objects.exists()


def test_every_item_finds_its_office_anywhere_in_the_city(catalogue):
    build()
    offices = set(Office.objects.values_list("department__name", "division__code"))
    wanted = {(item.department, "441700" if item.level == "市级" else None) for item in catalogue.items.values()}
    for department, city in wanted:
        for division in [city] if city else Division.objects.exclude(parent=None).values_list("code", flat=True):
            assert (department, division) in offices


def test_the_zones_without_a_code_of_the_states_belong_to_the_city(catalogue):
    build()
    zones = Division.objects.filter(name__regex="海陵|高新|高新技术").values_list("parent__name", flat=True)
    assert list(zones) == ["阳江市", "阳江市"]


def test_offices_of_the_district_and_the_city_have_officers_and_one_has_a_head(catalogue):
    build()
    staffed = Post.objects.filter(role=Role.OFFICER).values_list("office__division__code", "office__department__code")
    codes = Department.objects.values_list("code", flat=True)
    assert set(staffed) == {(division, code) for division in ("441700", "441702") for code in codes}
    assert Post.objects.filter(role=Role.HEAD).count() == 1


def test_each_of_two_halls_has_a_clerk(catalogue):
    build()
    assert Hall.objects.count() == 2
    assert Clerk.objects.values("hall").distinct().count() == 2


def test_the_enterprises_hold_a_business_licence_and_another_and_their_codes_are_sound(catalogue):
    build()
    assert Enterprise.objects.count() == 2
    for enterprise in Enterprise.objects.all():
        assert check_uscc(enterprise.uscc) == enterprise.uscc
        held = set(enterprise.licences.values_list("item_code", flat=True))
        assert "business-registration" in held
        assert len(held) >= 2
        assert held <= set(catalogue.items)
        assert len(look_up(enterprise.public_token)["licences"]) == Licence.objects.filter(holder=enterprise).count()


def test_offices_and_types_have_made_up_codes_and_every_licence_its_identifier(catalogue):
    build()
    codes = list(Office.objects.exclude(department__code="bank").values_list("uscc", flat=True))
    assert [check_uscc(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)
    types = CertificateType.objects.filter(provisional=True)
    assert {type_.item_code for type_ in types} == {code for code, i in catalogue.items.items() if i.certificate_name}
    for licence in Licence.objects.select_related("office"):
        parts = identifiers.parse(licence.identifier)
        assert parts.issuer == licence.office.uscc
        assert parts.type_code == types.get(item_code=licence.item_code).code


def test_a_city_from_before_there_were_codes_gets_them_and_its_licences_too(catalogue):
    build()
    CertificateType.objects.all().delete()
    Office.objects.update(uscc="")
    older = LicenceFactory(office=Office.objects.get(department__code="samr", division__code="441702"))
    build()
    for event in Event.objects.filter(kind="register.codes_known"):
        identifying.identify_held(**event.payload)
    assert identifiers.parse(Licence.objects.get(pk=older.pk).identifier)


def test_every_account_that_is_told_can_sign_in(client, catalogue):
    said = build()
    for _role, username, password in demo.ACCOUNTS:
        assert username in said
        if username == "…":
            continue
        client.post(reverse("account_login"), {"login": username, "password": password})
        assert "_auth_user_id" in client.session, username
        client.post(reverse("account_logout"))


def test_with_debug_off_known_passwords_are_refused(catalogue, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("demo_city", stdout=StringIO())
    assert not Enterprise.objects.exists()
