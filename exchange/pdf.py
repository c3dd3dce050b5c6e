"""PDFs: a template laid out by WeasyPrint, its fonts embedded, nothing fetched from anywhere."""

import ctypes
import functools
from typing import NamedTuple

from django.core.checks import Info, Warning, register
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

# A name may hold 䶮 or 𠮷; a font without them prints a box.
RARE = "龘䶮𠮷"
_FONTCONFIG = "libfontconfig.so.1"


class PdfUnavailable(Exception):
    """The machine lacks pango or a Chinese font. The message is one sentence for whoever asked for the PDF."""


class Attached(NamedTuple):
    """A text that lies in a PDF as a file; relationship: as PDF/A-3 names it (Data, Supplement, ...)."""

    name: str
    text: str
    description: str
    relationship: str


def render(template, context, *, attached=(), variant=None):
    """Return the template as the bytes of a PDF. Raises PdfUnavailable where the machine cannot make any.

    variant: of WeasyPrint's, like "pdf/a-3u".
    """
    weasyprint = check_available()
    # Words that people typed are on these pages: whatever address they might smuggle in, nobody asks for it.
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = weasyprint.HTML(string=render_to_string(template, context), url_fetcher=nothing)
    files = [
        weasyprint.Attachment(
            string=one.text, name=one.name, description=one.description, relationship=one.relationship
        )
        for one in attached
    ]
    return page.write_pdf(attachments=files, pdf_variant=variant)


def response(content, name):
    """The answer that shows a PDF: kept by no cache, framed by nobody; it loads nothing. name: without ".pdf"."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def check_available():
    """Return WeasyPrint. Raises PdfUnavailable where this machine can make no PDF with Chinese in it."""
    if not can_draw("中"):
        raise PdfUnavailable("这台服务器没有装中文字体，暂时不能生成 PDF；内容都在，可以先在网页上看。")
    return _weasyprint()


@functools.cache
def can_draw(letters):
    """Does some font of this machine that is made for Chinese have all these letters?"""
    try:
        fontconfig = ctypes.CDLL(_FONTCONFIG)
    except OSError:
        return False
    fontconfig.FcNameParse.restype = fontconfig.FcObjectSetBuild.restype = ctypes.c_void_p
    fontconfig.FcFontList.restype = ctypes.POINTER(_FontSet)
    fontconfig.FcFontList.argtypes = [ctypes.c_void_p] * 3
    wanted = f":lang=zh-cn:charset={' '.join(f'{ord(letter):x}' for letter in letters)}"
    pattern = fontconfig.FcNameParse(wanted.encode())
    family = fontconfig.FcObjectSetBuild(b"family", None)
    return fontconfig.FcFontList(None, pattern, family).contents.count > 0


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p)]


def _weasyprint():
    # Imported by the first PDF: it costs 0.6 s and 45 MB, which workers and commands never need, and without pango
    # it raises OSError, which must not keep the portal from starting.
    try:
        import weasyprint
    except OSError:
        raise PdfUnavailable(
            "这台服务器没有装排版程序（pango），暂时不能生成 PDF；内容都在，可以先在网页上看。"
        ) from None
    return weasyprint


# Among the checks of a deployment: a developer's or a CI machine without a font is not wrong.
@register(deploy=True)
def check_printing(app_configs, **options):
    """What the machine lacks for PDFs, told by `manage.py check --deploy`."""
    if not can_draw("中"):
        text, hint = "没有中文字体，不能生成 PDF。", "Debian：apt install fonts-noto-cjk"
        return [Warning(text, hint=hint, id="licensing.W001")]
    if not _has_pango():
        hint = "Debian：apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return [Warning("没有 pango，不能生成 PDF。", hint=hint, id="licensing.W002")]
    if not can_draw(RARE):
        text = f"中文字体里没有{'、'.join(RARE)}这样的生僻字，PDF 里会印成方框。"
        return [Info(text, hint="Debian：apt install fonts-noto-cjk", id="licensing.I003")]
    return []


def _has_pango():
    try:
        return bool(ctypes.CDLL("libpangoft2-1.0.so.0"))
    except OSError:
        return False
