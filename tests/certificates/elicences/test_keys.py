"""The keys are made, registered and taken out of use by a command; their rows stay."""

import stat

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from certificates import keys, seals
from certificates.elicences import own_key
from certificates.models import SigningKey
from tests.certificates.elicences.conftest import issued_by_a_ca


def run(*arguments):
    call_command("licence_key", *map(str, arguments), verbosity=0)


def test_a_development_key_is_made_once_and_readable_by_its_owner_alone(db, tmp_path):
    path = tmp_path / "new" / "key.pem"
    run("create", "--development", path)
    content = path.read_bytes()
    run("create", "--development", path)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = SigningKey.objects.get()
    assert (key.development, key.algorithm, "PRIVATE" in key.certificate) == (True, "ES256", False)


def test_a_certificate_of_a_ca_is_registered_once_as_a_real_key(db, tmp_path):
    (tmp_path / "certificate.pem").write_bytes(issued_by_a_ca())
    for _ in range(2):
        run("register", tmp_path / "certificate.pem")
    assert not SigningKey.objects.get().development


def test_a_self_signed_certificate_is_no_real_key(key, tmp_path):
    with pytest.raises(CommandError, match="signed by itself"):
        run("register", tmp_path / "key.pem")


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(db, tmp_path, content):
    (tmp_path / "certificate.pem").write_bytes(content)
    with pytest.raises(CommandError, match="no certificate"):
        run("register", tmp_path / "certificate.pem")


def test_a_missing_file_or_key_is_refused(db):
    with pytest.raises(CommandError, match="No such file"):
        run("register", "/nowhere/certificate.pem")
    with pytest.raises(CommandError, match="There is no key"):
        run("retire", "0" * 40)


@pytest.mark.parametrize("action", ["retire", "compromised"])
def test_a_key_taken_out_of_use_signs_nothing_new(key, action):
    assert own_key.signing_key() == key
    run(action, key.key_id)
    before = SigningKey.objects.get()
    run(action, key.key_id)
    assert SigningKey.objects.get() == before
    with pytest.raises(own_key.NotRegistered):
        own_key.signing_key()


def test_the_deployment_check_tells_how_the_key_stands(key, settings, tmp_path):
    found = own_key.check_licence_key(None)
    assert [one.id for one in found] == ["certificates.W002"]
    keys.retire(key.key_id)
    (tmp_path / "key.pem").chmod(0o644)
    assert [one.id for one in own_key.check_licence_key(None)] == ["certificates.W001", "certificates.E002"]
    (tmp_path / "none.pem").write_text("")
    with override_settings(LICENCE_KEY_FILE=str(tmp_path / "none.pem")):
        assert [one.id for one in own_key.check_licence_key(None)] == ["certificates.E001"]
    with override_settings(LICENCE_KEY_FILE=""):
        assert [one.id for one in own_key.check_licence_key(None)] == ["certificates.I001"]


def test_a_new_certificate_is_a_new_key(db, tmp_path):
    first, second = (keys.make_development_key(tmp_path / name) for name in ("a.pem", "b.pem"))
    assert first.key_id != second.key_id
    assert first.key_id == seals.key_id_of(seals.load_certificate(first.certificate.encode()))


def test_another_certificate_makes_no_key_trusted_again(db, tmp_path):
    keys.make_development_key(tmp_path / "development.pem")
    with pytest.raises(keys.KeyProblem, match="as a development key"):
        keys.register(issued_by_a_ca((tmp_path / "development.pem").read_bytes()))
    pem = issued_by_a_ca()
    first = keys.register(pem)
    second = keys.register(issued_by_a_ca(pem))
    assert second.key_id != first.key_id
    keys.compromise(second.key_id)
    assert not SigningKey.objects.filter(development=False, compromised_at=None).exists()
    with pytest.raises(keys.KeyProblem, match="compromised"):
        keys.register(issued_by_a_ca(pem))
