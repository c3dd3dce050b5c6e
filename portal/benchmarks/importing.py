"""Importing 100,000 held licences from a spreadsheet: rows a second, and what it takes of the memory."""

import csv
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates.importing import giving_back, running, starting
from certificates.importing.columns import COLUMNS
from certificates.models import ImportState, Licence, LicenceImport
from guidance.models import Post
from licensing import identifiers
from portal.benchmarks.figures import shown
from portal.benchmarks.filing import open_offices
from portal.models import User

ROWS = 100_000
_ITEM, _NAME = "food-operation", "食品经营许可证"


def measure():
    district = open_offices()
    office = district.offices.get(department__name="市场监督管理局")
    officer = User.objects.create(username="importing")
    Post.objects.create(user=officer, office=office)
    for place, kind in enumerate(("csv", "xlsx")):
        content = _file(kind, place * ROWS)
        batch = starting.begin(officer, office, _ITEM, _NAME, SimpleUploadedFile("held", content), kind, f"held.{kind}")
        yield f"{ROWS} rows of {kind}, {len(content) / 1024 / 1024:.0f} MiB", ""
        yield "  unpacking it: peak memory of the process that does", f"{_peak_of_reading(kind, content)} MiB"
        yield from _steps(batch, officer)
        again = starting.begin(officer, office, _ITEM, _NAME, SimpleUploadedFile("held", content), kind, "again")
        yield "  the same file again: reading and checking", _through(again)[0]
        again.refresh_from_db()
        if again.rows_same != ROWS:
            raise RuntimeError(f"{again.rows_same} of {ROWS} rows were found to be the same")
        starting.give_up(again, officer)


def run(pk):
    """Work on an import until a person is asked; print what that took: in a process of its own, called by _through."""
    runs = 0
    while LicenceImport.objects.at_work().filter(pk=pk).exists():
        running.work(pk, running.PATIENTLY)
        runs += 1
    # Not getrusage: its peak is that of the process this one was forked from.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    seconds = sum(os.times()[:4])
    print(json.dumps({"runs": runs, "peak": int(peak.split()[1]) // 1024, "processor": seconds}))


def _steps(batch, officer):
    for label, state in (("reading and checking", ImportState.CHECKED), ("importing", ImportState.DONE)):
        if state == ImportState.DONE:
            starting.decide(batch, officer)
        figure, told = _through(batch)
        batch.refresh_from_db()
        if batch.state != state or Licence.objects.filter(imported_in=batch).count() != batch.rows_imported:
            raise RuntimeError(f"the import is {batch.state}, not {state}: {batch.problem}")
        yield f"  {label}", figure
        yield f"  {label}: runs of a worker, its peak memory", f"{told['runs']}, {told['peak']} MiB"


def _through(batch):
    """Have it worked on by a fresh process: (figure, what run() printed)."""
    code = f"import django; django.setup(); from portal.benchmarks.importing import run; run({batch.pk})"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, check=True
    )
    seconds, told = time.perf_counter() - begun, json.loads(done.stdout)
    return f"{ROWS / seconds:,.0f} rows/s   {shown(seconds)}, {shown(told['processor'])} of the processor here", told


def _peak_of_reading(kind, content):
    """The peak MiB of the process that unpacks the file, started by one as small as can be: a fork inherits it."""
    code = (
        "import resource, subprocess, sys\n"
        "command = [sys.executable, '-m', 'certificates.importing.conversion', sys.argv[1]]\n"
        "subprocess.run(command, stdin=open(sys.argv[2], 'rb'), stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        command = [sys.executable, "-c", code, kind, file.name]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True)
    return int(done.stdout) // 1024


def _file(kind, first):
    rows = [_row(serial) for serial in range(first, first + ROWS)]
    headings = [column.heading for column in COLUMNS]
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([headings, *rows])
        return text.getvalue().encode("utf-8-sig")
    # As spreadsheet programs write it, with the texts apart: they are kept in memory while it is read.
    texts = {text: place for place, text in enumerate(dict.fromkeys(t for row in [headings, *rows] for t in row))}
    sheet = "".join(
        "<row>" + "".join(f'<c t="s"><v>{texts[text]}</v></c>' for text in row) + "</row>" for row in [headings, *rows]
    )
    with giving_back.template() as template, zipfile.ZipFile(template) as old:
        parts = {name: old.read(name) for name in old.namelist() if "sheet1" not in name}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{shared}</sst>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def _row(serial):
    """A shop's licence; two of three enterprises have one shop, the third has three."""
    holder = serial - serial % 4 if serial % 4 > 1 else serial
    return [
        f"阳江市好味道餐饮管理有限公司{holder}",
        _uscc(holder),
        f"旧食证{serial:08d}",
        "2023-03-01",
        "2028-02-29",
        "热食类食品制售；冷食类食品制售；自制饮品制售",
        f"第{serial % 4 + 1}分店",
        f"阳江市江城区漠江路{serial}号",
        "江城区",
        "",
        "",
        "",
        "",
    ]


def _uscc(serial):
    body = f"{30_000_000 + serial:08d}"
    code = f"91441702{body}{identifiers.organisation_check_character(body)}"
    return code + identifiers.uscc_check_character(code)
