"""All invariants, in the order they are reported in."""

from portal.invariants import (
    belonging,
    chains,
    clocks,
    deciding,
    files,
    filing,
    licences,
    promises,
    records,
    register,
    telling,
    window,
)

_SUBJECTS = filing, files, licences, register, records, chains, telling, clocks, belonging, deciding, promises, window
INVARIANTS = sorted(
    (invariant for subject in _SUBJECTS for invariant in subject.INVARIANTS),
    key=lambda invariant: int(invariant.code[1:]),
)
