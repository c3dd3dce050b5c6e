"""A seal holds for one payload and one key, and only as it was written."""

import base64
import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from certificates import seals
from certificates.keys import make_development_key

ROOT = Path(seals.__file__).parents[1]
PAYLOAD = "食品经营许可证".encode()


def test_a_seal_holds_for_its_payload(key):
    seal = seals.sign(PAYLOAD)
    assert (seal.key_id, seal.algorithm) == (key.key_id, "ES256")
    assert seals.verify(PAYLOAD, seal, key) == ""


def test_a_seal_does_not_hold_for_anything_else(key, tmp_path):
    seal, other = seals.sign(PAYLOAD), make_development_key(tmp_path / "other.pem")
    assert seals.verify(PAYLOAD + b" ", seal, key)
    assert seals.verify(PAYLOAD, seal, other)
    assert seals.verify(PAYLOAD, dataclasses.replace(seal, key_id=other.key_id), other)
    assert seals.verify(PAYLOAD, dataclasses.replace(seal, algorithm="none"), key)


@pytest.mark.parametrize("signature", ["", "=", "中", "A" * 86, "A" * 88, "_" * 86, "\0"])
def test_what_is_no_signature_does_not_hold(key, signature):
    assert seals.verify(PAYLOAD, dataclasses.replace(seals.sign(PAYLOAD), signature=signature), key)


def test_no_good_seal_can_be_turned_into_another(key):
    """The same number can be written in several ways in base64, and r and -s fit as well as r and s."""
    seal = seals.sign(PAYLOAD)
    raw = base64.urlsafe_b64decode(seal.signature + "==")
    turned = raw[:32] + (seals._ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    again = [base64.urlsafe_b64encode(turned).rstrip(b"=").decode(), seal.signature + "==", seal.signature + "\n"]
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    again += [seal.signature[:-1] + letter for letter in last if letter != seal.signature[-1]]
    assert [one for one in again if not seals.verify(PAYLOAD, dataclasses.replace(seal, signature=one), key)] == []


def test_a_process_without_the_key_says_so(settings):
    settings.LICENCE_KEY_FILE = ""
    with pytest.raises(seals.NoKey, match="只有后台任务进程才有"):
        seals.sign(PAYLOAD)


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff\xfe"])
def test_a_key_file_that_is_none_says_so(settings, tmp_path, content):
    settings.LICENCE_KEY_FILE = str(tmp_path / "key.pem")
    (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(seals.NoKey, match="密钥文件不对"):
        seals.sign(PAYLOAD)


def test_a_web_process_does_not_start_with_the_key(key, settings):
    environment = {"LICENCE_KEY_FILE": settings.LICENCE_KEY_FILE, "DEBUG": "1", "DATABASE_URL": "postgresql:///unused"}
    command = [sys.executable, "-c", "import portal.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode
    assert "LICENCE_KEY_FILE is for the workers only" in done.stderr
