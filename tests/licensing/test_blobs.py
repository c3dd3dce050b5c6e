"""The same bytes are kept once, whoever hands them in at the same moment as another lets them go."""

import io
import os

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from licensing.files import blobs, quarantine, uploads
from licensing.models import Blob, StoredFile
from tests.factories import UserFactory
from tests.licensing.samples import PDF, pdf, picture, upload
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("storage_folder")]
TIMES = 8


def store(user, *contents):
    with uploads.stored([upload(content, "a.pdf") for content in contents], user) as rows:
        return rows


def whole(kept):
    """Is everything on the disk named by a row, and every row on the disk?"""
    names = {blob.file.path for blob in Blob.objects.all()}
    return {str(path) for path in kept()} == names and not Blob.objects.filter(files=None).exists()


def test_the_same_bytes_handed_in_by_many_at_once_are_kept_once(kept):
    users = [UserFactory() for _ in range(TIMES)]
    rows = at_once(*[lambda user=user: store(user, PDF) for user in users])
    assert [row for row in rows if isinstance(row, Exception)] == []
    assert (StoredFile.objects.count(), Blob.objects.count(), len(kept())) == (TIMES, 1, 1)


def test_many_files_in_any_order_never_wait_for_each_other(kept):
    contents = [pdf(pages) for pages in (1, 2, 3, 4)]
    users = [UserFactory() for _ in range(TIMES)]
    moves = [
        lambda user=user, turn=turn: store(user, *contents[:: 1 - turn % 2 * 2]) for turn, user in enumerate(users)
    ]
    assert [row for row in at_once(*moves) if isinstance(row, Exception)] == []
    assert (Blob.objects.count(), len(kept())) == (4, 4)


def test_the_last_one_is_let_go_while_another_comes(kept):
    users = [UserFactory() for _ in range(TIMES)]
    for _ in range(5):
        rows = store(users[0], PDF)
        outcomes = at_once(lambda rows=rows: uploads.remove(rows), lambda: store(users[1], PDF))
        assert [one for one in outcomes if isinstance(one, Exception)] == []
        blobs.sweep()
        file = StoredFile.objects.get()
        assert file.blob.file.storage.exists(file.blob.file.name)
        uploads.remove([file])
    assert whole(kept)


def test_a_file_is_checked_by_two_workers_at_once_and_is_clean_once(kept):
    with uploads.stored([upload(picture(), "a.png")], UserFactory()) as (file,):
        pass
    assert at_once(*[lambda: quarantine.check(file.pk)] * 2) == [None, None]
    assert StoredFile.objects.get().state == "clean"
    assert whole(kept)


def test_of_twenty_uploads_at_the_limit_exactly_those_that_fit_are_taken(monkeypatch, kept):
    user = UserFactory()
    monkeypatch.setattr(uploads, "MAX_PER_HOUR", 3)
    outcomes = at_once(*[lambda number=number: store(user, pdf(number + 1)) for number in range(20)])
    refused = [one for one in outcomes if isinstance(one, ValidationError)]
    assert (len(refused), StoredFile.objects.count()) == (17, 3)
    assert [one for one in outcomes if isinstance(one, Exception)] == refused
    assert whole(kept)


def test_what_a_crash_left_on_the_disk_goes_after_an_hour(storage_folder, kept):
    store(UserFactory(), PDF)
    folder = storage_folder / "uploads" / "2026" / "01"
    folder.mkdir(parents=True)
    (folder / "fresh").write_bytes(b"of a transaction under way")
    (folder / "old").write_bytes(b"of one that was cut off")
    for path in kept():
        if path.name != "fresh":
            os.utime(path, (0, 0))
    assert blobs.sweep() == ["uploads/2026/01/old"]
    assert len(kept()) == 2


def test_bytes_that_no_file_has_any_more_go_after_an_hour(kept):
    with transaction.atomic():
        written = blobs.keep(io.BytesIO(PDF), len(PDF), [])
    blobs.sweep()
    assert len(kept()) == 1
    Blob.objects.filter(pk=written.pk).update(created_at="2020-01-01T00:00Z")
    blobs.sweep()
    assert kept() == []
