"""The officers' list over a whole city: the page as the server makes it, without network and browser."""

import statistics
import time

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from guidance.models import Office, Post
from portal.benchmarks.city import City
from portal.benchmarks.figures import percentile, shown
from portal.benchmarks.invariants import settle_down
from routing.models import ApprovalTask

TASKS, TASKS_EACH = 200_000, 3
_ROUNDS = 40
PAGES = {
    "the queue": "",
    "all tasks": "?state=all",
    "decided": "?state=decided",
    "search by name": "?state=all&q=商行12345",
    "overdue": "?lamp=红牌",
    "page 50": "?state=all&page=50",
}


def measure():
    if not ApprovalTask.objects.exists():
        City(TASKS_EACH).write(TASKS // TASKS_EACH + 1)
        settle_down()
    call_command("collectstatic", verbosity=0, interactive=False)
    yield "tasks", f"{ApprovalTask.objects.count():,}"
    for whose, user in people():
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        for page, query in PAGES.items():
            yield f"{whose}: {page}", figures(client, address() + query)


def address():
    return reverse("admin:routing_approvaltask_changelist")


def figures(client, page):
    """Queries, median and p95 of one page. Raises RuntimeError when it is not there."""
    queries = []
    with connection.execute_wrapper(lambda execute, *query: queries.append(query[0]) or execute(*query)):
        answer = client.get(page)
    if answer.status_code != 200:
        raise RuntimeError(f"{page} answers with {answer.status_code}")
    seconds = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        client.get(page)
        seconds.append(time.perf_counter() - begun)
    times = f"median {shown(statistics.median(seconds))}   p95 {shown(percentile(seconds, 0.95))}"
    return f"{len(queries)} queries   {times}"


def people():
    """The officer of the office with most tasks, and somebody with a post in every office."""
    busiest = max(Office.objects.all(), key=lambda office: office.tasks.count())
    yield f"one office, {busiest.tasks.count():,} tasks", busiest.posts.get().user
    everywhere = get_user_model().objects.create_user("bench-everywhere", name="测试", is_staff=True)
    Post.objects.bulk_create(Post(user=everywhere, office=office) for office in Office.objects.all())
    yield "all offices", everywhere
