"""Bytes in private storage that a killed process has left behind: old, and named by no row."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

# A transaction that is still under way has written its bytes before its row is seen.
GRACE = timedelta(hours=1)
_STEP = 1000


def remove_unnamed(field, folder):
    """Remove what lies below a folder of the FileField's storage, older than GRACE, and no row names; return the names.

    Bytes are kept under random names that no second row ever takes, so what has none now will have none.
    """
    return [name for names in _old_names(field.storage, folder) for name in _removed(field, names)]


def _old_names(storage, folder):
    """Lists of names, each a query's worth."""
    limit, names = (timezone.now() - GRACE).timestamp(), []
    for path in Path(storage.path(folder)).rglob("*"):
        if path.is_file() and path.stat().st_mtime < limit:
            names.append(str(path.relative_to(storage.location)))
        if len(names) == _STEP:
            yield names
            names = []
    yield names


def _removed(field, names):
    known = set(field.model.objects.filter(**{f"{field.name}__in": names}).values_list(field.name, flat=True))
    for name in names:
        if name not in known:
            field.storage.delete(name)
            yield name
