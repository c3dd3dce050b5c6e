"""What the portal's own functions have brought about breaks nothing."""

import pytest

from portal.invariants.every import INVARIANTS
from portal.invariants.invariant import ask

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: f"{invariant.code}-{invariant.name}")
def test_a_lawful_story_breaks_no_invariant(moment, invariant):
    outcome = ask(invariant, moment)
    assert outcome.first == []
    # What the story does not tell of would hold for nothing.
    assert outcome.rows or invariant.warning
