"""Is this PDF an e-licence of ours, and what does the register say of it now? For whoever was handed one.

verdict() answers for the page /verify/ and for machines alike.
"""

import base64
import hashlib
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from django.utils import timezone

from certificates import seals
from certificates.elicences import unpacking
from certificates.elicences.unpacking import Unpacked
from certificates.models import Licence, LicenceFile, SigningKey
from certificates.seals import Seal
from guidance.canonical import canonical

MAX_SIZE = 10 * 1024 * 1024
# Beyond the processor's 12 s.
_DEADLINE = 15
_ROOT = Path(unpacking.__file__).parents[2]
# A process of its own takes a second of a processor and up to 1 GB: of one web process two at a time.
_ROOM = threading.BoundedSemaphore(2)
# With those who wait, so that of its four threads one is always there for everybody else.
_DOOR = threading.BoundedSemaphore(3)
_PATIENCE = 10


class Busy(Exception):
    """Others are being verified; the message says to come back."""


@dataclass(frozen=True)
class Check:
    code: str  # file, key, data, register, status, newest, sample
    label: str
    passed: bool
    text: str


@dataclass(frozen=True)
class Verdict:
    """genuine: made here and unchanged since. in_force: genuine, no sample, and the licence holds today.

    data: what the file says, as sealed, {} unless genuine; licence: its row in the register, None unless genuine.
    """

    genuine: bool
    in_force: bool
    sample: bool
    checks: list[Check]
    data: dict = field(default_factory=dict)
    licence: Licence | None = None
    newer: Licence | None = None
    as_of: datetime = field(default_factory=timezone.localtime)


def verdict(content):
    """Return the Verdict on a PDF's bytes. Raises Busy; a broken, hostile or too large file is one that is not genuine.

    Read-only; two queries, however many versions a licence has.
    """
    unpacked = _unpacked(content) if 0 < len(content) <= MAX_SIZE else Unpacked()
    return judge(content, unpacked)


def judge(content, unpacked):
    """Return the Verdict on bytes that are taken apart already."""
    said, key = _said(unpacked), SigningKey.objects.filter(key_id=_text(unpacked.seal, "key_id")).first()
    row = _row(content, unpacked, said)
    checks = [_file(unpacked), _key(unpacked, key, row, said), _data(unpacked, key, said), _register(row)]
    genuine = all(check.passed for check in checks)
    if not genuine:
        return Verdict(genuine=False, in_force=False, sample=False, checks=checks)
    newer = getattr(row.licence, "next", None)
    checks += [_status(row.licence), _newest(newer), _sample(key)]
    in_force = all(check.passed for check in checks)
    return Verdict(True, in_force, key.development, checks, said, row.licence, newer)


def _unpacked(content):
    with _place(_DOOR, 0), _place(_ROOM, _PATIENCE):
        return _in_a_process(content)


@contextmanager
def _place(places, patience):
    if not places.acquire(timeout=patience):
        raise Busy("现在查验的人很多，请过一分钟再试。")
    try:
        yield
    finally:
        places.release()


def _in_a_process(content):
    try:
        # Nothing of our environment: no address of the database, no secret.
        done = subprocess.run(
            [sys.executable, "-m", "certificates.elicences.unpacking"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={},
            timeout=_DEADLINE,
        )
    except subprocess.TimeoutExpired:
        return Unpacked()
    return Unpacked(**json.loads(done.stdout)) if done.returncode == 0 else Unpacked()


def _said(unpacked):
    """The data as a dict, {} where they are none or not written in the one way that we write them."""
    try:
        said = json.loads(unpacked.data)
        return said if isinstance(said, dict) and canonical(said) == unpacked.data else {}
    except (ValueError, RecursionError):
        return {}


def _text(values, name):
    """A text that one of ours may be, "" for anything else: PostgreSQL takes no NUL and no half of a character."""
    value = values.get(name)
    return value if isinstance(value, str) and len(value) <= 120 and value.isascii() and value.isprintable() else ""


def _row(content, unpacked, said):
    """The register's LicenceFile of exactly these bytes, data and seal; None where it made none such."""
    made = LicenceFile.objects.filter(licence__identifier=_text(said, "identifier"), made_at__isnull=False)
    sha256, signature = hashlib.sha256(content).hexdigest(), unpacked.seal.get("signature")
    for row in made.select_related("licence__next", "licence__holder"):
        if (row.sha256, row.data, row.signature) == (sha256, unpacked.data, signature):
            return row
    return None


def _file(unpacked):
    label = "文件自签章以来没有改动"
    if not unpacked.signed:
        return Check("file", label, False, "这个文件里没有本平台的电子签章，或者文件打不开、不完整。")
    text = "签章覆盖整个文件，文件没有改动。" if unpacked.intact else "签章以后文件被改动过。"
    return Check("file", label, unpacked.intact, text)


def _key(unpacked, key, row, said):
    why = _key_problem(unpacked, key, row.made_at if row else _time(said))
    return Check("key", "签章密钥可信", not why, why or "密钥在本平台登记过，签章的时候有效，没有泄露。")


def _key_problem(unpacked, key, made_at):
    if key is None or not _is_of(unpacked.certificate, key):
        return "签章用的密钥没有在本平台登记。"
    if made_at is None or not key.not_before <= made_at <= key.not_after:
        return "签章的时候密钥还没有生效，或者已经到期。"
    if key.compromised_at and made_at >= key.compromised_at:
        return "签章用的密钥已经泄露，这个时间以后的签章都不算数。"
    if key.retired_at and made_at >= key.retired_at:
        return "签章的时候密钥已经停用。"
    return ""


def _is_of(certificate, key):
    try:
        der = base64.b64decode(certificate, validate=True)
        return x509.load_der_x509_certificate(der) == seals.load_certificate(key.certificate.encode())
    except ValueError:
        return False


def _time(said):
    try:
        moment = datetime.fromisoformat(_text(said, "sealed_at"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _data(unpacked, key, said):
    why = "文件里没有证照数据，或者数据不完整。"
    if said and key:
        fields = {name: _text(unpacked.seal, name) for name in ("key_id", "algorithm", "signature")}
        why = seals.verify(unpacked.data.encode(), Seal(**fields), key)
        if not why and [said.get("key_id"), said.get("algorithm")] != [key.key_id, key.algorithm]:
            why = "数据里写的密钥和签章用的不一致。"
    return Check("data", "证照数据和签章时一致", not why, why or "文件里的证照数据就是签章时的数据。")


def _register(row):
    text = "证照登记簿里有这份文件，内容一字不差。" if row else "证照登记簿里没有这份文件，它不是本平台发出的那一份。"
    return Check("register", "和证照登记簿一致", row is not None, text)


def _status(licence):
    text = f"登记簿里这份证照现在的状态：{licence.status_text}。"
    return Check("status", "证照现在有效", licence.is_valid, text)


def _newest(newer):
    text = f"这份证照已经换发为第 {newer.version} 版，请向持证人要新的文件。" if newer else "这就是最新的版本。"
    return Check("newest", "是最新版本", newer is None, text)


def _sample(key):
    text = "用的是演示密钥，这是样本，没有法律效力。" if key.development else "这是正式的电子证照，不是样本。"
    return Check("sample", "用正式密钥签章", not key.development, text)
