"""Work that one process at a time does for somebody or something: PostgreSQL's advisory locks, named here once."""

from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Work(IntEnum):
    """What is done alone; beside it stands whose or which it is. No two have one number: they would wait crosswise."""

    PRINTING = 20
    SEALING = 21
    NOTICE = 22
    IMPORTING = 50


@contextmanager
def alone(work, number):
    """Yield whether nobody else does this Work for that number (a primary key), and keep others out meanwhile.

    Waits for nobody. The lock is the connection's and outlives transactions; a killed process leaves none behind.
    """
    key = [work, number % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        mine = cursor.fetchone() == (True,)
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
