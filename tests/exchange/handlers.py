"""Handlers for the tests. Each leaves an event of the kind "noted" behind: a row of its own transaction."""

import os
import time

from exchange import outbox

# What an error may quote and no log may keep.
WORDS = "身份证号441702199001011234"


class Broken(Exception):
    pass


def note(number):
    outbox.emit("noted", number=number)


def fail(number):
    note(number)
    raise Broken(WORDS)


def linger(number):
    """Note, and then, in a worker that is to be killed, never reach the commit."""
    note(number)
    if os.environ.get("LINGER"):
        time.sleep(60)
