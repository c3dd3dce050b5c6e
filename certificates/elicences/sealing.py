"""A PDF signed as PAdES by pyHanko with the licences' key: certified, no change allowed after it."""

import functools
import io

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

_FIELD = "Seal"


def sealed(pdf, pair, reason):
    """Return the PDF's bytes with the signature of a seals.KeyPair after them."""
    metadata = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    out = io.BytesIO()
    signers.PdfSigner(metadata, signer=_signer(pair)).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


@functools.lru_cache(maxsize=4)
def _signer(pair):
    own, *others = (x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in pair.certificates)
    private = pair.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=own,
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(others),
    )
