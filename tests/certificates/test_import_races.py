"""Files of held licences that are imported at the same moment."""

import threading
from contextlib import suppress
from functools import partial

import pytest

from certificates import identifiers
from certificates.importing import entering, running, starting
from certificates.models import Licence, LicenceImport
from tests.certificates.importing import csv_of, read, row
from tests.factories import PostFactory
from tests.threads import at_once

TYPE, ISSUER = "114417000000EX0G8Y001", "114417000000EX0G8Y"


@pytest.mark.django_db(transaction=True)
def test_two_files_that_say_otherwise_of_one_number_never_make_two_licences(monkeypatch):
    officer = PostFactory().user
    office = officer.posts.get().office
    versions = [identifiers.build(TYPE, ISSUER, "2026000000000001", version) for version in (1, 2)]
    batches = [read(officer, office, csv_of(row(identifier=identifier))) for identifier in versions]
    for batch in batches:
        starting.decide(batch, officer)
    judged, judge = threading.Barrier(2), entering._still_free

    def together(*arguments):
        free = judge(*arguments)
        with suppress(threading.BrokenBarrierError):
            judged.wait(timeout=1)
        return free

    monkeypatch.setattr(entering, "_still_free", together)
    at_once(*(partial(running.work, batch.pk) for batch in batches))
    assert Licence.objects.count() == 1
    assert sorted(LicenceImport.objects.values_list("rows_imported", "rows_bad")) == [(0, 1), (1, 0)]
