"""The sign for the door: what is on its one page, and that its code opens the enterprise's page."""

from io import BytesIO

import pikepdf
import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image, ImageDraw

from certificates import door_sign
from certificates.qr import public_address
from exchange import pdf
from tests.factories import EnterpriseFactory, MembershipFactory
from tests.pdf_text import text_of, undrawable

pytestmark = pytest.mark.django_db
# In points: the papers' sizes (ISO 216).
A4, A5 = (595, 842), (420, 595)


def squares(content):
    """The closed shapes of the PDF's page that are filled together in the greatest number: the modules of its code."""
    with pikepdf.open(BytesIO(content)) as document:
        most, shapes, points = [], [], []
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            match str(operator):
                case "m":
                    points = [tuple(map(float, operands))]
                case "l":
                    points.append(tuple(map(float, operands)))
                case "h":
                    shapes.append(points)
                case "f" | "f*":
                    most, shapes = max(most, shapes, key=len), []
        return most


def drawn(shapes, scale=8):
    """The code as a printer would draw it, with a white border."""
    across, down = zip(*(point for shape in shapes for point in shape), strict=True)
    size = [int((max(side) - min(side) + 10) * scale) for side in (across, down)]
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    for shape in shapes:
        (left, top), (right, bottom) = (tuple(map(end, zip(*shape, strict=True))) for end in (min, max))
        at = [(left - min(across) + 5) * scale, (top - min(down) + 5) * scale]
        pen.rectangle([*at, at[0] + (right - left) * scale - 1, at[1] + (bottom - top) * scale - 1], fill=0)
    return picture


@pytest.mark.parametrize(("paper", "size"), [("a4", A4), ("a5", A5)])
def test_the_code_read_from_the_paper_opens_the_page(client, settings, paper, size):
    settings.PUBLIC_URL = "https://yizhao.example"
    member = MembershipFactory()
    client.force_login(member.user)
    response = client.get(reverse("certificates:door-sign", args=[member.enterprise.public_id, paper]))
    assert response["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(response.content)) as document:
        assert [tuple(round(float(side)) for side in page.mediabox[2:]) for page in document.pages] == [size]
    [code] = zxingcpp.read_barcodes(drawn(squares(response.content)))
    assert code.text == public_address(member.enterprise)
    assert client.get(code.text.removeprefix("https://yizhao.example")).status_code == 200


def test_the_sign_says_where_to_look_in_both_languages_and_names_nobody():
    enterprise = EnterpriseFactory(name="阳江市𠮷祥䶮餐饮有限公司")
    content = door_sign.draw(enterprise, "a5")
    text = text_of(content)
    for said in (enterprise.name, "扫一扫，看这家店有哪些证照", "Scan to see all licences", enterprise.public_token):
        assert said in text.replace("\n", "")
    for person in (enterprise.legal_representative, enterprise.uscc, enterprise.address):
        assert person not in text
    # The fonts of this machine may lack one; all that they have is drawn.
    assert {letter for letter in undrawable(content) if pdf.can_draw(letter)} == set()


@pytest.mark.parametrize("paper", door_sign.PAPERS)
@pytest.mark.parametrize("name", ["店", "阳江市" + "很长的名字" * 19, "W" * 100, "<b>&amp;</b>{{ x }}"])
def test_any_name_fits_on_one_page(paper, name):
    content = door_sign.draw(EnterpriseFactory(name=name), paper)
    with pikepdf.open(BytesIO(content)) as document:
        assert len(document.pages) == 1
    assert name in text_of(content).replace("\n", "")


def test_there_is_none_for_others_papers_and_unconfirmed_enterprises(client):
    member, waiting = MembershipFactory(), MembershipFactory(enterprise=EnterpriseFactory(unverified=True))
    for user, enterprise, paper in (
        (waiting.user, member.enterprise, "a4"),
        (member.user, member.enterprise, "a3"),
        (waiting.user, waiting.enterprise, "a4"),
    ):
        client.force_login(user)
        assert client.get(reverse("certificates:door-sign", args=[enterprise.public_id, paper])).status_code == 404


def test_a_machine_that_can_make_no_pdf_says_so(client, monkeypatch):
    def missing(*_):
        raise pdf.PdfUnavailable("这台服务器没有装中文字体。")

    monkeypatch.setattr(door_sign.pdf, "render", missing)
    member = MembershipFactory()
    client.force_login(member.user)
    response = client.get(reverse("certificates:door-sign", args=[member.enterprise.public_id, "a4"]), follow=True)
    assert "这台服务器没有装中文字体。" in response.content.decode()


@pytest.mark.parametrize(("size", "least"), [("", 400), ("print", 1200)])
def test_the_picture_comes_for_screens_and_for_print(client, size, least):
    member = MembershipFactory()
    client.force_login(member.user)
    address = reverse("certificates:qr", args=[member.enterprise.public_id, "png"])
    response = client.get(address, {"size": size} if size else {})
    picture = Image.open(BytesIO(response.content))
    assert picture.width >= least
    assert member.enterprise.uscc in response["Content-Disposition"]
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [public_address(member.enterprise)]
    assert client.get(address, {"size": "99999"}).status_code == 404
