"""Looks into one file in a process of its own with little memory and time; what it says goes by the exit status.

`python -m licensing.files.inspection <content type>`: the file on standard input; on standard output a picture written
anew without what came beside its pixels (camera, place, time). Knows neither Django nor the network nor a database; so
the __init__.py above it stay empty.
"""

import sys
import warnings
import zipfile

from exchange.confined import confine

MAX_PIXELS = 60_000_000
MAX_PAGES = 500
# A paper of 500 scanned pages has some thousands; each is looked at.
_MAX_OBJECTS = 300_000
_MAX_DEPTH = 50
MEMORY = 1024 * 1024 * 1024
SECONDS = 12
# A picture may grow when it is written anew.
OUTPUT = 64 * 1024 * 1024
# What the exit statuses mean; all others are accidents.
CLEAN = 0
FINDINGS = {
    10: "broken",
    11: "pixels",
    12: "costly",
    13: "encrypted",
    14: "script",
    15: "action",
    16: "attachment",
    17: "xfa",
    18: "pages",
    19: "polyglot",
}
_EXITS = {finding: status for status, finding in FINDINGS.items()}
# Launch runs a program, the others send, fetch, play or change what is seen. GoTo and URI wait for a click.
_ACTIONS = {"/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"}


class Finding(Exception):
    """args[0] is one of FINDINGS."""


def main(content_type):
    look = {"application/pdf": _pdf, "image/jpeg": _picture("JPEG"), "image/png": _picture("PNG")}[content_type]
    confine(memory=MEMORY, seconds=SECONDS, written=OUTPUT)
    try:
        look(sys.stdin.buffer, sys.stdout.buffer)
    except Finding as found:
        return _EXITS[found.args[0]]
    except (MemoryError, RecursionError):
        return _EXITS["costly"]
    # A decoder fed with hostile bytes may raise anything.
    except Exception:
        return _EXITS["broken"]
    return CLEAN


def _picture(kind):
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)

    def look(source, target):
        try:
            picture = Image.open(source, formats=[kind])
            if picture.width * picture.height > MAX_PIXELS:
                raise Finding("pixels")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Finding("pixels") from None
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        # All that is not pixels stays behind; a palette's transparency belongs to the pixels.
        picture.info = {key: picture.info[key] for key in ("transparency",) if key in picture.info}
        if kind == "JPEG":
            picture.save(target, kind, quality=90)
        else:
            # Level 3 takes a third of the time of level 6 for a few hundredths of the size.
            picture.save(target, kind, compress_level=3)

    return look


def _pdf(source, _):
    import pikepdf

    if zipfile.is_zipfile(source) or _goes_on_after_its_end(source):
        raise Finding("polyglot")
    source.seek(0)
    try:
        pdf = pikepdf.open(source, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Finding("encrypted") from None
    with pdf:
        if pdf.is_encrypted:
            raise Finding("encrypted")
        pages = _pages(pdf)
        if pages > MAX_PAGES:
            raise Finding("pages")
        if not pages:
            raise Finding("broken")
        for number, thing in enumerate(pdf.objects):
            if number > _MAX_OBJECTS:
                raise Finding("costly")
            _look_at(thing, pikepdf)


def _goes_on_after_its_end(source):
    """Is there anything but white space after the last %%EOF?"""
    size = source.seek(0, 2)
    source.seek(max(0, size - 4096))
    _, end, after = source.read().rpartition(b"%%EOF")
    return bool(not end or after.strip(b"\0\t\n\x0c\r "))


def _pages(pdf):
    """The number of pages as the tree says it; counted only when that is not many."""
    said = int(pdf.Root.Pages.get("/Count", 0))
    return said if said > MAX_PAGES else len(pdf.pages)


def _look_at(thing, pikepdf, depth=0):
    """Raise Finding for anything active in an object and what lies in it directly; indirect ones come by themselves."""
    if depth > _MAX_DEPTH:
        raise Finding("costly")
    if isinstance(thing, pikepdf.Array):
        inner = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        _judge(thing, pikepdf)
        inner = [thing[key] for key in thing.keys()]  # noqa: SIM118 - a Stream iterates over nothing else
    else:
        return
    for each in inner:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            _look_at(each, pikepdf, depth + 1)


def _judge(thing, pikepdf):
    keys, action = set(thing.keys()), thing.get("/S")
    action = str(action) if isinstance(action, pikepdf.Name) else ""
    if keys & {"/JS", "/JavaScript"} or action == "/JavaScript":
        raise Finding("script")
    if action in _ACTIONS:
        raise Finding("action")
    if "/EmbeddedFiles" in keys or "/EF" in keys or "/RichMediaContent" in keys:
        raise Finding("attachment")
    if "/XFA" in keys:
        raise Finding("xfa")
    # To open on a certain page is harmless, and many programs write it.
    start = thing.get("/OpenAction")
    if isinstance(start, pikepdf.Dictionary) and start.get("/S") != "/GoTo":
        raise Finding("action")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
