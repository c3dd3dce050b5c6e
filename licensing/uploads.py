"""Files that people upload: how they are kept, and how they are handed out again."""

import hashlib
import secrets
from contextlib import contextmanager

from django.core.files import File
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.http import FileResponse

from licensing.file_types import MAX_SIZE, check
from licensing.models import StoredFile


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
                content = _Hashing(upload)
                # The path is random and known before the first byte is written: half a file can be found and removed.
                path = row.file.field.generate_filename(row, secrets.token_hex(16))
                kept.append(path)
                row.file.name = row.file.storage.save(path, content)
                row.sha256 = content.digest.hexdigest()
                row.save()
                rows.append(row)
            yield rows
    except BaseException:
        for path in kept:
            StoredFile.file.field.storage.delete(path)
        raise


def remove(files):
    """Delete stored files; their bytes go when the transaction is committed."""
    rows = list(files)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(lambda file=row.file: file.storage.delete(file.name))


def served(stored_file):
    """The answer that hands a file out: always a download, never rendered as a page of ours, never cached."""
    response = FileResponse(
        stored_file.file.open("rb"),
        as_attachment=True,
        filename=stored_file.name,
        content_type=stored_file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


class _Hashing(File):
    """Hashes what is read while it is written to the storage. Hides the temporary path, which would be moved unread."""

    def __init__(self, upload):
        super().__init__(upload.file, upload.name)
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size=None):
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            yield chunk
