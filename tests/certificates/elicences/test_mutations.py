"""Whatever is changed in a file or in its data, nothing changed is ever genuine.

Long form (`make machine`): SEAL_MUTATIONS=50000.
"""

import dataclasses
import logging
import os
import random

import pytest

from certificates import seals
from certificates.elicences import verifying
from certificates.seals import Seal
from tests.certificates.elicences.conftest import bytes_of, taken_apart

LONG = int(os.environ.get("SEAL_MUTATIONS") or 0)
OF_FILES, OF_DATA = LONG or 120, LONG or 2000


@pytest.fixture
def chance():
    return random.Random(os.environ.get("MACHINE_SEED") or 5)


def mutated(content, chance):
    """The bytes with one change: a bit, a byte, some left out, doubled, exchanged or put in."""
    at = chance.randrange(len(content))
    some = content[at : at + chance.randint(1, 30)]
    return chance.choice(
        [
            content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :],
            content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
            content[:at] + content[at + len(some) :],
            content[:at] + some + content[at:],
            content[:at] + some[::-1] + content[at + len(some) :],
            content[:at] + chance.randbytes(chance.randint(1, 8)) + content[at:],
            content[:at],
        ]
    )


def test_no_mutated_file_is_genuine(made, chance, caplog):
    caplog.set_level(logging.CRITICAL, "pyhanko")
    file = made()
    content, tried, whole = bytes_of(file), 0, 0
    while tried < OF_FILES:
        changed = mutated(content, chance)
        if changed == content:
            continue
        tried += 1
        unpacked = taken_apart(changed)
        whole += unpacked.intact
        assert not verifying.judge(changed, unpacked).genuine
    # The room kept for the signature is more than it needs; what is changed there the register alone notices.
    print(f"{tried} mutated files, 0 genuine; {whole} differ where the signature does not look")
    assert whole < tried / 2


def test_no_mutated_data_hold_under_their_seal(made, chance):
    file = made()
    seal, data, tried = Seal(file.key.key_id, file.algorithm, file.signature), file.data.encode(), 0
    assert seals.verify(data, seal, file.key) == ""
    while tried < OF_DATA:
        changed = mutated(data, chance)
        if changed != data:
            tried += 1
            assert seals.verify(changed, seal, file.key)


def test_no_mutated_seal_holds(made, chance):
    file = made()
    seal, data = Seal(file.key.key_id, file.algorithm, file.signature), file.data.encode()
    for _ in range(OF_DATA // 4):
        signature = mutated(seal.signature.encode(), chance).decode("latin-1")
        if signature != seal.signature:
            assert seals.verify(data, dataclasses.replace(seal, signature=signature), file.key)
