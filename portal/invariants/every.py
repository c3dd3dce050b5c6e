"""All invariants, in the order they are reported in."""

from portal.invariants import (
    belonging,
    chains,
    clocks,
    deciding,
    elicences,
    files,
    filing,
    importing,
    licences,
    lookups,
    promises,
    records,
    register,
    reissues,
    telling,
    window,
)

_SUBJECTS = (
    filing,
    files,
    licences,
    elicences,
    register,
    importing,
    reissues,
    lookups,
    records,
    chains,
    telling,
    clocks,
    belonging,
    deciding,
    promises,
    window,
)
INVARIANTS = sorted(
    (invariant for subject in _SUBJECTS for invariant in subject.INVARIANTS),
    key=lambda invariant: int(invariant.code[1:]),
)
