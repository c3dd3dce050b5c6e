"""Split and join of 5 to 300 tasks through a real worker, beside the bare rows of the same in SQL."""

import statistics
import time

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from certificates.gathering import gather
from licensing.models import Application, Status
from portal.benchmarks import generated
from portal.benchmarks.figures import shown, timed
from portal.benchmarks.filing import open_offices
from portal.benchmarks.processes import worker
from routing.models import ApprovalTask
from routing.splitting import split_application

SIZES = 5, 15, 40, 300
_ROUNDS = 7
# The rows that splitting and joining leave behind, written anew in one statement each.
_FLOORS = {
    "split": ["routing_approvaltask", "licensing_logentry"],
    "join": ["certificates_licence", "certificates_licenceevent"],
}
_OF = {
    "routing_approvaltask": "application_id = %(pk)s",
    "licensing_logentry": "application_id = %(pk)s AND event <> 'application.completed'",
    "certificates_licence": "source_task_id IN (SELECT id FROM routing_approvaltask WHERE application_id = %(pk)s)",
    "certificates_licenceevent": "licence_id IN (SELECT c.id FROM certificates_licence c JOIN routing_approvaltask t"
    " ON t.id = c.source_task_id WHERE t.application_id = %(pk)s)",
}


def measure():
    district = open_offices()
    release, codes = generated.publish_catalogue()
    _prepare_floors()
    medians = {}
    for size in SIZES:
        yield f"{size} tasks: queries", queries(generated.filed(release, codes[:size], district, "queries"))
    with worker():
        _one(generated.filed(release, codes[:5], district, "first"))
        for size in SIZES:
            rounds = [_one(generated.filed(release, codes[:size], district, serial)) for serial in range(_ROUNDS)]
            names = ("split", "split floor", "join", "join floor")
            medians[size] = dict(zip(names, map(statistics.median, zip(*rounds, strict=True)), strict=True))
            for part in ("split", "join"):
                took, floor = medians[size][part], medians[size][f"{part} floor"]
                yield f"{size} tasks: {part} through a worker", f"median {shown(took)}"
                yield f"{size} tasks: {part}, its bare INSERTs and UPDATE", f"{shown(floor)}   ratio {took / floor:.1f}"
    for part in ("split", "join"):
        growth = medians[SIZES[-1]][part] / medians[SIZES[0]][part]
        yield f"{part}: {SIZES[-1]} tasks / {SIZES[0]} tasks ({SIZES[-1] // SIZES[0]} times as many)", f"{growth:.1f}"


def queries(application):
    """How many of them splitting and joining take, in this process; the same for any number of tasks."""
    with CaptureQueriesContext(connection) as splitting:
        split_application(application.pk)
    generated.grant_all(application)
    with CaptureQueriesContext(connection) as joining:
        gather(application.pk)
    return f"{len(splitting)} to split, {len(joining)} to join"


def _one(application):
    """(seconds to split, its floor, seconds to join, its floor)."""
    tasks = ApprovalTask.objects.filter(application=application)
    splitting = _until(lambda: tasks.exists(), "application.submitted", application)
    floor, _ = timed(_write_floor, "split", application)
    generated.grant_all(application)
    completed = Application.objects.filter(pk=application.pk, status=Status.COMPLETED)
    joining = _until(lambda: completed.exists(), "task.decided", application)
    return splitting, floor, joining, timed(_write_floor, "join", application)[0]


def _until(done, kind, application):
    begun = time.perf_counter()
    generated.announce(kind, application)
    while not done():
        if time.perf_counter() - begun > 60:
            raise RuntimeError(f"the worker did not answer {kind} within a minute")
        time.sleep(0.001)
    return time.perf_counter() - begun


def _prepare_floors():
    with connection.cursor() as cursor:
        for table in _OF:
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")


@transaction.atomic
def _write_floor(part, application):
    with connection.cursor() as cursor:
        for table in _FLOORS[part]:
            rows = f"SELECT * FROM {table} WHERE {_OF[table]}"  # noqa: S608
            cursor.execute(f"INSERT INTO bench_{table} {rows}", {"pk": application.pk})
        cursor.execute("UPDATE licensing_application SET updated_at = now() WHERE id = %s", [application.pk])
