"""What happens to a file between its upload and the first person who may open it.

A worker has it scanned for viruses where a scanner is configured, and looked into by inspection.py in a process that
can do no harm. Then it is CLEAN, a picture written anew, or REJECTED with what to do; the bytes of those go.
"""

import io
import logging
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from exchange import clamd, outbox
from licensing.files import blobs, inspection, uploads
from licensing.models import FileState, StoredFile

logger = logging.getLogger(__name__)

# Beyond the processor's 12 s, within the 25 s of a worker's task.
_DEADLINE = 15
# What a person waits for at most where a file must be clean before the page can go on.
_PATIENCE = timedelta(seconds=25)
# The outbox is quicker, and has given up by then: a scanner may be away for an hour.
_LEFT_BEHIND = timedelta(minutes=10)
_ROOT = Path(inspection.__file__).parents[2]

FINDINGS = {
    "broken": "打不开，可能已损坏。请重新拍照、扫描或另存后再传。",
    "pixels": f"像素太多，请把图片缩小到 {inspection.MAX_PIXELS // 10_000} 万像素以内再传。",
    "costly": "内容太复杂，检查不完。请重新扫描，或者用“打印成 PDF”另存一份再传。",
    "encrypted": "有密码或者限制了权限，没法检查。请去掉密码，或者用“打印成 PDF”另存一份再传。",
    "script": "里面有会自动运行的脚本。请用“打印成 PDF”另存一份再传。",
    "action": "打开时会自动执行别的操作。请用“打印成 PDF”另存一份再传。",
    "attachment": "里面夹带了别的文件。请用“打印成 PDF”另存一份，夹带的文件单独上传。",
    "xfa": "是动态表单，很多电脑打不开。请用“打印成 PDF”另存一份再传。",
    "pages": f"超过 {inspection.MAX_PAGES} 页。请只留需要的部分，或者分成几个文件再传。",
    "polyglot": "里面还藏着另一种格式的内容。请用“打印成 PDF”另存一份再传。",
}


@dataclass(frozen=True)
class Verdict:
    finding: str = ""  # a sentence for who handed it in; "" for a clean file
    scanned: bool = False


class NotChecked(Exception):
    """No verdict this time: the machine was too slow or a process was killed. To be tried again."""


@outbox.outside
def check(file_id):
    """Look into a waiting file and write down what was found; one that is checked or gone stays as it is.

    Answers file.uploaded. Raises NotChecked and OSError (the scanner is away) when it is to be tried again.
    """
    row = StoredFile.objects.select_related("blob").filter(pk=file_id, state=FileState.CHECKING).first()
    # No lock is held while it is looked into; whoever writes first has written.
    if row:
        with tempfile.TemporaryFile() as cleaned:
            _write(row, _verdict_of(row, cleaned), cleaned)


def check_waiting(before=None):
    """Check all files that wait, those uploaded before a moment; return how many are still waiting."""
    waiting = StoredFile.objects.filter(state=FileState.CHECKING)
    if before:
        waiting = waiting.filter(uploaded_at__lt=before)
    for pk in waiting.order_by("uploaded_at").values_list("pk", flat=True):
        check(pk)
    return waiting.count()


def sweep():
    """Take up one file whose delivery was parked. In no order, so that none stands in the way of all others."""
    left = StoredFile.objects.filter(state=FileState.CHECKING, uploaded_at__lt=timezone.now() - _LEFT_BEHIND)
    row = left.order_by("?").first()
    if row:
        check(row.pk)


@contextmanager
def cleared(files, user, refused=None):
    """Store the uploads and check them here and now; yield clean StoredFiles inside a transaction of its own.

    For pages that cannot go on with a file that may turn out bad. When a check or the block fails nothing is left.
    Raises ValidationError for a file that is not clean, and when a check could not be made now. With a dict for those
    refused the others are yielded, None in their places, and it takes {place: sentence}.
    """
    with uploads.stored(files, user, announced=False) as rows:
        pass
    try:
        _check_now(rows)
        with transaction.atomic(durable=True):
            yield _clean(rows, refused)
    except BaseException:
        uploads.remove(StoredFile.objects.filter(pk__in=[row.pk for row in rows]))
        raise


