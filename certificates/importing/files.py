"""The files of an import in private storage: what was uploaded, and the plain rows that were made of it."""

import hashlib
import json
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from certificates.models import ImportState, LicenceImport

MAX_SIZE = 50 * 1024 * 1024
# A transaction that is still under way has written its bytes before its row is seen.
_GRACE = timedelta(hours=1)
# Who finds a mistake in what was imported can still look at what was uploaded, and mend what had errors.
KEPT = timedelta(days=30)
_AT_ONCE = 20
_ROWS, _TOLD, _PART = ".rows", ".told", ".part"


def storage():
    return LicenceImport._meta.get_field("file").storage


def digest_of(upload):
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return digest


def keep(batch, upload, kind):
    """Write the bytes under a random name; the caller discards them when its transaction fails."""
    batch.file.save(f"{secrets.token_hex(16)}.{kind}", File(upload, "upload"), save=False)


def discard(name):
    """Delete a file of an import and what was made of it."""
    storage().delete(name)
    discard_rows(name)


def discard_rows(name):
    for made in (_ROWS, _TOLD, _ROWS + _PART):
        storage().delete(name + made)


def kind_of(batch):
    return batch.file.name.rpartition(".")[2]


def is_converted(batch):
    return storage().exists(batch.file.name + _TOLD)


def part_path(batch):
    """Where the rows are written until they are all there."""
    return Path(storage().path(batch.file.name + _ROWS + _PART))


def keep_rows(batch, told):
    """The part file is whole: take it, and write down what was told of it. The second is what says so."""
    os.replace(part_path(batch), storage().path(batch.file.name + _ROWS))
    storage().delete(batch.file.name + _TOLD)
    half = Path(storage().path(batch.file.name + _TOLD + _PART))
    half.write_text(json.dumps(told), encoding="utf-8")
    half.replace(storage().path(batch.file.name + _TOLD))


def told(batch):
    return json.loads(Path(storage().path(batch.file.name + _TOLD)).read_text(encoding="utf-8"))


def rows_after(batch, number):
    """Yield the lines after the first so many: [row number, {name: text}, {name: what is wrong}]."""
    with open(storage().path(batch.file.name + _ROWS), encoding="utf-8") as lines:
        for line in islice(lines, number, None):
            yield json.loads(line)


def sweep():
    """Forget rows and files of imports that were done a month ago, and files that no import has."""
    old = LicenceImport.objects.filter(state=ImportState.DONE, finished_at__lt=timezone.now() - KEPT).exclude(file="")
    for batch in old[:_AT_ONCE]:
        with transaction.atomic():
            batch.rows.all().delete()
            LicenceImport.objects.filter(pk=batch.pk).update(file="")
        discard(batch.file.name)
    _remove_left_behind()


def _remove_left_behind():
    """A web process or worker died between file and row."""
    limit = (timezone.now() - _GRACE).timestamp()
    root = Path(storage().path("imports"))
    for path in root.rglob("*"):
        # Another sweep, or the import's own end, may be quicker.
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < limit:
                _remove_forgotten(path)


def _remove_forgotten(path):
    stem, _, rest = path.name.partition(".")
    name = str((path.parent / f"{stem}.{rest.split('.')[0]}").relative_to(storage().location))
    if not LicenceImport.objects.filter(file=name).exists():
        path.unlink()
