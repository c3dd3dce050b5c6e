"""The short form plays the same runs each time; `make machine` plays MACHINE_EXAMPLES x MACHINE_STEPS new ones."""

import os
import random
import sys
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine import world
from tests.machine.machine import Machine

LONG = "MACHINE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", 12))
STEPS = int(os.environ.get("MACHINE_STEPS", 25))
# Each process plays its share, with a seed of its own.
SHARES = int(os.environ.get("MACHINE_SHARES", 1))
SEED = int(os.environ.get("MACHINE_SEED") or random.randrange(10**6)) if LONG else 0
TOLD_EVERY = 25


@pytest.fixture
def stage(city, catalogue, storage_folder):
    return world.build(city, catalogue)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(6 * 3600 if LONG else 400)
@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_people_days_and_messages_do_the_law_holds(stage, share):
    own_seed = SEED + share if LONG else 1

    @seed(own_seed)
    class Played(Machine):
        world = stage
        played = Counter()
        tell = staticmethod(_progress(own_seed))

    run_state_machine_as_test(
        Played,
        settings=settings(
            max_examples=EXAMPLES // SHARES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    assert Played.played["runs"] >= EXAMPLES // SHARES
    # What never happened was never checked.
    assert Played.played["application.completed"] + Played.played["application.withdrawn"] > 0


def _progress(own_seed):
    begun = time.monotonic()

    def tell(played):
        if LONG and not played["runs"] % TOLD_EVERY:
            minutes = (time.monotonic() - begun) / 60
            events = ", ".join(f"{name} {times}" for name, times in sorted(played.items()) if "." in name)
            line = (
                f"seed {own_seed}: {played['runs']} runs, {played['steps']} steps clean in {minutes:.1f} min; {events}"
            )
            print(line, file=sys.__stderr__, flush=True)

    return tell
