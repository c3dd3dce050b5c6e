"""Handlers for the tests. Each leaves an event of the kind "noted" behind: a row of its own transaction."""

import os
import time

from django.db import connections, transaction

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


@outbox.outside
def call_outside(number):
    """Note whether another connection could have the delivery's row meanwhile, and no transaction is open here."""
    free = not transaction.get_connection().in_atomic_block
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM exchange_delivery WHERE done_at IS NULL FOR UPDATE NOWAIT")
    finally:
        other.close()
    if number < 0:
        raise Broken(WORDS)
    with transaction.atomic():
        note(number if free else 0)
