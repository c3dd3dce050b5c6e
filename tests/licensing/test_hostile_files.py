"""Files made to do harm, each with the answer it gets; what they cost is bounded (T13 to T15 of the test plan)."""

import io
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from pikepdf import Array, Dictionary, Name, String

from licensing.files import file_types, inspection, quarantine, uploads
from licensing.models import StoredFile
from tests.factories import UserFactory
from tests.licensing.samples import PDF, bomb, pdf, picture, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]


def checked(content, name):
    with uploads.stored([upload(content, name)], UserFactory()) as (row,):
        pass
    quarantine.check_waiting()
    return StoredFile.objects.get(pk=row.pk)


def zipped(name="a.html"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "<script>alert(1)</script>")
    return content.getvalue()


# What is refused while it is being uploaded

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param(b"", "空.pdf", "是空文件", id="empty"),
        pytest.param(SVG, "图.svg", "请上传 PDF、JPG 或 PNG", id="svg"),
        pytest.param(SVG, "图.png", "请上传 PDF、JPG 或 PNG", id="svg called png"),
        pytest.param(b"<html><script>alert(1)</script>", "a.png", "请上传 PDF", id="html called png"),
        pytest.param(zipped("word/vbaProject.bin"), "合同.docm", "请另存为 PDF", id="macro office"),
        pytest.param(b"\xd0\xcf\x11\xe0 macro", "合同.doc", "请另存为 PDF", id="old office"),
        pytest.param(b"MZ\x90\0", "执照.pdf.exe", "请上传 PDF", id="program"),
        pytest.param(picture(), "执照.png.exe", "对不上", id="double ending"),
        pytest.param(picture(), "执照.png.html", "对不上", id="ending html"),
        pytest.param(PDF, "执照.pdf.jpg", "内容是 PDF", id="pdf called jpg"),
        pytest.param(b"GIF89a" + b"\0" * 20, "a.gif", "请上传 PDF", id="gif"),
        pytest.param(PDF[:40], "断.pdf", "不完整", id="cut pdf"),
    ],
)
def test_a_file_of_another_kind_is_refused_at_once_with_what_to_do(content, name, sentence):
    with pytest.raises(ValidationError, match=sentence):
        checked(content, name)
    assert not StoredFile.objects.exists()


# What is found when it is looked into


def _root(**entries):
    return lambda document: document.Root.update(Dictionary(**entries))


def _action(kind, **entries):
    return Dictionary(Type=Name.Action, S=Name(f"/{kind}"), **entries)


def _link(action):
    def change(document):
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        document.pages[0].Annots = Array([document.make_indirect(note)])

    return change


def _attached(document):
    document.attachments["a.exe"] = b"MZ"


SCRIPT = {"JS": String("app.alert(1)")}
ENCRYPTED = {"encryption": pikepdf.Encryption(owner="a", user="b")}
RESTRICTED = {"encryption": pikepdf.Encryption(owner="a", user="")}
FINDINGS = [
    pytest.param(
        pdf(change=_root(OpenAction=_action("JavaScript", **SCRIPT))), "脚本|自动执行", id="script when opened"
    ),
    pytest.param(pdf(change=_root(Names=Dictionary(JavaScript=Dictionary()))), "脚本", id="named scripts"),
    pytest.param(pdf(change=_link(_action("JavaScript", **SCRIPT))), "脚本", id="script behind a link"),
    pytest.param(pdf(change=_root(OpenAction=_action("URI", URI=String("http://x")))), "自动执行", id="opens a page"),
    pytest.param(pdf(change=_link(_action("Launch", F=String("cmd.exe")))), "自动执行", id="launches a program"),
    pytest.param(pdf(change=_link(_action("SubmitForm", F=String("http://x")))), "自动执行", id="sends itself"),
    pytest.param(
        pdf(change=_link(_action("GoTo", Next=_action("Launch", F=String("x"))))), "自动执行", id="launch after another"
    ),
    pytest.param(pdf(change=_attached), "夹带了别的文件", id="embedded file"),
    pytest.param(pdf(change=_root(AcroForm=Dictionary(XFA=Array([])))), "动态表单", id="xfa"),
    pytest.param(pdf(**ENCRYPTED), "有密码", id="encrypted"),
    pytest.param(pdf(**RESTRICTED), "有密码", id="restricted"),
    pytest.param(
        pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate, change=_link(_action("Launch"))), "自动", id="packed"
    ),
    pytest.param(pdf(501), "超过 500 页", id="pages"),
    pytest.param(PDF.replace(b"/Count 1", b"/Count 99999"), "超过 500 页", id="says it has many pages"),
    pytest.param(PDF + zipped(), "另一种格式", id="pdf and zip"),
    pytest.param(
        PDF + b"<html><script>alert(1)</script></html>" + b"%%EOF startxref <b>", "另一种格式", id="pdf and html"
    ),
    pytest.param(b"%PDF-1.7\n" + b"\xff" * 3000 + b"\nstartxref\n9\n%%EOF\n", "打不开", id="broken pdf"),
    pytest.param(b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF\n", "打不开|太复杂", id="deep pdf"),
]


