"""What anybody is told who was handed a file."""

import hashlib
import io
import json
import threading
from datetime import date, timedelta

import pikepdf
import pytest
from django.db import transaction
from django.utils import timezone

from certificates import keys, seals
from certificates.elicences import sealing, verifying
from certificates.elicences.unpacking import Unpacked
from certificates.models import Licence, LicenceFile, LicenceStatus, SigningKey
from exchange import pdf
from guidance.canonical import canonical
from tests.certificates.elicences.conftest import bytes_of, taken_apart


def failed(verdict):
    return [check.code for check in verdict.checks if not check.passed]


def judged(content):
    return verifying.judge(content, taken_apart(content))


def test_a_file_of_ours_is_genuine_and_a_sample_is_not_in_force(made):
    verdict = verifying.verdict(bytes_of(made()))
    assert (verdict.genuine, verdict.sample, verdict.in_force, failed(verdict)) == (True, True, False, ["sample"])


def test_a_file_sealed_with_a_real_key_is_in_force(real_key, made, licence):
    real_key()
    verdict = judged(bytes_of(made()))
    assert (verdict.in_force, failed(verdict)) == (True, [])
    assert verdict.data["number"] == verdict.licence.number


def test_the_licence_is_told_as_the_register_has_it_now(real_key, made):
    real_key()
    file = made()
    content = bytes_of(file)
    for status in set(LicenceStatus) - {LicenceStatus.VALID}:
        # An ended licence never begins again, so each end is taken back whole.
        with transaction.atomic():
            Licence.objects.update(status=status)
            verdict = judged(content)
            transaction.set_rollback(True)
        assert (verdict.genuine, verdict.in_force, failed(verdict)) == (True, False, ["status"])
        assert status.label in verdict.checks[4].text


def test_an_expired_licence_is_told_as_expired(real_key, made, licence):
    real_key()
    verdict = judged(bytes_of(made(licence(issued_on=date(2020, 1, 1), valid_until=date(2021, 1, 1)))))
    assert failed(verdict) == ["status"]


def test_an_older_version_is_genuine_and_names_the_newer(real_key, made, licence):
    real_key()
    first = made()
    second = licence(version=2, previous=first.licence, number=first.licence.number)
    verdict = judged(bytes_of(first))
    assert (verdict.genuine, verdict.newer, failed(verdict)) == (True, second, ["newest"])


def test_a_key_that_is_compromised_later_keeps_what_it_sealed_before(made, later):
    before = made()
    later(60)
    keys.compromise(before.key.key_id)
    assert judged(bytes_of(before)).genuine


def test_what_a_compromised_key_sealed_is_no_good(made):
    file = made()
    SigningKey.objects.update(compromised_at=file.made_at - timedelta(days=1))
    assert failed(judged(bytes_of(file))) == ["key"]


def test_a_retired_key_keeps_what_it_sealed(made, later):
    file = made()
    later(60)
    keys.retire(file.key.key_id)
    assert judged(bytes_of(file)).genuine


def test_a_key_that_nobody_registered_seals_nothing(made, tmp_path, settings):
    """A forger has the data and everything else, but a key of his own."""
    file = made()
    settings.LICENCE_KEY_FILE = str(tmp_path / "forger.pem")
    keys._write(tmp_path / "forger.pem", keys._pem())
    assert failed(judged(forged(file, json.loads(file.data)))) == ["key", "data", "register"]


def test_even_the_right_key_seals_nothing_that_the_register_does_not_have(made):
    """Whoever stole it, and an insider with a worker's rights: the register has each file by its bytes."""
    file = made()
    said = json.loads(file.data) | {"holder": "别的公司"}
    assert failed(judged(forged(file, said))) == ["register"]


def test_a_second_signing_of_the_same_data_is_not_the_file(made):
    file = made()
    assert failed(judged(forged(file, json.loads(file.data)))) == ["register"]


