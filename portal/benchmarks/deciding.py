"""Decisions a second while four officers decide at once, each on tasks of their own: four processes, one database."""

import multiprocessing
import time

from django.contrib.auth import get_user_model
from django.db import connection

from guidance.models import Post
from portal.benchmarks import generated
from portal.benchmarks.figures import median_and_p99
from portal.benchmarks.filing import open_offices
from routing.decisions import accept, grant
from routing.models import ApprovalTask
from routing.splitting import split_application

OFFICERS, TASKS_EACH = 4, 100


def measure():
    district = open_offices()
    release, codes = generated.publish_catalogue()
    for title, applications in (
        ("applications of 5 tasks", TASKS_EACH * OFFICERS // 5),
        ("one application, which only one at a time may change", 1),
    ):
        size = TASKS_EACH * OFFICERS // applications
        size = min(size, generated.ITEMS)
        shares = _shares(release, codes[:size], district, applications)
        rate, seconds = _decide(shares)
        yield f"{OFFICERS} officers, {title}: accept and grant", f"{rate:.0f} decisions/s"
        yield f"{OFFICERS} officers, {title}: one decision", median_and_p99(seconds)


def _shares(release, codes, district, applications):
    """[(officer's id, ids of their tasks)]: dealt out in turn, so that officers meet in one application."""
    tasks = []
    for serial in range(applications):
        application = generated.filed(release, codes, district, f"decide-{applications}-{serial}")
        split_application(application.pk)
        tasks += ApprovalTask.objects.filter(application=application).values_list("pk", flat=True)
    offices = ApprovalTask.objects.filter(pk__in=tasks).values_list("office", flat=True).order_by().distinct()
    shares = []
    for place in range(OFFICERS):
        officer = get_user_model().objects.create_user(f"bench-officer-{applications}-{place}", name="测试")
        Post.objects.bulk_create(Post(user=officer, office_id=office) for office in offices)
        shares.append((officer.pk, tasks[place::OFFICERS]))
    return shares


def _decide(shares):
    """Return (decisions a second, seconds of each)."""
    # A process that forks must not share a connection with its children.
    connection.close()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(len(shares)), context.Queue()
    officers = [context.Process(target=_work, args=[barrier, results, *share]) for share in shares]
    for officer in officers:
        officer.start()
    worked = [results.get(timeout=600) for _ in officers]
    for officer in officers:
        officer.join()
    seconds = [second for _, _, share in worked for second in share]
    elapsed = max(end for _, end, _ in worked) - min(begun for begun, _, _ in worked)
    return len(seconds) / elapsed, seconds


def _work(barrier, results, officer_id, task_ids):
    officer, seconds = get_user_model().objects.get(pk=officer_id), []
    tasks = list(ApprovalTask.objects.filter(pk__in=task_ids))
    barrier.wait()
    first = time.monotonic()
    for task in tasks:
        for decide, *face in ((accept,), (grant, _face(task))):
            begun = time.monotonic()
            decide(task, officer, *face)
            seconds.append(time.monotonic() - begun)
    results.put((first, time.monotonic(), seconds))
    connection.close()


def _face(task):
    return {"number": f"决{task.pk}", "issued_on": "2026-01-05", "valid_until": None, "scope": ""}
