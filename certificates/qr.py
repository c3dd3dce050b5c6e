"""The enterprise's code (企业码): a picture of the address of its public page, and nothing else in it."""

from io import BytesIO

from django.conf import settings
from django.urls import reverse
from qrcode.image.svg import SvgPathImage

from exchange.barcodes import qr_code

# {size: (pixels a module, dots an inch)}. A code has 41 modules or a few more, its white border included: for print
# that is 1,230 pixels, 10 cm at the 300 dots an inch that printing houses ask for.
SIZES = {"screen": (10, 96), "print": (30, 300)}
CONTENT_TYPES = {"png": "image/png", "svg": "image/svg+xml"}


def public_address(enterprise):
    """The printed address: PUBLIC_URL, not the host of some request, since a code outlives the server that drew it."""
    return settings.PUBLIC_URL + reverse("certificates:public", args=[enterprise.public_token])


def picture(address, kind, size="screen"):
    """Return the code as bytes; kind is one of CONTENT_TYPES, size one of SIZES (drawn lines have none)."""
    code, out = qr_code(address), BytesIO()
    if kind == "svg":
        code.make_image(image_factory=SvgPathImage).save(out)
    else:
        code.box_size, resolution = SIZES[size]
        code.make_image().save(out, dpi=(resolution, resolution))
    return out.getvalue()
