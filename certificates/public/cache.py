"""Rendered public pages that a web process keeps for a moment, and the thread that hears when one has changed.

PostgreSQL tells each committed change of what a page shows (migration 0008); the page is forgotten before anybody else
is answered from it. A page is kept only while somebody listens, and never longer than LIFE, so that even a change that
nobody heard of is seen in time.
"""

import logging
import os
import select
import threading
import time

import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection

# Seconds since the page was read. "Valid" must be gone 5 s after a licence ended, heard of or not.
LIFE = 4
# Pages of a process, 30 kB each at most.
SIZE = 1000
CHANNEL, EVERY_PAGE = "public_pages", "*"
# What pg_stat_activity calls the connection.
APPLICATION = "public pages"
# Seconds without a word after which the connection is tried, and between tries to have one again.
_QUIET, _FIRST_WAIT, _LONGEST_WAIT = 10, 0.2, 5

logger = logging.getLogger(__name__)


class Pages:
    """Pages by token, each in its variants (language). Threads share one."""

    def __init__(self):
        self._lock = threading.Lock()
        self._pages = {}
        self._generation = None  # Counts what was heard; None while nobody listens.
        self._heard = 0

    def get(self, token, variant):
        """The page's bytes, or None. Takes no lock: one look into a dict."""
        kept = self._pages.get(token, {}).get(variant)
        return kept[1] if kept and time.monotonic() < kept[0] else None

    def reading(self):
        """To be asked before the rows are read, and handed to keep()."""
        return self._generation, time.monotonic()

    def keep(self, token, variant, page, reading):
        """Keep a page unless something changed, or the listener was away, since its rows were read."""
        generation, read_at = reading
        with self._lock:
            if generation is None or generation != self._generation:
                return
            variants = self._pages.pop(token, {})
            self._pages[token] = variants | {variant: (read_at + LIFE, page)}
            if len(self._pages) > SIZE:
                # The one longest without a new page: none lives for more than seconds anyway.
                del self._pages[next(iter(self._pages))]

    def forget(self, token):
        with self._lock:
            self._renew()
            if token == EVERY_PAGE:
                self._pages.clear()
            else:
                self._pages.pop(token, None)

    def listen(self):
        """From now on changes are heard of."""
        with self._lock:
            self._renew()

    def stop(self):
        """Nobody listens: keep nothing."""
        with self._lock:
            self._generation = None
            self._pages.clear()

    def _renew(self):
        self._heard += 1
        self._generation = self._heard


class _Process:
    """The pages of one process; a forked child has none of its parent's, nor its thread."""

    def __init__(self):
        self.pid, self.pages = os.getpid(), Pages()
        threading.Thread(target=_listen, args=[self.pages], name="public pages", daemon=True).start()


_starting = threading.Lock()
_process = None


def pages():
    """This process's Pages, listening from the first call on; None where PUBLIC_CACHE is off."""
    global _process
    if not settings.PUBLIC_CACHE:
        return None
    if _process is None or _process.pid != os.getpid():
        with _starting:
            if _process is None or _process.pid != os.getpid():
                _process = _Process()
    return _process.pages


def _listen(pages):
    """Hear of changes for the process's life, on a connection of this thread's own."""
    wait = _FIRST_WAIT
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET application_name = '{APPLICATION}'; LISTEN {CHANNEL}")
                pages.listen()
                wait = _FIRST_WAIT
                while True:
                    _hear(cursor, pages)
        except (DatabaseError, psycopg2.Error, OSError) as error:
            logger.warning("public pages are not kept: %s", type(error).__name__)
        finally:
            pages.stop()
            connection.close()
        time.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


def _hear(cursor, pages):
    """Wait for the next words and act on them. Raises psycopg2.Error or DatabaseError when the connection is gone."""
    told = connection.connection
    if select.select([told], [], [], _QUIET)[0]:
        told.poll()
    else:
        # No transaction stays open, so that vacuum is not held up; a machine that has gone away is found out.
        cursor.execute("SELECT 1")
    while told.notifies:
        pages.forget(told.notifies.pop(0).payload)
