"""One invariant as a small object, and what asking it gives."""

# ruff: noqa: S608 - SQL put together from this package's own texts; what comes from outside is a parameter.
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import connection
from django.utils import timezone

# Who repairs looks at some first; the total says how many there are.
SHOWN = 20
# The clocks of several machines differ a little.
_DRIFT = timedelta(seconds=60)

_STEP = 5000
# Where a long run is counted for those who watch it: a multiprocessing.Value, set by who asks.
rows_read = None

# How a breach names its row: never by more than numbers that staff may see.
APPLICATION = "coalesce(a.number, a.public_id::text)"
TASK = "concat_ws(' ', a.number, t.item_code, t.public_id)"
LICENCE = "concat_ws(' ', 'licence', c.item_code, c.number)"
TASKS = "routing_approvaltask t JOIN licensing_application a ON a.id = t.application_id"

# What a release says of its items. Once per question: for each task the whole definition would be unpacked anew.
ITEMS = """WITH item AS MATERIALIZED (
    SELECT id, release_id, code, department_id, definition->>'kind' AS kind, definition->>'level' AS level,
           definition->>'certificate_name' AS certificate,
           coalesce((definition->>'commitment_allowed')::boolean, false) AS commitment_allowed,
           definition->'commitment'->'verify_within' AS verify_within
    FROM guidance_item
)"""


@dataclass(frozen=True)
class Moment:
    """When it is asked. What a worker still has to do is none of a breach's business before `settled`."""

    now: datetime
    settled: datetime
    today: date
    future: datetime

    @classmethod
    def at(cls, settle=0):
        now = timezone.now()
        return cls(now, now - timedelta(seconds=settle), timezone.localdate(now), now + _DRIFT)


@dataclass(frozen=True)
class Invariant:
    """A sentence that must be true.

    breaches: SQL, or a function of the Moment, for rows (what names the row, what is wrong with it). rows: what
    is looked at, as SQL after FROM. given: a function for further values of the SQL. A warning breaks nothing.
    """

    code: str
    name: str
    sentence: str
    rows: str
    breaches: str | Callable
    given: Callable = dict
    warning: bool = False


@dataclass(frozen=True)
class Outcome:
    """rows looked at; how many break the invariant; the first of them as (what names the row, what is wrong)."""

    invariant: Invariant
    rows: int
    total: int
    first: list = field(default_factory=list)

    @property
    def holds(self):
        return self.invariant.warning or not self.total


def ask(invariant, moment):
    """Return the invariant's Outcome at a Moment. Reads only; memory does not grow with the rows."""
    found = _by_sql(invariant, moment) if isinstance(invariant.breaches, str) else _by_function(invariant, moment)
    return Outcome(invariant, _one(f"SELECT count(*) FROM {invariant.rows}"), *found)


def stream(sql, **values):
    """Yield the rows of a question through a cursor on the server, a few thousand at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.itersize = _STEP
        cursor.execute(sql, values)
        for number, row in enumerate(cursor, start=1):
            if rows_read and not number % _STEP:
                rows_read.value += _STEP
            yield row


def _by_sql(invariant, moment):
    question = f"SELECT *, count(*) OVER () FROM ({invariant.breaches}) AS breach LIMIT {SHOWN}"
    with connection.cursor() as cursor:
        cursor.execute(question, dataclasses.asdict(moment) | invariant.given())
        rows = cursor.fetchall()
    return (rows[0][-1] if rows else 0), [(who, what) for who, what, _ in rows]


def _by_function(invariant, moment):
    breaches = iter(invariant.breaches(moment))
    first = list(islice(breaches, SHOWN))
    return len(first) + sum(1 for _ in breaches), first


def _one(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
