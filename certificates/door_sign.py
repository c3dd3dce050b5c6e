"""The sign for a shop's door: the enterprise's code, large, and one sentence. It names nobody but the enterprise."""

from certificates.qr import public_address
from exchange import pdf
from exchange.barcodes import qr_svg

# {paper: (its size for CSS, side of the code in millimetres)}. Read from about ten times the code's side away.
PAPERS = {"a4": ("A4 portrait", 165), "a5": ("A5 portrait", 117)}
# Letters up to which a name stands in the larger sizes, so that the longest still leaves the code its place.
_LARGE, _MIDDLE = 12, 30


def draw(enterprise, paper):
    """Return the sign as a PDF of one page. Raises pdf.PdfUnavailable."""
    page, side = PAPERS[paper]
    address = public_address(enterprise)
    context = {"enterprise": enterprise, "page": page, "side": side, "paper": paper}
    context |= {"address": address, "code": qr_svg(address), "length": _length(enterprise.name)}
    return pdf.render("certificates/print/door_sign.html", context)


def _length(name):
    return "short" if len(name) <= _LARGE else "middle" if len(name) <= _MIDDLE else "long"
