"""The bytes of e-licences in private storage: written before their row says so, removed when it never does."""

import secrets

from django.core.files.base import ContentFile

from certificates.models import LicenceFile
from licensing.files.left_behind import remove_unnamed

_FIELD = LicenceFile.content.field


def write(content):
    """Write the bytes under a random name and return it. What no row ever names, the sweep removes."""
    return _FIELD.storage.save(_FIELD.generate_filename(None, f"{secrets.token_hex(16)}.pdf"), ContentFile(content))


def remove(name):
    """Remove bytes of which it is certain that no row names them."""
    _FIELD.storage.delete(name)


def sweep():
    """Remove bytes older than an hour that no row names, as a killed worker leaves them; return their names."""
    return remove_unnamed(_FIELD, "licences")
