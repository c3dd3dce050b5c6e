"""The enterprise's code (企业码): a picture of the address of its public page, and nothing else in it."""

from io import BytesIO

from django.conf import settings
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from licensing.barcodes import qr_code

CONTENT_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def public_address(enterprise):
    """The printed address: PUBLIC_URL, not the host of some request, since a code outlives the server that drew it."""
    return settings.PUBLIC_URL + reverse("certificates:public", args=[enterprise.public_token])


def picture(address, kind):
    """Return the code as bytes; kind is one of CONTENT_TYPES."""
    image = qr_code(address).make_image(image_factory=SvgPathImage if kind == "svg" else None)
    out = BytesIO()
    image.save(out)
    return out.getvalue()
