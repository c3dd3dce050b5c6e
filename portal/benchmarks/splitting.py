"""From submission until every office sees its task, beside the floor: a bare INSERT of as many rows."""

import statistics
import time

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from exchange import outbox
from exchange.models import Delivery
from licensing.submission import submit
from portal.benchmarks.figures import shown, timed
from portal.benchmarks.filing import draft, open_offices
from portal.benchmarks.processes import worker
from routing.models import ApprovalTask

SIZES = 4, 15, 40
_ROUNDS = 15


def measure():
    district = open_offices()
    _prepare_floor()
    for size in SIZES:
        drafts = [draft(size, district, serial) for serial in range(_ROUNDS + 2)]
        _one(*drafts.pop())  # The first one fills the caches of the process.
        yield f"{size} items: queries", queries(*drafts.pop())
        figures = [_one(*one) for one in drafts]
        submitting, splitting, floor = (statistics.median(column) for column in zip(*figures, strict=True))
        ratio = (submitting + splitting) / floor
        yield f"{size} items: submit", f"median {shown(submitting)}"
        yield f"{size} items: split", f"median {shown(splitting)}"
        yield f"{size} items: floor, {size} rows in one INSERT and transaction", f"median {shown(floor)}"
        yield f"{size} items: submit and split / floor", f"{ratio:.1f}"
    yield from _through_a_worker(district)


def _one(application, user):
    """Submit and split in this process, then write the floor's rows: (seconds, seconds, seconds)."""
    submitting, submitted = timed(submit, application, user)
    splitting, split = timed(outbox.attempt, _delivery(submitted))
    tasks = ApprovalTask.objects.filter(application=submitted).count()
    if not split or tasks != len(submitted.chosen):
        raise RuntimeError(f"{len(submitted.chosen)} items were split into {tasks} tasks")
    return submitting, splitting, timed(_write_floor, tasks, submitted.pk)[0]


def queries(application, user):
    with CaptureQueriesContext(connection) as submitting:
        submitted = submit(application, user)
    delivery = _delivery(submitted)
    with CaptureQueriesContext(connection) as splitting:
        outbox.attempt(delivery)
    return f"{len(submitting)} to submit, {len(splitting)} to split"


def _delivery(application):
    # The same event also tells the applicant.
    handler = "routing.splitting.split_application"
    return Delivery.objects.get(event__payload__application_id=application.pk, handler=handler).pk


def _prepare_floor():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_floor (LIKE routing_approvaltask INCLUDING ALL)")


@transaction.atomic
def _write_floor(size, application_id):
    row = "(gen_random_uuid(), %s, 1, %s, 1, 'received', false, now(), now(), now(), '2030-01-01'"
    row += ", false, false, false, '', '')"
    columns = "public_id, application_id, item_id, item_code, office_id, status, by_commitment, created_at"
    columns += ", received_at, complete_at, committed_due_on, due_is_provisional, clock_stopped, statutory_stopped"
    columns += ", reason, right_authority"
    values = [value for number in range(size) for value in (application_id, f"item-{number}")]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO bench_floor ({columns}) VALUES {', '.join([row] * size)}", values)  # noqa: S608


def _through_a_worker(district):
    """The same as the applicant lives it: a hint through Redis to a worker process."""
    drafts = {size: [draft(size, district, f"worker-{serial}") for serial in range(_ROUNDS)] for size in SIZES}
    with worker():
        _until_visible(*drafts[SIZES[0]].pop())
        for size, ready in drafts.items():
            seconds = [_until_visible(*one) for one in ready]
            yield (
                f"{size} items: until all tasks are visible, through a worker",
                f"median {shown(statistics.median(seconds))}",
            )


def _until_visible(application, user):
    begun = time.perf_counter()
    submit(application, user)
    while not ApprovalTask.objects.filter(application=application).exists():
        if time.perf_counter() - begun > 60:
            raise RuntimeError("the worker did not split within a minute")
        time.sleep(0.001)
    return time.perf_counter() - begun
