"""Verification for machines: the verdict of the page /verify/, check by check."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.elicences import verifying
from certificates.models import Licence, LicenceStatus
from tests.certificates.elicences.conftest import bytes_of

pytestmark = pytest.mark.django_db


def sent(client, content):
    return client.post(reverse("api:verify"), content, content_type="application/pdf")


def as_form(client, content):
    return client.post(reverse("api:verify"), {"file": SimpleUploadedFile("证照.pdf", content)})


def test_a_genuine_file_is_told_as_such_with_what_the_register_says_now(client, made):
    file = made()
    told = sent(client, bytes_of(file)).json()
    assert (told["genuine"], told["in_force"], told["sample"]) == (True, False, True)
    assert told["licence"]["identifier"] == file.licence.identifier
    assert {check["code"]: check["passed"] for check in told["checks"]} == {
        **dict.fromkeys(("file", "key", "data", "register", "status", "newest"), True),
        "sample": False,
    }
    Licence.objects.filter(pk=file.licence_id).update(status=LicenceStatus.REVOKED)
    later = as_form(client, bytes_of(file)).json()
    assert (later["genuine"], later["licence"]["status"]) == (True, "吊销")


def test_a_changed_file_and_rubbish_are_not_genuine_and_tell_nothing_of_a_licence(client, made):
    content = bytearray(bytes_of(made()))
    content[len(content) // 2] ^= 1
    for wrong in (bytes(content), b"%PDF-1.7 rubbish"):
        told = sent(client, wrong).json()
        assert (told["genuine"], told["licence"]) == (False, None)


def test_what_is_no_file_is_refused(client, db, monkeypatch):
    monkeypatch.setattr("certificates.api.verifying.MAX_SIZE", 100)
    assert [sent(client, b"").status_code, as_form(client, b"").status_code] == [400, 400]
    assert client.post(reverse("api:verify"), {"file": "text"}).status_code == 400
    assert client.post(reverse("api:verify"), {"a": 1}, content_type="application/json").status_code == 415
    assert [sent(client, b"%" * 101).status_code, as_form(client, b"%" * 101).status_code] == [413, 413]


def test_when_others_are_being_verified_a_machine_is_told_to_come_back(client, db, monkeypatch):
    def busy(content):
        raise verifying.Busy("请过一分钟再试。")

    monkeypatch.setattr("certificates.api.verifying.verdict", busy)
    answer = sent(client, b"%PDF")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")


def test_files_are_counted_by_address(client, db, monkeypatch):
    monkeypatch.setattr(
        "certificates.api.verifying.verdict", lambda content: verifying.Verdict(False, False, False, [])
    )
    codes = [sent(client, b"%PDF").status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]
