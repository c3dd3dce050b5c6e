"""The bytes of e-licences in private storage: written before their row says so, removed when it never does."""

import secrets
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from certificates.models import LicenceFile

_FIELD = LicenceFile.content.field
# A worker that is still at work has written its bytes before its row is seen.
_GRACE = timedelta(hours=1)
_STEP = 1000


def write(content):
    """Write the bytes under a random name and return it. What no row ever names, the sweep removes."""
    return _FIELD.storage.save(_FIELD.generate_filename(None, f"{secrets.token_hex(16)}.pdf"), ContentFile(content))


def remove(name):
    """Remove bytes of which it is certain that no row names them."""
    _FIELD.storage.delete(name)


def sweep():
    """Remove bytes older than an hour that no row names, as a killed worker leaves them; return their names."""
    return [name for names in _old_names() for name in _forgotten(names)]


def _old_names():
    """Lists of names in storage that are older than the grace."""
    root = Path(_FIELD.storage.path("licences"))
    limit, names = (timezone.now() - _GRACE).timestamp(), []
    for path in root.rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            names.append(str(path.relative_to(_FIELD.storage.location)))
        if len(names) == _STEP:
            yield names
            names = []
    yield names


def _forgotten(names):
    known = set(LicenceFile.objects.filter(content__in=names).values_list("content", flat=True))
    for name in names:
        if name not in known:
            remove(name)
            yield name
