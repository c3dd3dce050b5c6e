"""Between upload and opening: a worker looks into each file, once, and what is not clean is never handed out."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from exchange import outbox
from exchange.models import Delivery
from licensing.files import inspection, quarantine, uploads
from licensing.models import Blob, StoredFile
from tests.factories import ApplicationFactory, StoredFileFactory, SubmittedMaterialFactory, UserFactory
from tests.licensing.samples import PDF, picture, upload
from tests.licensing.scanner import EICAR, Scanner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]


def store(*files, user=None):
    with uploads.stored(files, user or UserFactory()) as rows:
        return rows


def checked(*files):
    rows = store(*files)
    quarantine.check_waiting()
    rows = [StoredFile.objects.get(pk=row.pk) for row in rows]
    return rows[0] if len(rows) == 1 else rows


def bytes_of(file):
    with file.blob.file.open("rb") as content:
        return content.read()


def shown(file):
    return Image.open(io.BytesIO(bytes_of(file)))


def photo(**saved):
    """A picture as a phone takes it: lying on its side, with the place where it was taken."""
    content, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "手机 Camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 51.0, 0.0)})
    Image.new("RGB", (60, 40), "navy").save(content, "JPEG", exif=exif, comment=b"secret", **saved)
    return content.getvalue()


def test_a_photo_loses_its_place_and_stands_upright(kept, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        file = checked(upload(photo(), "a.jpg"))
    content, upright = bytes_of(file), shown(file)
    assert (upright.format, upright.size) == ("JPEG", (40, 60))
    assert not upright.getexif()
    assert b"Camera" not in content
    assert b"secret" not in content
    assert (file.state, file.size, file.blob.size) == ("clean", len(content), len(content))
    assert len(kept()) == 1, "the picture as it came is gone"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_its_pixels(mode):
    content = io.BytesIO()
    Image.new(mode, (7, 5)).save(content, "PNG")
    same = shown(checked(upload(content.getvalue(), "a.png")))
    assert (same.format, same.size, same.mode) == ("PNG", (7, 5), mode)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_stays_one(mode):
    content = io.BytesIO()
    Image.new(mode, (7, 5)).save(content, "JPEG")
    assert shown(checked(upload(content.getvalue(), "a.jpg"))).mode == mode


def test_a_pdf_is_kept_to_the_byte():
    file = checked(upload(PDF, "a.pdf"))
    assert (file.state, bytes_of(file)) == ("clean", PDF)


def test_checking_twice_changes_nothing():
    file = checked(upload())
    quarantine.check(file.pk)
    again = StoredFile.objects.get(pk=file.pk)
    assert (again.checked_at, again.blob_id) == (file.checked_at, file.blob_id)
    quarantine.check(0)


def test_the_outbox_has_each_upload_checked():
    file, other = store(upload(), upload(PDF, "a.pdf"))
    delivery = Delivery.objects.get(event__payload={"file_id": file.pk})
    assert outbox.attempt(delivery.pk)
    assert [StoredFile.objects.get(pk=row.pk).state for row in (file, other)] == ["clean", "checking"]


def test_the_bytes_of_a_rejected_file_are_gone_and_its_finding_says_what_to_do(
    kept, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        file = checked(upload(picture()[:50]))
    assert file.state == "rejected"
    assert "请重新拍照" in file.finding
    assert [path.read_bytes() for path in kept()] == [b""]


def test_a_process_that_is_killed_gives_no_verdict_and_the_file_keeps_waiting(monkeypatch):
    (file,) = store(upload())
    monkeypatch.setattr(quarantine, "_DEADLINE", 0.001)
    delivery = Delivery.objects.get(event__payload={"file_id": file.pk})
    assert not outbox.attempt(delivery.pk)
    assert StoredFile.objects.get().state == "checking"
    monkeypatch.undo()
    Delivery.objects.update(claimed_until=None)
    assert outbox.attempt(delivery.pk)
    assert StoredFile.objects.get().state == "clean"


def test_a_file_whose_delivery_was_parked_is_found_by_the_sweep():
    (file,) = store(upload())
    quarantine.sweep()
    assert StoredFile.objects.get().state == "checking", "the outbox still has it in hand"
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(hours=1))
    quarantine.sweep()
    assert StoredFile.objects.get(pk=file.pk).state == "clean"


def test_a_file_removed_while_it_is_looked_into_stays_removed(monkeypatch):
    (file,) = store(upload())
    inspect = quarantine.inspect

    def slow(*given):
        uploads.remove([file])
        return inspect(*given)

    monkeypatch.setattr(quarantine, "inspect", slow)
    quarantine.check(file.pk)
    assert not StoredFile.objects.exists()


def test_the_same_picture_handed_in_twice_stands_in_its_paper_once():
    draft = ApplicationFactory()
    paper = SubmittedMaterialFactory(application=draft)
    for _ in range(2):
        paper.files.add(*store(upload(photo(), "a.jpg")))
        quarantine.check_waiting()
    assert paper.files.count() == StoredFile.objects.count() == Blob.objects.count() == 1


# The virus scanner


@pytest.fixture
def scanner(settings):
    scanner = Scanner()
    settings.CLAMD_ADDRESS = scanner.address
    yield scanner
    scanner.close()


def test_without_a_scanner_nobody_claims_that_a_file_was_scanned():
    file = checked(upload())
    assert (file.state, file.scanned_at) == ("clean", None)


def test_with_a_scanner_files_are_scanned_as_they_came(scanner):
    content = photo()
    file = checked(upload(content, "a.jpg"))
    assert scanner.seen == [content]
    assert file.scanned_at == file.checked_at


def test_a_virus_is_named_to_who_handed_it_in(scanner):
    file = checked(upload(PDF.replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF"), "a.pdf"))
    assert file.state == "rejected"
    assert file.finding.startswith("查出病毒（Eicar-Signature）")
    assert file.scanned_at


def test_while_the_scanner_is_away_a_file_waits_and_is_not_let_through(settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    (file,) = store(upload())
    assert not outbox.attempt(Delivery.objects.get(event__payload={"file_id": file.pk}).pk)
    assert StoredFile.objects.get().state == "checking"
    with pytest.raises(ValidationError, match="现在没法检查"), quarantine.cleared([upload()], UserFactory()):
        pass
    assert StoredFile.objects.count() == 1


# Files a page waits for


def test_a_page_that_needs_a_clean_file_gets_it_at_once():
    with quarantine.cleared([upload(), upload(PDF, "a.pdf")], UserFactory()) as files:
        assert [(file.name, file.state) for file in files] == [("执照.png", "clean"), ("a.pdf", "clean")]


def test_a_bad_file_is_told_at_once_and_nothing_is_left(kept, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ValidationError, match=r"“坏\.png”打不开"),
        quarantine.cleared([upload(), upload(picture()[:50], "坏.png")], UserFactory()),
    ):
        pass
    assert not StoredFile.objects.exists()
    assert [path for path in kept() if path.stat().st_size] == []


def test_of_several_files_the_good_ones_may_go_on():
    refused = {}
    with quarantine.cleared([upload(picture()[:50], "坏.png"), upload()], UserFactory(), refused) as files:
        assert [file and file.name for file in files] == [None, "执照.png"]
    assert list(refused) == [0]
    assert StoredFile.objects.count() == 1


# What one person may have here


def test_a_person_has_so_many_bytes_in_drafts_and_no_more(monkeypatch):
    user, size = UserFactory(), len(picture())
    monkeypatch.setattr(uploads, "MAX_BYTES", 2 * size)
    draft = SubmittedMaterialFactory(application=ApplicationFactory(filer=user))
    draft.files.add(*store(upload(), upload(picture(colour="red")), user=user))
    with pytest.raises(ValidationError, match="请先删掉不用的草稿"):
        store(upload(), user=user)
    store(upload())
    uploads.remove(draft.files.all()[:1])
    store(upload(), user=user)


def test_what_was_submitted_no_longer_counts(monkeypatch):
    user = UserFactory()
    file = StoredFileFactory(uploaded_by=user)
    monkeypatch.setattr(uploads, "MAX_BYTES", file.size + 1)
    SubmittedMaterialFactory(application=ApplicationFactory(in_progress=True)).files.add(file)
    store(upload(b"%PDF-startxref%%EOF", "a.pdf"), user=user)


def test_a_person_hands_in_so_many_files_an_hour(monkeypatch, time_machine):
    monkeypatch.setattr(uploads, "MAX_PER_HOUR", 2)
    user = UserFactory()
    store(upload(), upload(), user=user)
    with pytest.raises(ValidationError, match="请过一会儿再传"):
        store(upload(), user=user)
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    store(upload(), user=user)


def test_what_was_stored_for_something_that_never_was_is_removed_after_a_day(time_machine):
    paper = SubmittedMaterialFactory()
    paper.files.add(*store(upload()))
    store(upload())
    uploads.sweep()
    assert StoredFile.objects.count() == 2
    time_machine.move_to(timezone.now() + timedelta(days=1, seconds=1))
    uploads.sweep()
    assert StoredFile.objects.get() == paper.files.get()


def test_the_limits_of_the_process_are_below_those_of_the_worker(settings):
    assert inspection.SECONDS < quarantine._DEADLINE < settings.CELERY_TASK_SOFT_TIME_LIMIT
