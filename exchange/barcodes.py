"""Codes to be scanned, as SVG to be set into a page: bars and squares only, so that no font is needed. Pure."""

from itertools import groupby

import qrcode
from barcode import Code128
from qrcode.image.svg import SvgPathImage

# In millimetres. 0.33 is what any hand scanner reads; the ten blank modules on both sides belong to the code.
_MODULE, _HEIGHT, _QUIET = 0.33, 12, 10


def code128_svg(text):
    """Return the text as a Code 128 symbol: one <svg> element. Raises ValueError for what Code 128 cannot say."""
    if not text.isascii():
        raise ValueError("Code 128 holds ASCII only")
    modules = Code128(text).build()[0]
    bars, at = [], _QUIET
    for module, run in groupby(modules):
        width = len(list(run))
        if module == "1":
            bars.append(f"M{at},0h{width}v{_HEIGHT}h-{width}z")
        at += width
    wide = at + _QUIET
    # One unit is a module across and a millimetre down.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * _MODULE:.2f}mm" height="{_HEIGHT}mm" '
        f'viewBox="0 0 {wide} {_HEIGHT}" preserveAspectRatio="none"><path d="{"".join(bars)}"/></svg>'
    )


def qr_code(text):
    """Return the text as a qrcode.QRCode, to be made an image of."""
    # Level M still reads with 15 % of the picture dirty or torn, as on a shop door; ten pixels a module print sharply.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=4)
    code.add_data(text)
    return code


def qr_svg(text):
    """Return the text as a QR code: one <svg> element."""
    return qr_code(text).make_image(image_factory=SvgPathImage).to_string().decode()