def _check_now(rows):
    last = timezone.now() + _PATIENCE
    for row in rows:
        if timezone.now() > last:
            raise ValidationError("文件太多，一次检查不完，请分几次上传。")
        try:
            check(row.pk)
        except (NotChecked, OSError):
            logger.exception("file %s could not be checked", row.pk)
            raise ValidationError(f"现在没法检查“{row.name}”，请过几分钟再传。") from None


def _clean(rows, refused):
    """The rows as they are now, in their order; see cleared()."""
    now = StoredFile.objects.in_bulk([row.pk for row in rows])
    bad = {place: now[row.pk] for place, row in enumerate(rows) if now[row.pk].state != FileState.CLEAN}
    sentences = {place: f"“{row.name}”{row.finding}" for place, row in bad.items()}
    if bad and refused is None:
        raise ValidationError([*sentences.values()])
    uploads.remove(bad.values())
    if bad:
        refused |= sentences
    return [None if place in bad else now[row.pk] for place, row in enumerate(rows)]


def _verdict_of(row, cleaned):
    """Look into the row's bytes; a picture is written anew into `cleaned`."""
    with row.blob.file.open("rb") as content:
        if settings.CLAMD_ADDRESS and (virus := clamd.scan(content, settings.CLAMD_ADDRESS)):
            return Verdict(f"查出病毒（{virus}）。请先在您的电脑上查毒，再重新生成这份文件上传。", scanned=True)
        content.seek(0)
        finding = inspect(content, row.content_type, cleaned)
    return Verdict(FINDINGS.get(finding, ""), scanned=bool(settings.CLAMD_ADDRESS))


def inspect(content, content_type, cleaned):
    """Return one of FINDINGS, or "" with a picture written anew into `cleaned`; real files. Raises NotChecked."""
    command = [sys.executable, "-m", "licensing.files.inspection", content_type]
    try:
        # Nothing of our environment: no address of the database, no secret.
        status = subprocess.run(
            command, stdin=content, stdout=cleaned, stderr=subprocess.DEVNULL, cwd=_ROOT, env={}, timeout=_DEADLINE
        ).returncode
    except subprocess.TimeoutExpired:
        raise NotChecked("too slow") from None
    return "" if status == inspection.CLEAN else _finding(status)


def _finding(status):
    if status in inspection.FINDINGS:
        return inspection.FINDINGS[status]
    # A decoder that breaks down on a file, or needs too long for it, does so again.
    if -status in (signal.SIGXCPU, signal.SIGABRT):
        return "costly"
    if -status in (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
        return "broken"
    raise NotChecked(f"ended with {status}")


def _write(row, verdict, cleaned):
    kept = []
    try:
        with transaction.atomic():
            # Removed or checked by another meanwhile: then that stands.
            locked = StoredFile.objects.select_for_update().filter(pk=row.pk, state=FileState.CHECKING)
            for waiting in locked:
                _settle(waiting, verdict, cleaned, kept)
    except BaseException:
        blobs.discard(kept)
        raise


def _settle(row, verdict, cleaned, kept):
    now, before = timezone.now(), row.blob_id
    row.checked_at, row.scanned_at = now, now if verdict.scanned else None
    if verdict.finding:
        # Its bytes are kept by nobody: the row stands on nothing until its owner removes it.
        row.state, row.finding = FileState.REJECTED, verdict.finding
        row.blob = blobs.keep(io.BytesIO(), 0, kept)
    else:
        row.state = FileState.CLEAN
        if row.content_type.startswith("image/"):
            row.size = cleaned.seek(0, io.SEEK_END)
            row.blob = blobs.keep(cleaned, row.size, kept)
    row.save(update_fields=["state", "finding", "checked_at", "scanned_at", "size", "blob"])
    blobs.release({before} - {row.blob_id})
    if row.state == FileState.CLEAN and _is_there_already(row):
        uploads.remove([row])


def _is_there_already(row):
    """Is the same picture, handed in twice, at the same place? Its bytes were not the same before they were cleaned."""
    places = Q(materials__in=row.materials.all()) | Q(correction_points__in=row.correction_points.all())
    return StoredFile.objects.filter(places, blob=row.blob_id, state=FileState.CLEAN).exclude(pk=row.pk).exists()
