import multiprocessing
import os
from itertools import count

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from portal.invariants import invariant as invariants
from portal.invariants.every import INVARIANTS
from portal.invariants.invariant import SHOWN, Moment, Outcome, ask

# One verifies the hash chains, most of the work, while the other asks the rest.
_PROCESSES = 2
_NOT_RUN = 2
_CODES = " ".join(dict.fromkeys(each.code for each in INVARIANTS))


class Command(BaseCommand):
    help = (
        "Check that what must always be true of the data is true. Reads only, on any database. "
        f"Exits with 0 if all holds, 1 naming what does not (the first {SHOWN} rows of each), {_NOT_RUN} if not run."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--only", nargs="+", metavar="CODE", help=f"some of: {_CODES}; all unless told")
        parser.add_argument(
            "--settle",
            type=int,
            default=120,
            metavar="SECONDS",
            help="how long a worker has for what is its to do before that is reported; 120 unless told",
        )

    def handle(self, *, only, settle, verbosity, **options):
        if settle < 0:
            raise _NotRun("--settle is a number of seconds, 0 or more.")
        self.tells = verbosity > 1 or (verbosity and self.stderr.isatty())
        places = _places(only)
        try:
            outcomes = self._outcomes(places, settle)
        except Error as error:
            raise _NotRun(f"The database cannot be read: {error}".strip()) from error
        for outcome in outcomes:
            self._print(outcome)
        if broken := [outcome.invariant.name for outcome in outcomes if not outcome.holds]:
            raise CommandError(f"{len(broken)} of {len(outcomes)} invariants do not hold: {', '.join(broken)}.")

    def _outcomes(self, places, settle):
        """Ask in processes of our own that all look at one and the same moment of the database."""
        # No child may inherit a connection, so they are there before ours is.
        connection.close()
        context = multiprocessing.get_context("fork")
        invariants.rows_read = context.Value("q", 0)
        with context.Pool(min(_PROCESSES, os.cpu_count() or 1, len(places))) as pool:
            snapshot = _look()
            moment = Moment.at(settle)
            # The slowest first, or one process would end up alone with it.
            order = sorted(places, key=lambda place: not callable(INVARIANTS[place].breaches))
            found = pool.imap_unordered(_ask, [(place, moment, snapshot) for place in order])
            outcomes = dict(self._as_they_come(found, len(places)))
        connection.close()
        return [outcomes[place] for place in places]

    def _as_they_come(self, found, wanted):
        for number in count(1):
            if number > wanted:
                return
            while True:
                try:
                    place, figures = found.next(timeout=2)
                    break
                except multiprocessing.TimeoutError:
                    self._tell(f"{invariants.rows_read.value:,} rows read")
            self._tell(f"{number} of {wanted}: {INVARIANTS[place].name}")
            yield place, Outcome(INVARIANTS[place], *figures)

    def _tell(self, line):
        if self.tells:
            self.stderr.write(line, style_func=str)
            self.stderr.flush()

    def _print(self, outcome):
        invariant = outcome.invariant
        word = "BROKEN" if not outcome.holds else "warns" if outcome.total else "holds"
        self.stdout.write(f"{invariant.code:<4} {word:<7} {outcome.rows:>10,} rows  {invariant.sentence}")
        for who, what in outcome.first:
            self.stdout.write(f"       {who}: {what}")
        if outcome.total > len(outcome.first):
            self.stdout.write(f"       and {outcome.total - len(outcome.first):,} more")


class _NotRun(CommandError):
    def __init__(self, message):
        super().__init__(message, returncode=_NOT_RUN)


def _places(only):
    if unknown := set(only or ()) - set(_CODES.split()):
        raise _NotRun(f"There is no invariant {' '.join(sorted(unknown))}: choose from {_CODES}.")
    return [place for place, each in enumerate(INVARIANTS) if not only or each.code in only]


def _ask(question):
    place, moment, snapshot = question
    if connection.connection is None:
        _look(snapshot)
    outcome = ask(INVARIANTS[place], moment)
    # The invariant itself holds functions, which no process can send.
    return place, (outcome.rows, outcome.total, outcome.first)


def _look(snapshot=None):
    """Begin this process's transaction, which reads only, at that snapshot or a new one; returns its name.

    The portal's time limits are for people who wait; nobody does here.
    """
    connection.ensure_connection()
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if snapshot:
            cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        # Whole tables are compared: row by row through an index is never the quicker way, whatever is estimated.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]
