from io import BytesIO

import pytest
import zxingcpp
from django.template.loader import render_to_string
from django.urls import reverse
from PIL import Image

from certificates.qr import picture, public_address
from tests.factories import EnterpriseFactory, MembershipFactory


def code_of(enterprise, kind="png"):
    return reverse("certificates:qr", args=[enterprise.public_id, kind])


def shown_for(enterprise):
    return render_to_string("certificates/includes/enterprise_code.html", {"enterprise": enterprise})


def test_the_picture_read_back_opens_the_page_of_the_enterprise(client, db, settings):
    settings.PUBLIC_URL = "https://yizhao.example"
    member = MembershipFactory()
    client.force_login(member.user)
    response = client.get(code_of(member.enterprise))
    assert response["Content-Type"] == "image/png"
    [code] = zxingcpp.read_barcodes(Image.open(BytesIO(response.content)))
    path = reverse("certificates:public", args=[member.enterprise.public_token])
    assert code.text == f"https://yizhao.example{path}"
    assert client.get(path).status_code == 200


def test_the_picture_is_read_when_printed_small_and_smudged(db):
    address = public_address(EnterpriseFactory())
    code = Image.open(BytesIO(picture(address, "png"))).convert("L").resize((160, 160))
    code.paste(255, (90, 90, 105, 105))
    assert [found.text for found in zxingcpp.read_barcodes(code)] == [address]


def test_the_vector_picture_is_for_printers(client, db):
    member = MembershipFactory()
    client.force_login(member.user)
    response = client.get(code_of(member.enterprise, "svg"))
    assert response["Content-Type"] == "image/svg+xml"
    assert b"<svg" in response.content
    assert client.get(code_of(member.enterprise, "pdf")).status_code == 404


def test_a_stranger_s_code_is_as_missing_as_none(client, db):
    client.force_login(MembershipFactory().user)
    assert client.get(code_of(EnterpriseFactory())).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get(code_of(EnterpriseFactory())).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("state", ["unverified", "founder"])
def test_without_a_public_page_there_is_no_code(client, db, state):
    member = MembershipFactory(enterprise=EnterpriseFactory(**{state: True}))
    client.force_login(member.user)
    assert client.get(code_of(member.enterprise)).status_code == 404
    assert "<img" not in render_to_string(
        "certificates/includes/enterprise_code.html", {"enterprise": member.enterprise}
    )


def test_the_enterprise_s_page_shows_picture_address_and_download(db):
    enterprise = EnterpriseFactory()
    html = shown_for(enterprise)
    assert f'<a href="{public_address(enterprise)}">' in html
    assert f'src="{code_of(enterprise, "svg")}"' in html
    assert f'alt="企业码：扫码查看{enterprise.name}的全部证照"' in html
    assert f'href="{code_of(enterprise)}" download' in html
