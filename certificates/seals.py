"""Seals: a signature with the key and the algorithm that made it, under the canonical data of a licence.

The private key is the workers' alone (LICENCE_KEY_FILE: PEM, key and certificate); anybody verifies with the public
half. An algorithm is one entry of ALGORITHMS, so that SM2 with SM3 can stand beside ES256 (RFC 7518 § 3.4).
"""

import base64
import binascii
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from django.conf import settings


class NoKey(Exception):
    """This process cannot sign. The message is one sentence for the operators."""


@dataclass(frozen=True)
class Seal:
    key_id: str
    algorithm: str
    signature: str  # base64url without padding


@dataclass(frozen=True)
class KeyPair:
    """What LICENCE_KEY_FILE holds: the private key, its certificate, then those that lead to its root."""

    private: object
    certificates: tuple
    algorithm: str

    @property
    def certificate(self):
        return self.certificates[0]

    @property
    def key_id(self):
        return key_id_of(self.certificate)


@dataclass(frozen=True)
class _Algorithm:
    fits: Callable  # a public key -> is it one of this algorithm's?
    sign: Callable  # (private key, payload) -> bytes
    holds: Callable  # (public key, payload, bytes) -> bool


def sign(payload):
    """Return the Seal of these bytes. Raises NoKey where the process has no key, as every web process has none."""
    pair = key_pair()
    signature = ALGORITHMS[pair.algorithm].sign(pair.private, payload)
    return Seal(pair.key_id, pair.algorithm, base64.urlsafe_b64encode(signature).rstrip(b"=").decode())


def verify(payload, seal, key):
    """Return "" when the key (a SigningKey) made this seal under these bytes, else a sentence that says why not.

    Whether the key was to be trusted at that time is asked of its row, not here.
    """
    algorithm = ALGORITHMS.get(seal.algorithm)
    if algorithm is None or seal.algorithm != key.algorithm:
        return "签章用的算法和登记的密钥不一致。"
    if seal.key_id != key.key_id:
        return "签章用的不是这把密钥。"
    signature = _decoded(seal.signature)
    public = load_certificate(key.certificate.encode()).public_key()
    if signature is None or not algorithm.holds(public, payload, signature):
        return "数据和签章对不上，内容被改动过。"
    return ""


def key_pair():
    """Return the KeyPair of LICENCE_KEY_FILE. Raises NoKey."""
    if not settings.LICENCE_KEY_FILE:
        raise NoKey("这个进程没有签章密钥：只有后台任务进程才有（LICENCE_KEY_FILE）。")
    path = Path(settings.LICENCE_KEY_FILE)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:
        raise NoKey("签章密钥文件读不出来，请检查 LICENCE_KEY_FILE 的位置和权限。") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoKey("签章密钥文件不对：要有 PEM 格式的 P-256 私钥（不加密）和它的证书。") from None


@functools.lru_cache(maxsize=64)
def load_certificate(pem):
    """Return the first certificate of a PEM text (bytes). Raises ValueError."""
    return x509.load_pem_x509_certificates(pem)[0]


def key_id_of(certificate):
    """The first 40 hex digits of the certificate's SHA-256: a new certificate is a new key."""
    return certificate.fingerprint(hashes.SHA256()).hex()[:40]


def algorithm_for(certificate):
    """The algorithm a certificate's key signs with. Raises ValueError for one that none of ours uses."""
    for name, algorithm in ALGORITHMS.items():
        if algorithm.fits(certificate.public_key()):
            return name
    raise ValueError(f"证书的密钥不能用来签章；支持的算法：{'、'.join(ALGORITHMS)}。")


@functools.lru_cache(maxsize=4)
def _read(path, changed_at):
    # By its time too: a key that was replaced is read anew.
    pem = path.read_bytes()
    private = serialization.load_pem_private_key(pem, password=None)
    certificates = tuple(x509.load_pem_x509_certificates(pem))
    if private.public_key() != certificates[0].public_key():
        raise ValueError("the first certificate is not this key's")
    return KeyPair(private, certificates, algorithm_for(certificates[0]))


def _decoded(text):
    """The bytes of base64url text, None where it is not written in the one way that we write it."""
    try:
        signature = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return signature if base64.urlsafe_b64encode(signature).rstrip(b"=").decode() == text else None


# ES256: r and s side by side, 32 bytes each. Of the two s that hold, only the lower is ours: nobody can turn one good
# seal into another.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _es256_sign(private, payload):
    r, s = decode_dss_signature(private.sign(payload, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")


def _es256_holds(public, payload, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or s > _ORDER // 2:
        return False
    try:
        public.verify(encode_dss_signature(r, s), payload, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _is_p256(public):
    return isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1)


ALGORITHMS = {"ES256": _Algorithm(_is_p256, _es256_sign, _es256_holds)}
