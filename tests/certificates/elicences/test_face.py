"""The PDF as other programs read it: OpenSSL, pikepdf, a scanner of codes, the eye."""

import io
import json
import re
import subprocess
from base64 import urlsafe_b64decode

import pikepdf
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image, ImageDraw

from certificates.elicences import data
from certificates.qr import public_address
from exchange import pdf
from licensing.registration import REGISTRATION
from tests.certificates.elicences.conftest import bytes_of
from tests.factories import EnterpriseFactory
from tests.pdf_text import text_of, undrawable


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_openssl_verifies_the_signature_over_the_whole_file(made, tmp_path):
    file = made()
    content = bytes_of(file)
    with pikepdf.open(io.BytesIO(content)) as document:
        signature = document.Root.Perms.DocMDP
        start, length, after, rest = (int(one) for one in signature.ByteRange)
        contents = bytes(signature.Contents)
        assert (signature.SubFilter, int(signature.Reference[0].TransformParams.P)) == ("/ETSI.CAdES.detached", 1)
    assert (start, after + rest) == (0, len(content))
    assert content[length : length + 1] + content[after - 1 : after] == b"<>"
    (tmp_path / "signed").write_bytes(content[:length] + content[after:])
    (tmp_path / "cms").write_bytes(contents)
    (tmp_path / "certificate").write_text(file.key.certificate)
    command = (
        "openssl cms -verify -binary -inform DER -in cms -content signed -CAfile certificate -purpose any -out out"
    )
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == (tmp_path / "signed").read_bytes()


def test_openssl_verifies_the_seal_of_the_data(made, tmp_path):
    file = made()
    with pikepdf.open(io.BytesIO(bytes_of(file))) as document:
        sealed, seal = (
            document.attachments[name].get_file().read_bytes() for name in ("licence.json", "licence-seal.json")
        )
    (tmp_path / "data").write_bytes(sealed)
    (tmp_path / "signature").write_bytes(as_der(json.loads(seal)["signature"]))
    (tmp_path / "certificate").write_text(file.key.certificate)
    for command in (
        "openssl x509 -in certificate -pubkey -noout -out public",
        "openssl dgst -sha256 -verify public -signature signature data",
    ):
        assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode == 0


def as_der(signature):
    raw = urlsafe_b64decode(signature + "==")
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def test_the_data_inside_are_those_of_the_row_and_the_licence(made):
    file = made()
    with pikepdf.open(io.BytesIO(bytes_of(file))) as document:
        text = document.attachments["licence.json"].get_file().read_bytes().decode()
        seal = json.loads(document.attachments["licence-seal.json"].get_file().read_bytes())
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
    said, licence = json.loads(text), file.licence
    assert text == file.data
    assert seal == {"key_id": file.key.key_id, "algorithm": file.algorithm, "signature": file.signature}
    assert data.of_the_licence(licence).items() <= said.items()
    assert (said["holder"], said["holder_code"]) == (licence.holder.name, licence.holder.uscc)
    assert licence.holder.legal_representative not in text


def test_a_licence_without_an_end_ends_as_the_platform_exchanges_it(made, licence):
    said = json.loads(made(licence(valid_until=None)).data)
    assert said["valid_until"] == "2099-12-31"


def test_what_the_face_says_is_read_back_glyph_by_glyph(made, licence):
    one = licence(scope="热食类食品制售；冷食类食品制售")
    content = bytes_of(made(one))
    text = squeezed(text_of(content))
    for said in (
        one.name,
        one.number,
        one.holder.name,
        one.holder.uscc,
        one.premises.address,
        one.scope,
        one.authority,
    ):
        assert squeezed(said) in text
    assert "2024年5月6日至2029年5月5日" in text
    assert one.identifier in text
    assert "样本" in text
    assert {letter for letter in undrawable(content) if pdf.can_draw(letter)} == set()


@pytest.mark.parametrize(
    ("scope", "pages"), [("", 1), ("热食类食品制售；" * 15, 1), ("散装食品销售；" * 60, 2), ("甲\n" * 12, 2)]
)
def test_the_face_is_one_page_and_a_long_scope_stands_on_the_next(made, licence, scope, pages):
    content = bytes_of(made(licence(scope=scope)))
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == pages
    assert squeezed(scope) in squeezed(text_of(content))


def test_a_scanner_reads_the_holders_public_page(made):
    file = made()
    assert {code.text for code in zxingcpp.read_barcodes(drawn(bytes_of(file)))} == {
        public_address(file.licence.holder)
    }


def drawn(content):
    """The black filled paths of the first page as a picture: the code, and nothing of the letters."""
    picture = Image.new("L", (2400, 1700), 255)
    pen, matrix, stack, path, fill = ImageDraw.Draw(picture), pikepdf.Matrix(), [], [], None
    with pikepdf.open(io.BytesIO(content)) as document:
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            match str(operator):
                case "q":
                    stack.append((matrix, fill))
                case "Q":
                    matrix, fill = stack.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*operands) @ matrix
                case "m":
                    path.append([operands])
                case "re":
                    x, y, w, h = map(float, operands)
                    path.append([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])
                case "l":
                    path[-1].append(operands)
                case "scn" | "rg":
                    fill = [float(one) for one in operands[:3]]
                case "f" | "f*":
                    for corners in path if fill == [0, 0, 0] else []:
                        if len(corners) < 3:
                            continue
                        points = [matrix.transform((float(x), float(y))) for x, y in corners]
                        pen.polygon([(x * 2.8, 1700 - y * 2.8) for x, y in points], fill=0)
                    path = []
                case "n" | "S" | "s" | "B":
                    path = []
    return picture


def test_a_business_licence_shows_its_capital_and_no_person(made, licence):
    holder = EnterpriseFactory(
        register={"registered_capital": "50", "establish_date": "2021-03-18", "phone": "13800000000"}
    )
    file = made(licence(item_code=REGISTRATION, name="营业执照", holder=holder, premises=None))
    text = squeezed(text_of(bytes_of(file)))
    assert "出资额（万元）50" in text
    assert "成立日期2021年3月18日" in text
    for person in (holder.legal_representative, "13800000000"):
        assert person not in text + file.data
