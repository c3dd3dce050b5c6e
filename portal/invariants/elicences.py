"""E-licences: each made file is there as it was made, its seal holds, and it says what the register says."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import json

from certificates import seals
from certificates.elicences import data
from certificates.models import Licence, LicenceFile, SigningKey
from portal.invariants.files import READ_A_DAY, share_of, wrong_bytes
from portal.invariants.invariant import LICENCE, Invariant, stream

_MADE = "certificates_licencefile f WHERE f.made_at IS NOT NULL"
_OWN = ("name", "number", "identifier", "authority", "issued_on", "valid_until", "scope", "version")


def _wrong_files(moment):
    rows = stream(f"SELECT f.id, f.sha256, f.size, f.content FROM {_MADE} ORDER BY f.id")
    return wrong_bytes("e-licence", LicenceFile.content.field.storage, rows, _share(), moment)


def _wrong_seals(moment):
    question = f"""
        SELECT f.id, f.data, f.algorithm, f.signature, k.key_id, k.algorithm, k.certificate,
            {", ".join(f"c.{column}" for column in _OWN)}
        FROM certificates_licencefile f JOIN certificates_signingkey k ON k.id = f.key_id
        JOIN certificates_licence c ON c.id = f.licence_id
        WHERE f.made_at IS NOT NULL AND (f.id + %(day)s) %% %(share)s = 0 ORDER BY f.id
    """
    for pk, text, algorithm, signature, *rest in stream(question, day=moment.today.toordinal(), share=_share()):
        key = SigningKey(key_id=rest[0], algorithm=rest[1], certificate=rest[2])
        if seals.verify(text.encode(), seals.Seal(key.key_id, algorithm, signature), key):
            yield f"e-licence {pk}", "has a seal that does not hold"
        licence = Licence(**dict(zip(_OWN, rest[3:], strict=True)))
        if not data.of_the_licence(licence).items() <= json.loads(text).items():
            yield f"e-licence {pk}", "says something else than its licence"


def _share():
    return share_of(LicenceFile.objects.filter(made_at__isnull=False).count())


INVARIANTS = [
    Invariant(
        "I11",
        "each_e_licence_is_on_the_disk_unchanged",
        f"Each e-licence is on the disk, as long as its row says; {READ_A_DAY} a day are read and hashed.",
        _MADE,
        _wrong_files,
    ),
    Invariant(
        "I11",
        "each_e_licence_is_sealed_and_says_what_the_register_says",
        f"Its seal holds under its data, and they are its licence's own; {READ_A_DAY} a day are verified.",
        _MADE,
        _wrong_seals,
    ),
    Invariant(
        "I2",
        "each_granted_licence_has_its_e_licence_or_waits_for_it",
        "A licence granted here that has an identifier has its e-licence, or a worker is to make it.",
        "certificates_licence c WHERE c.source_task_id IS NOT NULL AND c.identifier IS NOT NULL",
        f"""
        SELECT {LICENCE}, 'has no e-licence, and nobody is to make one'
        FROM certificates_licence c LEFT JOIN certificates_licencefile f
            ON f.licence_id = c.id AND f.replaced_at IS NULL
        WHERE c.source_task_id IS NOT NULL AND c.identifier IS NOT NULL AND f.id IS NULL
            AND c.created_at < %(settled)s
        """,
    ),
]
