"""Reading a PDF back as a person's machine would: glyph by glyph, through the maps that the file itself brings."""

import io
import re

import pikepdf
from fontTools.ttLib import TTFont

_HEX = re.compile(rb"<([0-9a-fA-F]+)>")


def text_of(content):
    """All text of the PDF, in the order in which it is drawn."""
    return "".join(letter for letter, _ in _drawn(content))


def undrawable(content):
    """The letters for which the embedded font has no glyph, so that a box stands there."""
    return {letter for letter, drawn in _drawn(content) if not drawn and letter.strip()}


def _drawn(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            yield from _streamed(page, page.Resources)


def _streamed(stream, resources):
    fonts = {name: _Font(font) for name, font in resources.get("/Font", {}).items()}
    font = None
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "Tf":
                font = fonts[str(operands[0])]
            case "TJ":
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        yield from font.read(bytes(part))
            case "Tj":
                yield from font.read(bytes(operands[0]))
            case "Do":
                inner = resources.XObject[str(operands[0])]
                if inner.Subtype == "/Form":
                    yield from _streamed(inner, inner.get("/Resources", resources))


class _Font:
    def __init__(self, font):
        self.letters = _mapped(font.ToUnicode.read_bytes())
        descriptor = font.DescendantFonts[0].FontDescriptor
        embedded = descriptor.get("/FontFile3") or descriptor.get("/FontFile2")
        assert embedded is not None, f"{font.BaseFont} is not embedded"
        self.glyphs = len(TTFont(io.BytesIO(embedded.read_bytes()), lazy=True).getGlyphOrder())

    def read(self, codes):
        """(letters, is it drawn?) of each two-byte code."""
        for at in range(0, len(codes), 2):
            code = int.from_bytes(codes[at : at + 2], "big")
            yield self.letters[code], 0 < code < self.glyphs


def _mapped(cmap):
    letters = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found = _HEX.findall(block)
        for code, letter in zip(found[::2], found[1::2], strict=True):
            letters[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return letters
