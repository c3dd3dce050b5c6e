"""What the tests of the import of held licences upload, and how it is brought to its end."""

import csv
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from certificates.importing import running, starting
from certificates.importing.columns import COLUMNS
from certificates.models import LicenceImport
from tests.factories import uscc_of

HEADINGS = [column.heading for column in COLUMNS]
FIELDS = [column.field for column in COLUMNS]


def row(serial=1, **values):
    """A row of the template without errors; values: by field."""
    usual = {
        "holder": f"阳江市好味道餐饮有限公司{serial}",
        "uscc": uscc_of(40_000_000 + serial),
        "number": f"旧证{serial:06d}",
        "issued_on": "2024-05-06",
        "valid_until": "2029-05-05",
        "scope": "热食类食品制售",
        "premises": "漠江路店",
        "address": f"阳江市江城区漠江路{serial}号",
        "division": "江城区",
    }
    return [(usual | values).get(field, "") for field in FIELDS]


def csv_of(*rows, headings=HEADINGS, encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def xlsx_of(*rows, headings=HEADINGS, change=None):
    """The bytes of a workbook; change(sheet) before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    for each in [headings, *rows]:
        sheet.append(each)
    if change:
        change(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def uploaded(officer, office, content, kind="csv", item_code="food-operation"):
    """An import that waits to be read."""
    upload = SimpleUploadedFile(f"存量.{kind}", content)
    return starting.begin(officer, office, item_code, "食品经营许可证", upload, kind, f"存量.{kind}")


def read(*arguments, **options):
    """The same, read and checked."""
    batch = uploaded(*arguments, **options)
    run_to_the_end(batch.pk)
    batch.refresh_from_db()
    return batch


def imported(officer, batch):
    starting.decide(batch, officer)
    run_to_the_end(batch.pk)
    batch.refresh_from_db()
    return batch


def run_to_the_end(import_id):
    """All that is left to do before a person is asked, now and here."""
    while LicenceImport.objects.at_work().filter(pk=import_id).exists():
        running.work(import_id, running.PATIENTLY)
