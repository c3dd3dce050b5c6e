"""Takes apart a PDF that anybody may have sent, in a process of its own with little memory and time.

`python -m certificates.elicences.unpacking`: the PDF on standard input; on standard output JSON, Unpacked's fields.
Knows neither Django nor the network nor a database; so the __init__.py above it stay empty.
"""

import base64
import dataclasses
import io
import json
import os
import sys
from dataclasses import dataclass

from exchange.confined import confine

MEMORY = 1024 * 1024 * 1024
SECONDS = 12
DATA_NAME, SEAL_NAME = "licence.json", "licence-seal.json"
# A licence's data are a few thousand characters; a stream that unfolds to more is none.
_MOST = 256 * 1024
_BROKEN, _COSTLY = 10, 11


@dataclass(frozen=True)
class Unpacked:
    """What a PDF holds; everything in it is still only said, nothing believed.

    intact: the one signature covers all bytes of the file and fits the certificate that lies beside it.
    """

    data: str = ""
    seal: dict = dataclasses.field(default_factory=dict)
    signed: bool = False
    intact: bool = False
    certificate: str = ""  # base64 of the signer's, DER


def unpack(content):
    """Return the Unpacked of a PDF's bytes. Hostile ones may raise anything, or take any time: call it in a process."""
    data, seal = _attached(content)
    return Unpacked(data, seal, *_signature(content))


def _attached(content):
    import pikepdf

    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
        # By name, each of them once: a second one of the same name is not ours.
        names = list(pdf.attachments)
        if sorted(names) != sorted([DATA_NAME, SEAL_NAME]):
            return "", {}
        data, seal = (_text(pdf.attachments[name]) for name in (DATA_NAME, SEAL_NAME))
    seal = json.loads(seal)
    return data, seal if isinstance(seal, dict) else {}


def _text(attachment):
    # Length first as the file says it, then as it is: unfolding stops at the limit of the memory.
    content = attachment.get_file().read_bytes()
    if len(content) > _MOST:
        raise ValueError("too long")
    return content.decode()


def _signature(content):
    """(is there one?, does it hold for the whole file?, its certificate)"""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    if len(signatures) != 1:
        return bool(signatures), False, ""
    signature = signatures[0]
    signature.compute_integrity_info()
    info = signature.summarise_integrity_info()
    intact, valid = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, "data", actual_digest=signature.compute_digest()
    )
    whole = info["coverage"] == SignatureCoverageLevel.ENTIRE_FILE and bool(info["docmdp_ok"])
    return True, bool(intact and valid and whole), base64.b64encode(signature.signer_cert.dump()).decode()


def main():
    # Before the bounds are set.
    import pikepdf  # noqa: F401
    import pyhanko.sign.validation.generic_cms  # noqa: F401

    # Whoever waits for a page goes first.
    os.nice(10)
    confine(memory=MEMORY, seconds=SECONDS, written=0)
    try:
        unpacked = unpack(sys.stdin.buffer.read())
    except (MemoryError, RecursionError):
        return _COSTLY
    # A decoder fed with hostile bytes may raise anything.
    except Exception:
        return _BROKEN
    sys.stdout.write(json.dumps(dataclasses.asdict(unpacked)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