@pytest.mark.parametrize(("content", "finding"), FINDINGS)
def test_what_acts_hides_or_breaks_in_a_pdf_gets_it_rejected_with_the_reason(content, finding):
    file = checked(content, "合同.pdf")
    assert file.state == "rejected"
    assert any(part in file.finding for part in finding.split("|")), file.finding


def test_a_hundred_thousand_pages_cost_little():
    kids = b" ".join(b"3 0 R" for _ in range(100_000))
    content = PDF.replace(b"/Kids [ 3 0 R ]", b"/Kids [ " + kids + b" ]").replace(b"/Count 1", b"/Count 100000")
    begun = time.monotonic()
    file = checked(content, "厚.pdf")
    assert "500 页" in file.finding or "打不开" in file.finding
    assert time.monotonic() - begun < quarantine._DEADLINE


@pytest.mark.parametrize("change", [_root(OpenAction=Array([])), _link(_action("URI", URI=String("https://a.cn")))])
def test_what_only_waits_for_a_click_or_opens_a_page_is_taken(change):
    assert checked(pdf(change=change), "合同.pdf").state == "clean"


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        pytest.param(bomb(65_000, 65_000), "像素太多", id="pixel flood"),
        pytest.param(bomb(9_000, 9_000), "像素太多", id="too many pixels"),
        pytest.param(bomb(5_000, 5_000), "打不开", id="pixels that are not there"),
        pytest.param(picture(size=(300, 300))[:-40], "打不开", id="cut short"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "打不开", id="no picture"),
    ],
)
def test_a_png_too_large_or_broken_is_rejected_with_the_reason(content, finding):
    file = checked(content, "执照.png")
    assert (file.state, finding in file.finding) == ("rejected", True), file.finding


def test_a_jpeg_cut_short_is_told():
    assert "打不开" in checked(picture("JPEG", (300, 300))[:2000], "执照.jpg").finding
    assert "打不开" in checked(b"\xff\xd8\xff" + b"\0" * 90, "执照.jpg").finding


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_what_is_hidden_beside_the_pixels_is_gone():
    page = b"<html><script>alert(1)</script></html>"
    image = picture()
    hidden = image[:33] + _chunk(b"tEXt", b"Comment\0" + page) + image[33:] + page + zipped()
    file = checked(hidden, "执照.png")
    assert file.state == "clean"
    with file.blob.file.open("rb") as content:
        cleaned = content.read()
    assert b"script" not in cleaned
    assert b"PK\x03\x04" not in cleaned


def test_packed_text_beside_the_pixels_takes_no_memory_to_speak_of():
    image = picture()
    packed = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 300_000_000))
    with tempfile.TemporaryFile() as content:
        content.write(image[:33] + packed + image[33:])
        content.seek(0)
        # Started by a small process: Linux counts the size of whoever starts one into the size of that one.
        script = (
            "import resource, subprocess, sys;"
            "look = [sys.executable, '-m', 'licensing.files.inspection', 'image/png'];"
            "subprocess.run(look, stdout=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        used = int(subprocess.check_output([sys.executable, "-c", script], stdin=content))
    assert used * 1024 < inspection.MEMORY / 2


def test_a_process_that_needs_too_much_is_ended_and_the_file_rejected():
    for status, finding in ((-24, "costly"), (-6, "costly"), (-11, "broken"), (10, "broken")):
        assert quarantine._finding(status) == finding
    with pytest.raises(quarantine.NotChecked):
        quarantine._finding(-9)


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd.png"),
        ("..\\..\\windows\\system32\\a.png", "a.png"),
        ("a\0b.png", "ab.png"),
        ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
        ("执照\u202egnp.exe.png", "执照gnp.exe.png"),
        ("\u2066\u2069\u200b", "文件.png"),
        ("证" * 300 + ".png", "证" * 96 + ".png"),
        ("CON.png", "文件 CON.png"),
        ("nul", "文件 nul.png"),
        ("com1.tar.png", "文件 com1.tar.png"),
        ("...", "文件.png"),
        ('"; rm -rf / #.png', "#.png"),
        ("e\u0301.png", "é.png"),
    ],
)
def test_a_name_is_shown_without_tricks_and_is_never_a_path(name, shown, kept):
    shown_name = file_types.display_name(name, "image/png")
    assert shown_name == shown
    row = StoredFile(name=shown_name, content_type="image/png", blob=checked(picture(), "a.png").blob)
    header = uploads.served(row)
    header.close()
    assert header["Content-Disposition"].isprintable()
    assert header["Content-Disposition"].startswith("attachment; filename")
    assert all(len(path.name) == 32 for path in kept())
