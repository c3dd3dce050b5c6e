"""Files that people upload: how they are kept, and how they are handed out again."""

from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils import timezone

from exchange import outbox
from licensing.files import blobs
from licensing.files.downloads import download
from licensing.files.file_types import MAX_SIZE, check
from licensing.models import FileState, Status, StoredFile

# The paper of a chain's dozen shops at once, or a clerk's busy hour; not a disk filled overnight.
MAX_BYTES = 500 * 1024 * 1024
MAX_PER_HOUR = 300
LINK_SECONDS = 300
_SWEPT = 500
_SIGNER = signing.TimestampSigner(salt="licensing.file")


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keep no more of a file on disk than may be stored; its true size is still counted and then refused."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= MAX_SIZE:
            self.file.write(raw_data)


@contextmanager
def stored(uploads, user, *, announced=True):
    """Store the uploads, yield their StoredFiles inside a transaction of its own; they are checked when it commits.

    Each is CHECKING until quarantine.py has looked into it, which a worker does where it is announced. When a
    first check or the block fails, neither rows nor files are left. Raises ValidationError for a file not taken, and
    for more than one person may have.
    """
    kept = []
    try:
        # Durable: an outer transaction could roll the rows back after the files were kept.
        with transaction.atomic(durable=True):
            rows = [_row(upload, user) for upload in uploads]
            _check_quota(user, rows)
            _keep(rows, kept)
            StoredFile.objects.bulk_create(rows)
            if announced:
                outbox.emit_many("file.uploaded", [{"file_id": row.pk} for row in rows])
            yield rows
    except BaseException:
        blobs.discard(kept)
        raise


@transaction.atomic
def remove(files):
    """Delete stored files; bytes that no file has any more go when the transaction is committed."""
    rows = list(files)
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    blobs.release(row.blob_id for row in rows)


@transaction.atomic
def sweep():
    """Remove files that were stored for something that then never was, after a day."""
    old = StoredFile.objects.filter(uploaded_at__lt=timezone.now() - timedelta(days=1))
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        # Whatever names a file, in whichever app: foreign keys, and the rows between for many-to-many.
        if relation.one_to_many:
            name = relation.field.name
            old = old.exclude(Exists(relation.related_model.objects.filter(**{name: OuterRef("pk")})))
    remove(old[:_SWEPT])


def link(stored_file, user, kind="download"):
    """The address of a file's bytes, good for this user alone and for five minutes. kind: download or preview."""
    # The user is part of what is signed: an address read from another's history or proxy opens nothing.
    token = _SIGNER.sign(_named(stored_file.public_id, user)).split(_SIGNER.sep, 1)[1]
    return reverse("licensing:file-bytes", args=[stored_file.public_id, kind, token])


def is_for(user, public_id, token):
    """Was this token made for this user and file, less than five minutes ago?"""
    try:
        _SIGNER.unsign(f"{_named(public_id, user)}{_SIGNER.sep}{token}", max_age=LINK_SECONDS)
    except signing.BadSignature:
        return False
    return True


def served(stored_file):
    return download(stored_file.blob.file.open("rb"), stored_file.name, stored_file.content_type)


def previewed(stored_file):
    """The same to be looked at in the browser: a picture written anew by us, or a PDF in which nothing acts."""
    response = served(stored_file)
    response["Content-Disposition"] = "inline"
    response["X-Frame-Options"] = "SAMEORIGIN"
    if stored_file.content_type == "application/pdf":
        # A sandboxed document gets no viewer; nothing else may be loaded, and no other site may frame it.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return response


def _row(upload, user):
    content_type, name = check(upload)
    row = StoredFile(uploaded_by=user, name=name, content_type=content_type, size=upload.size)
    row.upload, row.sha256 = upload, blobs.digest_of(upload.file)
    return row


def _keep(rows, kept):
    # In one order for everybody, so that two who hand in the same files never wait for each other.
    for row in sorted(rows, key=lambda row: row.sha256):
        row.blob = blobs.keep(row.upload.file, row.size, kept, row.sha256)


def _check_quota(user, rows):
    if not rows:
        return
    # One person's uploads come one after the other from here, so the limits are exact.
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    now, own = timezone.now(), StoredFile.objects.filter(uploaded_by=user)
    if own.filter(uploaded_at__gt=now - timedelta(hours=1)).count() + len(rows) > MAX_PER_HOUR:
        raise ValidationError(f"您在一小时里上传了太多文件（最多 {MAX_PER_HOUR} 个），请过一会儿再传。")
    loose = Q(materials=None, uploaded_at__gt=now - timedelta(days=1))
    drafts = own.filter(loose | Q(materials__application__status=Status.DRAFT)).exclude(state=FileState.REJECTED)
    held = StoredFile.objects.filter(pk__in=drafts.values("pk")).aggregate(held=Sum("size"))["held"] or 0
    if held + sum(row.size for row in rows) > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        raise ValidationError(
            f"您还没有提交的文件已经有 {held / 1024 / 1024:.0f} MB，加上这些就超过 {most} MB 了。"
            "请先删掉不用的草稿或文件，或者把已经备好的申请提交。"
        )


def _named(public_id, user):
    return f"{public_id}/{user.pk}"