def test_a_file_with_something_after_its_signature_is_refused(made):
    content = bytes_of(made())
    for more in (b"\n", b"%%EOF\n", b"1 0 obj<</Type/Catalog>>endobj\n"):
        assert "file" in failed(judged(content + more))


def test_a_file_saved_anew_is_refused(made):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(bytes_of(made()))) as document:
        document.save(out)
    assert not judged(out.getvalue()).genuine


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>"]
)
def test_what_is_no_licence_is_not_genuine(db, content):
    assert failed(verifying.verdict(content)) == ["file", "key", "data", "register"]


def test_a_pdf_that_unfolds_to_gigabytes_is_stopped(made):
    with pikepdf.open(io.BytesIO(bytes_of(made()))) as document:
        del document.attachments["licence.json"]
        zeros = pikepdf.Stream(document, b"0" * 300_000_000)
        document.attachments["licence.json"] = pikepdf.AttachedFileSpec(document, b"", filename="licence.json")
        document.attachments["licence.json"].obj.EF.F = document.make_indirect(zeros)
        out = io.BytesIO()
        document.save(out, recompress_flate=True, compress_streams=True)
    assert len(out.getvalue()) < verifying.MAX_SIZE
    assert not verifying.verdict(out.getvalue()).genuine


def test_hostile_values_find_nothing(key):
    for value in (None, 7, [], {}, "\0", "\ud800", "长" * 5000):
        for said in ({"identifier": value, "key_id": value, "sealed_at": value}, value):
            text = json.dumps(said)
            seal = {"key_id": value, "algorithm": value, "signature": value}
            for one in (Unpacked(text, seal, True, True, "AAAA"), Unpacked(text, seal, True, True, "中")):
                assert not verifying.judge(b"", one).genuine


def test_a_verdict_asks_the_database_twice(made, django_assert_num_queries):
    content = bytes_of(made())
    unpacked = taken_apart(content)
    with django_assert_num_queries(2):
        verifying.judge(content, unpacked)


def test_when_all_places_are_taken_it_says_so(db, monkeypatch):
    monkeypatch.setattr(verifying, "_PATIENCE", 0)
    with verifying._ROOM, verifying._ROOM, pytest.raises(verifying.Busy):
        verifying.verdict(b"%PDF-1.7")


def test_those_who_wait_for_a_place_leave_a_thread_to_everybody_else(db, monkeypatch):
    """A web process has four."""
    done, refused = threading.Event(), threading.Semaphore(0)
    monkeypatch.setattr(verifying, "_in_a_process", lambda content: done.wait(20) and Unpacked())

    def send():
        try:
            verifying._unpacked(b"%PDF-1.7")
        except verifying.Busy:
            refused.release()

    senders = [threading.Thread(target=send) for _ in range(5)]
    for sender in senders:
        sender.start()
    assert refused.acquire(timeout=2)
    assert refused.acquire(timeout=2)
    done.set()
    for sender in senders:
        sender.join()
    assert not refused.acquire(blocking=False)


def test_a_file_made_anew_stays_genuine(made):
    file = made()
    LicenceFile.objects.update(replaced_at=timezone.now())
    assert judged(bytes_of(file)).genuine


def forged(file, said):
    """A PDF with these data, sealed and signed with the key of this process, in the shape of ours."""
    text = canonical(said)
    seal = seals.sign(text.encode())
    stated = canonical({"key_id": seal.key_id, "algorithm": seal.algorithm, "signature": seal.signature})
    attached = [
        pdf.Attached("licence.json", text, "", "Data"),
        pdf.Attached("licence-seal.json", stated, "", "Supplement"),
    ]
    content = pdf.render("print/base.html", {"heading": "伪造"}, attached=attached, variant="pdf/a-3u")
    assert hashlib.sha256(content).hexdigest() != file.sha256
    return sealing.sealed(content, seals.key_pair(), "伪造")
