"""The face of an e-licence as a PDF (PDF/A-3u): what it says, a QR code of the holder's page, its data inside."""

import dataclasses
from datetime import date

from certificates.elicences.data import NO_END
from certificates.elicences.unpacking import DATA_NAME, SEAL_NAME
from certificates.qr import public_address
from exchange import pdf
from exchange.barcodes import qr_svg
from guidance.canonical import canonical
from licensing.wording import day_text

_TEMPLATE = "certificates/elicences/licence.html"
_VARIANT = "pdf/a-3u"
# Chinese characters in a line of the face.
_LINE, _FITTING = 30, 6


def drawn(licence, data, text, seal, *, sample):
    """Return the bytes of the PDF. data: as sealed; text: the same as its canonical JSON. Raises pdf.PdfUnavailable."""
    apart = _lines(data["scope"]) > _FITTING
    lines = sum(map(_lines, ["" if apart else data["scope"], data["holder"], data["premises"]]))
    context = {
        "heading": data["name"],
        "data": data,
        "issued_on": date.fromisoformat(data["issued_on"]),
        "valid_until": None if data["valid_until"] == NO_END else date.fromisoformat(data["valid_until"]),
        "face": [one | {"value": _shown(one["value"])} for one in data["face"]],
        "qr": qr_svg(public_address(licence.holder)),
        "sample": sample,
        # The face is one page, whatever it has to say; what is too long for it stands on the next.
        "scope_apart": apart,
        "full": lines > 4 or len(data["face"]) > 1 or len(data["name"]) > 14,
    }
    attached = [
        pdf.Attached(DATA_NAME, text, "证照数据", "Data"),
        pdf.Attached(SEAL_NAME, canonical(dataclasses.asdict(seal)), "证照数据的签章", "Supplement"),
    ]
    return pdf.render(_TEMPLATE, context, attached=attached, variant=_VARIANT)


def _shown(value):
    try:
        return day_text(date.fromisoformat(value))
    except ValueError:
        return value


def _lines(text):
    """About as many lines as the text takes on the face."""
    return sum(1 + len(line) // _LINE for line in text.splitlines())
