"""Operators register the codes of types and offices; each is checked, logged, and has its licences identified."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from certificates.models import CertificateType
from exchange.models import Event
from guidance.models import Office
from tests.factories import CertificateTypeFactory, LicenceFactory, OfficeFactory, UserFactory

ADD = reverse("admin:certificates_certificatetype_add")
CODE = "114417000000EX0G8Y001"


@pytest.fixture
def operator(client, catalogue):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


def test_a_type_is_registered_with_the_name_of_its_certificate_and_logged(client, operator):
    LicenceFactory(office=OfficeFactory(uscc="114417000000EX0G8Y"))
    spaced = {"item_code": "food-operation", "code": " 114417000000EX0G8Y 001 ", "provisional": "on"}
    assert client.post(ADD, spaced).status_code == 302
    type_ = CertificateType.objects.get()
    assert (type_.code, type_.name, type_.provisional) == (CODE, "食品经营许可证", True)
    assert CODE in LogEntry.objects.get().change_message
    assert Event.objects.get(kind="register.codes_known").payload["item_code"] == "food-operation"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "114417000000EX0G8Y01"}, "证照类型代码是 21 位"),
        ({"code": "114417000000EX0G8X001"}, "前 18 位不对"),
        ({"code": ""}, "请填写这一项"),
        ({"code": "1" * 5000}, "60"),
        ({"code": "11441700\x00000EX0G8Y001"}, "不能"),
        ({"item_code": "no-such-item"}, "没有这个发证的事项"),
        ({"item_code": "business-registration"}, "已经登记给“营业执照”"),
    ],
)
def test_a_code_that_is_wrong_is_told_at_its_field(client, operator, change, said):
    CertificateTypeFactory(item_code="radiology", name="营业执照", code=CODE)
    good = {"item_code": "food-operation", "code": CODE.replace("001", "002")}
    wrong = good | ({"code": CODE} if "item_code" in change and change["item_code"] != "no-such-item" else {}) | change
    answer = client.post(ADD, wrong)
    assert said in answer.content.decode()
    assert CertificateType.objects.count() == 1


def test_a_real_code_follows_the_provisional_one_and_both_are_logged(client, operator):
    type_ = CertificateTypeFactory()
    change = reverse("admin:certificates_certificatetype_change", args=[type_.pk])
    assert client.get(change).status_code == 200
    client.post(change, {"code": "11100000000013338W011", "item_code": "hotel-special-trade"})
    type_.refresh_from_db()
    assert (type_.code, type_.item_code, type_.provisional) == ("11100000000013338W011", "food-operation", False)
    said = LogEntry.objects.get().change_message
    assert CODE in said
    assert "11100000000013338W011" in said


def test_an_office_s_code_is_checked_and_its_licences_are_identified(client, operator):
    CertificateTypeFactory()
    office = LicenceFactory(office=OfficeFactory()).office
    change = reverse("admin:guidance_office_change", args=[office.pk])
    posted = {"department": office.department_id, "division": office.division_id, "name": office.name}
    wrong = client.post(change, posted | {"uscc": "114417000000EX0G8X"}).content.decode()
    assert "对不上自身的校验码" in wrong
    client.post(change, posted | {"uscc": "1144 1700 0000 EX0G8Y"})
    assert Office.objects.get(pk=office.pk).uscc == "114417000000EX0G8Y"
    assert Event.objects.get(kind="register.codes_known").payload["office_id"] == office.pk
    client.post(change, posted | {"uscc": "114417000000EX0G8Y", "phone": "0662-3366666"})
    assert Event.objects.filter(kind="register.codes_known").count() == 1
