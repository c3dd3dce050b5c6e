"""The keys that seal licences: made for a demo, or registered with the certificate that an authority gave.

Each is one SigningKey row, kept for ever; the private half is a file that only the workers are told of.
"""

import os
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.utils import timezone

from certificates import seals
from certificates.models import SigningKey

_SAMPLE = "一照通行 样本签章（没有法律效力）"
_YEARS = 10


class KeyProblem(Exception):
    """The message is one sentence for the operator."""


def make_development_key(path):
    """Write a key and its self-signed certificate to a new file (0600) and return its SigningKey.

    A file that is there already is registered as it is. Raises KeyProblem.
    """
    path = Path(path)
    if not path.exists():
        _write(path, _pem())
    return register(path.read_bytes(), development=True)


def register(pem, *, development=False):
    """Return the SigningKey of a certificate (PEM bytes), new or as it was registered. Raises KeyProblem."""
    try:
        certificate = seals.load_certificate(pem)
        algorithm = seals.algorithm_for(certificate)
    except ValueError as why:
        raise KeyProblem(f"This is no certificate of a key that can seal: {why}") from None
    _check(certificate, development)
    _check_kin(certificate, development)
    key, _ = SigningKey.objects.get_or_create(
        key_id=seals.key_id_of(certificate),
        defaults={
            "algorithm": algorithm,
            "certificate": certificate.public_bytes(Encoding.PEM).decode(),
            "development": development,
            "not_before": certificate.not_valid_before_utc,
            "not_after": certificate.not_valid_after_utc,
        },
    )
    return key


def retire(key_id):
    """From now on the key signs nothing new; what it has signed stays good. Raises KeyProblem."""
    return _ended(key_id, "retired_at")


def compromise(key_id):
    """What the key signs from now on is no good; files made before stay good. Raises KeyProblem.

    So is what it signs under any other of its certificates.
    """
    key = _ended(key_id, "compromised_at")
    for one in _kin(seals.load_certificate(key.certificate.encode())):
        _ended(one.key_id, "compromised_at")
    return key


def _ended(key_id, column):
    key = SigningKey.objects.filter(key_id=key_id).first()
    if key is None:
        raise KeyProblem(f"There is no key {key_id}.")
    # Once: a second call must not make younger what was said before.
    SigningKey.objects.filter(pk=key.pk, **{column: None}).update(**{column: timezone.now()})
    key.refresh_from_db()
    return key


def _kin(certificate):
    """The keys of all certificates of its private key; there are few keys at all."""
    public = certificate.public_key()
    return [
        key
        for key in SigningKey.objects.all()
        if seals.load_certificate(key.certificate.encode()).public_key() == public
    ]


def _check_kin(certificate, development):
    """Another certificate makes no private key trusted again."""
    for key in _kin(certificate):
        if key.compromised_at and key.key_id != seals.key_id_of(certificate):
            raise KeyProblem(f"Its private key was compromised (key {key.key_id}).")
        if key.development != development:
            raise KeyProblem(f"Its private key is registered already, as a {_kind(key)} key ({key.key_id}).")


def _check(certificate, development):
    if certificate.not_valid_after_utc <= timezone.now():
        raise KeyProblem("The certificate has expired.")
    if not development and _is_self_signed(certificate):
        raise KeyProblem("The certificate is signed by itself and proves nothing: it can only be a development key.")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise KeyProblem("The certificate does not allow its key to sign (key usage).")


def _is_self_signed(certificate):
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _kind(key):
    return "development" if key.development else "real"


def _pem():
    private, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, _SAMPLE)])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    ) | {"encipher_only": False, "decipher_only": False}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        # The clocks of several machines differ a little.
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(private, hashes.SHA256())
    )
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(
        Encoding.PEM
    )


def _write(path, content):
    # Beside its place first and never over another: half a key, or two, would be worse than none.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
        os.link(beside, path)
    except FileExistsError:
        pass  # Another command was quicker; its key is as good.
    except OSError as error:
        raise KeyProblem(f"{path} cannot be written ({error.strerror}).") from None
    finally:
        beside.unlink(missing_ok=True)
