"""Which files are taken at all: what they begin with, how big they are, how their names may be shown.

Nothing is decoded here: that is done by inspection.py, in a process of its own.
"""

import re
import unicodedata
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError

MAX_SIZE = 20 * 1024 * 1024
MAX_NAME = 100
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
}
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPEG 图片", "image/png": "PNG 图片"}
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
# For the file picker; the server looks at the content itself.
ACCEPT = ",".join([*ENDINGS, *(ending for endings in ENDINGS.values() for ending in endings)])


def check(upload):
    """Return (content type, name to show) of an UploadedFile. Raises ValidationError with a sentence for the person."""
    name = display_name(upload.name)
    if upload.size == 0:
        raise ValidationError(f"“{name}”是空文件，请重新选择。")
    if upload.size > MAX_SIZE:
        raise ValidationError(f"“{name}”有 {upload.size / 1024 / 1024:.0f} MB，超过 20 MB，请压缩后再传。")
    content_type = _sniffed(upload, name)
    ending = PurePosixPath(name).suffix.lower()
    if ending and ending not in ENDINGS[content_type]:
        kind, right = KINDS[content_type], ENDINGS[content_type][0]
        raise ValidationError(f"“{name}”的内容是 {kind}，和结尾“{ending}”对不上，请把文件名的结尾改成“{right}”再传。")
    declared = (getattr(upload, "content_type", "") or "").lower()
    if declared in ENDINGS and declared != content_type:
        raise ValidationError(f"“{name}”的内容是 {KINDS[content_type]}，和声明的类型对不上，请重新选择文件再传。")
    if content_type == "application/pdf":
        _check_pdf(upload, name)
    upload.seek(0)
    return content_type, display_name(upload.name, content_type)


def display_name(name, content_type=""):
    """A file's name as it may be shown: no folders, no control or direction marks, not too long."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name or "")[-1])
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    path = PurePosixPath(name)
    ending = path.suffix if path.suffix.lower() in _all_endings() else ENDINGS.get(content_type, ("",))[0]
    stem = path.name.removesuffix(ending)[: MAX_NAME - len(ending)] or "文件"
    # Windows cannot save a file of such a name, whatever its ending.
    return ("文件 " if _RESERVED.fullmatch(stem.split(".")[0].strip()) else "") + stem + ending


def _sniffed(upload, name):
    upload.seek(0)
    head = upload.read(16)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    advice = "请上传 PDF、JPG 或 PNG 文件。"
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        advice = "这是 HEIC 格式的照片，请在手机相机设置里选“兼容性最佳”重拍，或者上传照片的截图。"
    elif head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        advice = "Word、WPS 等文档请另存为 PDF 再上传，压缩包请解开后逐个上传。"
    raise ValidationError(f"“{name}”不能用。{advice}")


def _check_pdf(upload, name):
    upload.seek(max(0, upload.size - 2048))
    tail = upload.read()
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise ValidationError(f"“{name}”不完整或者已损坏，请重新生成 PDF 再传。")


def _all_endings():
    return [ending for endings in ENDINGS.values() for ending in endings]
