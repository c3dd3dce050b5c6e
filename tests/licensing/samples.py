"""Files as people upload them, good and bad."""

import io
import struct
import zlib

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def pdf(pages=1, change=None, **saved):
    """The bytes of a real PDF of blank pages. change: a function that puts something into the pikepdf.Pdf."""
    content = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(100, 100))
        if change:
            change(document)
        document.save(content, static_id=True, **saved)
    return content.getvalue()


PDF = pdf()


def picture(kind="PNG", size=(60, 40), colour="white"):
    """The bytes of a real picture."""
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, kind)
    return content.getvalue()


def bomb(width=30_000, height=30_000):
    """A PNG of a few dozen bytes that says it is gigabytes of pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def upload(content=None, name="执照.png"):
    return SimpleUploadedFile(name, picture() if content is None else content)
