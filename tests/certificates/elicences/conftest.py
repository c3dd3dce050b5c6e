"""A worker's key and licences that can be made into files."""

import subprocess
import tempfile
from pathlib import Path

import pytest
from django.utils import timezone

from certificates import identifiers, keys
from certificates.elicences import making
from certificates.elicences.unpacking import Unpacked, unpack
from certificates.models import CertificateType, LicenceFile
from tests.factories import LicenceFactory, OfficeFactory
from tests.licensing.conftest import storage_folder  # noqa: F401 - the same folder

OFFICE = "114417000000EX0G8Y"
TYPE = f"{OFFICE}001"


@pytest.fixture
def key(db, settings, tmp_path):
    """The development key of this process, as a worker's; its SigningKey."""
    settings.LICENCE_KEY_FILE = str(tmp_path / "key.pem")
    return keys.make_development_key(settings.LICENCE_KEY_FILE)


@pytest.fixture
def real_key(db, settings, tmp_path):
    """real_key() gives this process the key of a certificate that a CA has signed; its SigningKey."""

    def real_key():
        settings.LICENCE_KEY_FILE = str(tmp_path / "real.pem")
        pem = issued_by_a_ca()
        (tmp_path / "real.pem").write_bytes(pem)
        return keys.register(pem)

    return real_key


@pytest.fixture
def licence(db):
    """licence(**columns) → a licence of an office, with an identifier."""
    CertificateType.objects.create(item_code="food-operation", name="食品经营许可证", code=TYPE)

    def licence(**columns):
        identifier = identifiers.build(TYPE, OFFICE, identifiers.new_serial(), columns.get("version", 1))
        return LicenceFactory(**{"identifier": identifier, "office": OfficeFactory(uscc=OFFICE)} | columns)

    return licence


@pytest.fixture
def later(time_machine):
    """later(seconds) lets time pass."""
    time_machine.move_to(timezone.now())
    return time_machine.shift


@pytest.fixture
def made(key, storage_folder, licence):  # noqa: F811
    """made(licence=None) → the LicenceFile that a worker made of it."""

    def made(one=None):
        file = making.ask(one or licence())
        assert making.make(file.pk)
        return LicenceFile.objects.get(pk=file.pk)

    return made


def bytes_of(file):
    with file.content.open("rb") as content:
        return content.read()


def taken_apart(content):
    """As verifying.verdict() has it done, without a process for each: one takes half a second."""
    try:
        return unpack(content)
    except Exception:
        return Unpacked()


def issued_by_a_ca(private=None):
    """A key and its certificate as PEM, made by the OpenSSL command line as a city's CA would.

    private: the PEM of a key that is there already, whatever certificates follow it.
    """
    with tempfile.TemporaryDirectory() as folder:

        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "400", "-subj", "/CN=City CA")
        if private:
            (Path(folder) / "key.pem").write_bytes(private.partition(b"-----BEGIN CERTIFICATE")[0])
        own = ("-new", "-key", "key.pem") if private else (*curve, "-keyout", "key.pem")
        openssl("req", *own, "-out", "request.pem", "-subj", "/C=CN/CN=Seal of the city")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "365", "-out", "certificate.pem")
        openssl("x509", "-req", "-in", "request.pem", *signed)
        return b"".join((Path(folder) / name).read_bytes() for name in ("key.pem", "certificate.pem"))
