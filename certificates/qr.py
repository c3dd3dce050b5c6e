"""The enterprise's code (企业码): a picture of the address of its public page, and nothing else in it."""

from io import BytesIO

import qrcode
from django.conf import settings
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

CONTENT_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def public_address(enterprise):
    """The printed address: PUBLIC_URL, not the host of some request, since a code outlives the server that drew it."""
    return settings.PUBLIC_URL + reverse("certificates:public", args=[enterprise.public_token])


def picture(address, kind):
    """Return the code as bytes; kind is one of CONTENT_TYPES."""
    # Level M still reads with 15 % of the picture dirty or torn, as on a shop door; ten pixels a module print sharply.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=4)
    code.add_data(address)
    image = code.make_image(image_factory=SvgPathImage if kind == "svg" else None)
    out = BytesIO()
    image.save(out)
    return out.getvalue()
