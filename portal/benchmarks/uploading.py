"""Thirty people hand in 20 MiB each at once: what the web processes take of the memory, and what others notice."""

import http.client
import multiprocessing
import secrets
import threading
import time
from pathlib import Path

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from licensing import papers
from licensing.models import FileState, StoredFile
from licensing.plan import plan_for
from portal.benchmarks.figures import percentile, shown
from portal.benchmarks.filing import draft, open_offices
from portal.benchmarks.processes import web, worker

UPLOADS, SIZE = 30, 20 * 1024 * 1024
_BLOCK = secrets.token_bytes(1024 * 1024)
_CALM = 5  # seconds
_GOAL = 150  # MiB more for a process


def measure():
    call_command("collectstatic", verbosity=0, interactive=False)
    district = open_offices()
    posts = [_post(*draft(4, district, f"upload-{serial}")) for serial in range(UPLOADS)]
    with web("granian") as port, worker():
        _page_times(port, lambda: False, _CALM)  # warms the processes up
        calm, before = _page_times(port, lambda: False, _CALM), _memory(port)
        busy, peak, took, statuses = _during(port, posts)
        yield f"{UPLOADS} uploads of {SIZE // 1024 // 1024} MiB at once, all answered", shown(took)
        yield "answers", ", ".join(f"{statuses.count(status)} × {status}" for status in sorted(set(statuses)))
        for pid in before:
            grown = f"{(peak[pid] - before[pid]) / 1024:+.0f} MiB   (goal +{_GOAL})"
            yield f"web process {pid}: {before[pid] / 1024:.0f} MiB before", f"peak {grown}"
        ratio = percentile(busy, 0.95) / percentile(calm, 0.95)
        yield "another page, p95 before", shown(percentile(calm, 0.95))
        yield "another page, p95 meanwhile", f"{shown(percentile(busy, 0.95))}   {ratio:.1f} times   (goal 2)"
        yield "until all are checked", shown(_until_checked())


def _during(port, posts):
    """Upload from another process; return (times of another page, {pid: peak KiB}, seconds, statuses)."""
    context, peak = multiprocessing.get_context("fork"), dict.fromkeys(_memory(port), 0)
    answers = context.Queue()
    uploading = context.Process(target=_upload_all, args=(port, posts, answers))
    begun = time.perf_counter()
    uploading.start()

    def done():
        for pid, now in _memory(port).items():
            peak[pid] = max(peak.get(pid, 0), now)
        return not answers.empty()

    busy = _page_times(port, done)
    took, statuses = time.perf_counter() - begun, answers.get()
    uploading.join()
    return busy, peak, took, statuses


def _upload_all(port, posts, answers):
    statuses = []
    threads = [threading.Thread(target=lambda post=post: statuses.append(_upload(port, *post))) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(statuses)


def _post(application, user):
    """(address, headers, parts before and after the bytes) of a browser's post of one file for a paper."""
    plan = plan_for(application)
    paper = next(paper for paper in papers.ways(application, plan) if paper.uploaded)
    browser, token, boundary = Client(), secrets.token_hex(16), secrets.token_hex(8)
    browser.force_login(user)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    headers = {
        "Cookie": f"sessionid={browser.cookies['sessionid'].value}; csrftoken={token}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }
    address = reverse("licensing:paper-upload", args=[application.public_id, paper.code])
    return address, headers, head.encode(), f"\r\n--{boundary}--\r\n".encode()


def _upload(port, address, headers, head, tail):
    chunks = [head, *_pdf(), tail]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("POST", address, iter(chunks), headers | {"Content-Length": str(sum(map(len, chunks)))})
        return connection.getresponse().status
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


def _pdf():
    """A real PDF of nearly SIZE with bytes of its own, in pieces that all share one block of memory."""
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n",
    ]
    start, places = b"%PDF-1.7\n", []
    for each in objects:
        places.append(len(start))
        start += each
    places.append(len(start))
    blocks, own = SIZE // len(_BLOCK) - 1, secrets.token_bytes(32)
    length = blocks * len(_BLOCK) + len(own)
    start += b"4 0 obj<</Length %d>>stream\n" % length
    end = b"\nendstream endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>\n"
    tail = end + table + b"startxref\n%d\n%%%%EOF\n" % (len(start) + length + len(end))
    return [start, own, *[_BLOCK] * blocks, tail]


def _page_times(port, done, seconds=600):
    """Seconds of each answer of a page that another person reads, until done() or that long."""
    times, path, last = [], reverse("guidance:themes"), time.monotonic() + seconds
    while not done() and time.monotonic() < last:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", path)
        if connection.getresponse().status != 200:
            raise RuntimeError(f"{path} was not answered")
        connection.close()
        times.append(time.perf_counter() - begun)
    return times


def _memory(port):
    """{pid: resident KiB} of the web server's processes, found by their port."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"granian" in words and str(port).encode() in words:
                lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
                found[int(process.name)] = int(lines["VmRSS"].split()[0])
        except (OSError, KeyError):
            continue  # ended meanwhile
    return found


def _until_checked():
    begun = time.perf_counter()
    while StoredFile.objects.filter(state=FileState.CHECKING).exists() and time.perf_counter() - begun < 300:
        time.sleep(0.2)
    return time.perf_counter() - begun
