"""Files that people upload: what is taken, how it is kept, how it is handed out again."""

import hashlib
import re
import secrets
import unicodedata
from contextlib import contextmanager
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.http import FileResponse
from PIL import Image

from licensing.models import StoredFile

MAX_SIZE = 20 * 1024 * 1024
# A 48 megapixel phone picture passes; a bomb that unpacks to gigabytes does not.
MAX_PIXELS = 60_000_000
MAX_NAME = 100
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
}
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPEG 图片", "image/png": "PNG 图片"}
# For the file picker; the server looks at the content itself.
ACCEPT = ",".join([*ENDINGS, *(ending for endings in ENDINGS.values() for ending in endings)])


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keep no more of a file on disk than may be stored; its true size is still counted and then refused."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= MAX_SIZE:
            self.file.write(raw_data)


@contextmanager
def stored(uploads, user):
    """Check and store the uploads, yield their StoredFiles inside a transaction of its own.

    When a check or the block fails, neither rows nor files are left. Raises ValidationError for a file not taken.
    """
    kept = []
    try:
        # Durable: an outer transaction could roll the rows back after the files were kept.
        with transaction.atomic(durable=True):
            rows = []
            for upload in uploads:
                row = _checked(upload, user)
                content = _Hashing(upload)
                # The path is random and known before the first byte is written: half a file can be found and removed.
                path = row.file.field.generate_filename(row, secrets.token_hex(16))
                kept.append(path)
                row.file.name = row.file.storage.save(path, content)
                row.sha256 = content.digest.hexdigest()
                row.save()
                rows.append(row)
            yield rows
    except BaseException:
        for path in kept:
            StoredFile.file.field.storage.delete(path)
        raise


def remove(files):
    """Delete stored files; their bytes go when the transaction is committed."""
    rows = list(files)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(lambda file=row.file: file.storage.delete(file.name))


def served(stored_file):
    """The answer that hands a file out: always a download, never rendered as a page of ours, never cached."""
    response = FileResponse(
        stored_file.file.open("rb"),
        as_attachment=True,
        filename=stored_file.name,
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def display_name(name, content_type=""):
    """A file's name as it may be shown: no folders, no control or direction marks, not too long."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name or "")[-1])
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    path = PurePosixPath(name)
    ending = path.suffix if path.suffix.lower() in _all_endings() else ENDINGS.get(content_type, ("",))[0]
    return (path.name.removesuffix(ending)[: MAX_NAME - len(ending)] or "文件") + ending


class _Hashing(File):
    """Hashes what is read while it is written to the storage. Hides the temporary path, which would be moved unread."""

    def __init__(self, upload):
        super().__init__(upload.file, upload.name)
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size=None):
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            yield chunk


def _checked(upload, user):
    """Return the StoredFile to be saved, or raise ValidationError with a sentence for the person."""
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
    if content_type == "application/pdf":
        _check_pdf(upload, name)
    else:
        _check_picture(upload, name, KINDS[content_type].split()[0])
    upload.seek(0)
    name = display_name(upload.name, content_type)
    return StoredFile(uploaded_by=user, name=name, content_type=content_type, size=upload.size)


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


def _check_picture(upload, name, kind):
    upload.seek(0)
    too_many = ValidationError(f"“{name}”的像素太多，请把图片缩小到 6000 万像素以内再传。")
    try:
        picture = Image.open(upload.file, formats=[kind])
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise too_many
        picture.verify()
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_many from None
    # A decoder fed with hostile bytes may raise anything.
    except Exception:
        raise ValidationError(f"“{name}”打不开，图片可能已损坏，请重新拍照或另存后再传。") from None


def _all_endings():
    return [ending for endings in ENDINGS.values() for ending in endings]
