"""How often moves at the same moment broke a rule, with its guards and without."""

import os

from django.db import connection

# `make machine` asks for 200.
ROUNDS = int(os.environ.get("RACE_ROUNDS", 3))
# Seconds between check and write: long beside what a move takes.
PAUSE = 0.2


def breaches(race, rounds=ROUNDS):
    """In how many rounds the race broke its rule. race(number): True when it did."""
    return sum(bool(race(number)) for number in range(rounds))


def prove(race, guards, rounds=ROUNDS):
    """With the guards off the breach must appear, or the race proves nothing; with them on it never does."""
    # A busy machine may let one finish before the other begins: then the next round.
    tries = 5 * rounds
    guards.off()
    broken = any(race(number) for number in range(tries))
    guards.on()
    assert broken, "without its guards the race does not break the rule: it tests nothing"
    assert breaches(lambda number: race(number + tries), rounds) == 0


def ends(application):
    """{item code: how many ends its log tells of}."""
    ended = ("granted", "refused", "declined", "returned", "withdrawn", "terminated")
    counts = {}
    for code in application.log.filter(to_status__in=ended).exclude(item_code="").values_list("item_code", flat=True):
        counts[code] = counts.get(code, 0) + 1
    return counts


class Constraints:
    """Constraints of one table that are dropped for a control run; its rows go before they come back."""

    def __init__(self, table="", *names):
        self.table, self.names, self.definitions = table, names, {}

    def drop(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ANY(%s)",
                [list(self.names)],
            )
            self.definitions = dict(cursor.fetchall())
            assert len(self.definitions) == len(self.names)
            for name in self.definitions:
                cursor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {name}")

    def add(self):
        with connection.cursor() as cursor:
            if self.definitions:
                cursor.execute(f"TRUNCATE {self.table} CASCADE")
            for name, definition in self.definitions.items():
                cursor.execute(f"ALTER TABLE {self.table} ADD CONSTRAINT {name} {definition}")
        self.definitions = {}
