"""Bytes in private storage, once each: kept and let go by many at a time without losing one or leaving one behind."""

import hashlib
import secrets

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from licensing.files.left_behind import GRACE, remove_unnamed
from licensing.models import Blob

# Rows let go in one transaction.
_STEP = 1000


def digest_of(content):
    """The SHA-256 of a binary file object from its beginning, 64 hex digits."""
    content.seek(0)
    return hashlib.file_digest(content, "sha256").hexdigest()


def keep(content, size, kept, sha256=None):
    """Return the Blob of a binary file object, locked until the transaction ends; written only if it is new.

    kept: a list that takes the path of what is written, before its first byte, for the caller to delete when the
    transaction fails. Who keeps several takes them in the order of their digests: others lock them in that order too.
    """
    sha256 = sha256 or digest_of(content)
    while True:
        # While it is locked nobody lets it go, and the row that is to hold it can be written.
        blob = Blob.objects.select_for_update(no_key=True).filter(sha256=sha256).first()
        if blob is None:
            blob = _written(content, size, sha256, kept)
        if blob is not None:
            return blob


def discard(paths):
    """Delete what keep() wrote for a transaction that has failed."""
    for path in paths:
        Blob.file.field.storage.delete(path)


def release(pks):
    """Let go of the Blobs that no file has any more. Must run in a transaction; the bytes go when it is committed."""
    # Whoever holds one is just taking it up again, or lets it go himself; the sweep finds what both leave.
    locked = Blob.objects.select_for_update(skip_locked=True).filter(pk__in=set(pks))
    ours = [blob.pk for blob in locked]
    # Asked anew, now that they are locked: the first question may have looked before another's commit.
    unused = Blob.objects.filter(pk__in=ours, files=None)
    for blob in unused:
        transaction.on_commit(lambda file=blob.file: file.storage.delete(file.name))
    unused.delete()


def sweep():
    """Remove what a crash left: Blobs without a file, and bytes on disk without a Blob, after an hour's grace."""
    left = Blob.objects.filter(files=None, created_at__lt=timezone.now() - GRACE)
    with transaction.atomic():
        release(left.values_list("pk", flat=True)[:_STEP])
    return remove_unnamed(Blob.file.field, "uploads")


def _written(content, size, sha256, kept):
    """Write the bytes and their row; return the locked Blob, or None when the one who was first has let it go."""
    blob = Blob(sha256=sha256, size=size)
    # The path is random and known before the first byte is written: half a file can be found and removed.
    path = blob.file.field.generate_filename(blob, secrets.token_hex(16))
    kept.append(path)
    content.seek(0)
    # Django's own File hides a temporary path, which would be moved and not copied.
    blob.file.name = blob.file.storage.save(path, File(content, "content"))
    # Of two at once one row stays; the other waits here until its writer has committed or failed.
    Blob.objects.bulk_create([blob], ignore_conflicts=True)
    there = Blob.objects.select_for_update(no_key=True).filter(sha256=sha256).first()
    if there is None or there.file.name != blob.file.name:
        discard([path])
        kept.remove(path)
    return there
