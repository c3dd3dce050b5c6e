"""What an officer does with an import: uploads a file, has its good rows imported, or gives it up."""

from django.db import transaction
from django.utils import timezone

from certificates.importing import files
from certificates.importing.running import EVENT
from certificates.models import ImportState, LicenceImport
from exchange import outbox
from guidance import releases
from guidance.models import Office
from guidance.offices import CITY_LEVEL

# Of one office at a time, so that nobody fills the disk by uploading again and again.
MAX_OPEN = 10
OPEN = [ImportState.READING, ImportState.CHECKED, ImportState.IMPORTING]


class NotNow(Exception):
    """The message is a sentence for the officer."""


def kinds(user):
    """Return {(office, item code): name of the licence} that this officer may import for their offices."""
    items = releases.load(releases.current().pk).items.values()
    offices = Office.objects.filter(posts__user=user).select_related("department", "division").distinct()
    return {
        (office, item.code): item.certificate_name
        for office in offices
        for item in items
        if item.certificate_name and item.department == office.department.name and _decides(office, item)
    }


def begin(user, office, item_code, name, upload, kind, shown_name):
    """Keep the file and have it read; return its import, or the open one of the same file. Raises NotNow."""
    sha256 = files.digest_of(upload)
    batch = LicenceImport(
        office=office,
        item_code=item_code,
        name=name,
        uploaded_by=user,
        file_name=shown_name,
        size=upload.size,
        sha256=sha256,
    )
    try:
        # Durable: an outer transaction could roll the row back after the file was kept.
        with transaction.atomic(durable=True):
            # Two clicks, or two officers of one office, come one after the other here.
            Office.objects.select_for_update(no_key=True).get(pk=office.pk)
            held = LicenceImport.objects.filter(office=office, state__in=OPEN)
            if same := held.filter(item_code=item_code, sha256=sha256).first():
                return same
            if held.count() >= MAX_OPEN:
                raise NotNow(f"本机关已经有 {MAX_OPEN} 份没有办完的导入，请先导入或者放弃其中一些。")
            files.keep(batch, upload, kind)
            batch.save()
            outbox.emit(EVENT, import_id=batch.pk)
    except BaseException:
        if batch.file.name:
            files.discard(batch.file.name)
        raise
    return batch


@transaction.atomic
def decide(batch, user):
    """Have the good rows of a checked import imported. Raises NotNow."""
    batch = LicenceImport.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.state in (ImportState.IMPORTING, ImportState.DONE):
        return  # the button was pressed twice
    if batch.state != ImportState.CHECKED:
        raise NotNow("这份文件现在不能导入，请看页面上的说明。")
    if not batch.rows_new:
        raise NotNow("这份文件里没有可以导入的行。")
    batch.state, batch.decided_by, batch.problem, batch.attempts = ImportState.IMPORTING, user, "", 0
    batch.save(update_fields=["state", "decided_by", "problem", "attempts"])
    outbox.emit(EVENT, import_id=batch.pk)


@transaction.atomic
def give_up(batch, user):
    """Forget the rows and the file of an import, or what an interrupted one has not imported. Raises NotNow."""
    batch = LicenceImport.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if batch.state == ImportState.CANCELLED:
        return
    if batch.state not in (ImportState.READING, ImportState.CHECKED):
        raise NotNow("正在导入或者已经导入的不能放弃。")
    batch.decided_by, batch.finished_at = user, timezone.now()
    if batch.rows_imported:
        # It was interrupted, and what is in stays: only the rest is given up.
        batch.state = ImportState.DONE
    else:
        name, batch.state, batch.file = batch.file.name, ImportState.CANCELLED, ""
        batch.rows.all().delete()
        transaction.on_commit(lambda: files.discard(name))
    batch.save(update_fields=["state", "decided_by", "finished_at", "file"])


def _decides(office, item):
    """Is it decided on this office's level? The city's office may hold licences of both."""
    is_citys = office.division.parent_id is None
    return is_citys or item.level != CITY_LEVEL
