"""Texts in a spreadsheet stay texts: no number loses its digits, and no words of a stranger become a formula. Pure."""

import csv
import io

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What makes a formula of a text, in Chinese spreadsheets full width too; a tab or return before it is overlooked.
FORMULA_MARKS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_WIDEST = 60


def harmless(text):
    """A text for a csv file. A spreadsheet would take it for a formula; one apostrophe keeps it from that."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def write(cell, text):
    """Write a text into a cell of openpyxl's as nothing but a text, even "=1+1"."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"


def csv_of(headings, rows):
    """Return the bytes of a csv file with the mark by which spreadsheets know UTF-8. rows: of texts."""
    text = io.StringIO(newline="")
    # In quotes, so that where another mark divides cells none begins in the middle of a text.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(harmless, headings))
    writer.writerows(map(harmless, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(title, headings, rows):
    """Return the bytes of an xlsx file of one sheet. title: at most 31 characters; rows: of texts."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = title, "A2"
    for number, texts in enumerate([headings, *rows], start=1):
        for place, text in enumerate(texts, start=1):
            cell = sheet.cell(number, place)
            write(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, texts in enumerate(zip(headings, *rows, strict=True), start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = min(2 * max(map(len, texts)) + 2, _WIDEST)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
