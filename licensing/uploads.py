"""Files that people upload: how they are kept, and how they are handed out again."""

import hashlib
import secrets
from contextlib import contextmanager

from django.core.files import File
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

from licensing.file_types import MAX_SIZE, check
from licensing.models import Blob, FileState, StoredFile


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keep no more of a file on disk than may be stored; its true size is still counted and then refused."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= MAX_SIZE:
            self.file.write(raw_data)


@contextmanager
def stored(uploads, user):
    """Check and store the uploads, yield their StoredFiles inside a transaction of its own.

    When a check or the block fails, neither rows nor files are left. Raises ValidationError for a file not taken.
    """
    kept = []
    try:
        # Durable: an outer transaction could roll the rows back after the files were kept.
        with transaction.atomic(durable=True):
            rows = []
            for upload in uploads:
                content_type, name = check(upload)
                row = StoredFile(uploaded_by=user, name=name, content_type=content_type, size=upload.size)
                row.blob = _blob(upload, kept)
                row.state, row.checked_at = FileState.CLEAN, timezone.now()
                row.save()
                rows.append(row)
            yield rows
    except BaseException:
        for path in kept:
            Blob.file.field.storage.delete(path)
        raise


def remove(files):
    """Delete stored files; bytes that no file has any more go when the transaction is committed."""
    rows = list(files)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    unused = Blob.objects.filter(pk__in=[row.blob_id for row in rows], files=None)
    for blob in unused:
        transaction.on_commit(lambda file=blob.file: file.storage.delete(file.name))
    unused.delete()


def _blob(upload, kept):
    """The Blob of these bytes, written now unless they are there already. kept: takes the path if it is written."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    blob = Blob.objects.filter(sha256=digest.hexdigest()).first()
    if blob is None:
        blob = Blob(sha256=digest.hexdigest(), size=upload.size)
        # The path is random and known before the first byte is written: half a file can be found and removed.
        path = blob.file.field.generate_filename(blob, secrets.token_hex(16))
        kept.append(path)
        # Django's own File hides the temporary path, which would be moved and not copied.
        blob.file.name = blob.file.storage.save(path, File(upload.file, upload.name))
        blob.save()
    return blob


def served(stored_file):
    """The answer that hands a file out: always a download, never rendered as a page of ours, never cached."""
    response = FileResponse(
        stored_file.blob.file.open("rb"),
        as_attachment=True,
        filename=stored_file.name,
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
