"""Reading an xlsx file that a stranger sent: its first sheet as texts, or one sentence saying why not.

Such a file is a zip of XML. What it says it unpacks to is checked before anything unpacks it (zipfile reads no more of
a member than is declared for it), the XML is read by defusedxml's parsers, and rows are counted while they are read.
"""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from licensing.forms.rows import BadCell

MAX_SIZE = 5 * 1024 * 1024
_MAX_MEMBERS = 500
# A sheet of 2,000 rows and ten columns is 2 MB; shared texts and styles are kept in memory as objects.
_MAX_SHEET, _MAX_OTHER, _MAX_ALL = 16 * 1024 * 1024, 4 * 1024 * 1024, 32 * 1024 * 1024
# Beyond it no spreadsheet has rows; so many columns no table of ours.
_LAST_ROW, _MAX_COLUMNS = 1_048_576, 500
# A spreadsheet keeps 15 digits of a number, so a longer one has lost its end: identity numbers typed as numbers.
_EXACT_DIGITS = 15
# Neither looks past the next "<": each letter is read once, however many beginnings a hostile sheet repeats.
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_DAMAGED = "这个文件打不开，可能已损坏，请用表格软件另存为 .xlsx 再传"


class Unreadable(ValueError):
    """The message is a sentence for the person."""


def read(file, most):
    """Return ([(row number, [text or BadCell])] without empty rows, last merged row of each merged range).

    file: an open binary file. most: rows read at most, one more says that there are more. Raises Unreadable.
    """
    try:
        return _read(file, most)
    except Unreadable:
        raise
    # A decoder fed with hostile bytes may raise anything.
    except Exception:
        raise Unreadable(_DAMAGED) from None


def _read(file, most):
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("这是旧版 Excel（.xls）或者加了密码的文件，请去掉密码，另存为 .xlsx 再传")
    if not head.startswith(b"PK\x03\x04"):
        raise Unreadable("这不是 Excel 文件，请上传 .xlsx 文件，或者把内容复制后粘贴到上面的框里")
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        _check(archive)
    file.seek(0)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Unreadable("文件里没有工作表，请检查后再传")
    place = book.worksheets.index(sheets[0])
    with zipfile.ZipFile(file) as archive:
        content = archive.read(sheets[0]._worksheet_path)
    formulas = _formulas(file, place, most) if _FORMULA.search(content) else set()
    return _rows(sheets[0], most, formulas), [int(match[3]) for match in _MERGED.findall(content)]


def _check(archive):
    members = archive.infolist()
    names = {member.filename.lower() for member in members}
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise Unreadable("文件里带有宏，不能收，请另存为不带宏的 .xlsx 再传")
    if "xl/workbook.xml" not in names:
        raise Unreadable("这不是 Excel 表格文件，请用表格软件另存为 .xlsx 再传")
    too_large = Unreadable("这个文件解开以后太大，请只留这一张表和要填的行，另存为 .xlsx 再传")
    if len(members) > _MAX_MEMBERS or len(names) < len(members):
        raise too_large
    # All of them, whatever their names end with: the manifest may call any member a sheet or its texts.
    for member in members:
        if member.flag_bits & 1:
            raise Unreadable("文件加了密码，请去掉密码再传")
        sheet = member.filename.lower().startswith("xl/worksheets/")
        if member.file_size > (_MAX_SHEET if sheet else _MAX_OTHER):
            raise too_large
    if sum(member.file_size for member in members) > _MAX_ALL:
        raise too_large


def _rows(sheet, most, formulas):
    rows = []
    for number, row in _walk(sheet):
        cells = [_text(cell, (number, column) in formulas) for column, cell in enumerate(row)]
        if any(cells):
            rows.append((number, cells))
        if len(rows) > most:
            break
    return rows


def _formulas(file, place, most):
    """{(row number, column from 0)} of the cells that hold a formula."""
    file.seek(0)
    found, filled = set(), 0
    for number, row in _walk(openpyxl.load_workbook(file, read_only=True, keep_links=False).worksheets[place]):
        found |= {(number, column) for column, cell in enumerate(row) if cell.data_type == "f"}
        filled += any(cell.value is not None for cell in row)
        if filled > most:
            break
    return found


def _walk(sheet):
    """(row number, its cells) of the rows that the file has. It may skip to any row, and say it has a million."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > _LAST_ROW or len(row) > _MAX_COLUMNS:
            raise Unreadable(f"第 {number} 行起的内容太多或者离得太远，请只留要填的行和栏，另存为 .xlsx 再传")
        if row:
            yield number, row


def _text(cell, is_formula):
    value = cell.value
    if value is None:
        return BadCell("是公式，文件里没有它的结果，请复制后“只粘贴数值”再传") if is_formula else ""
    if cell.data_type == "e":
        return BadCell(f"是错误值 {value}，请改成正确的内容")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value)
    return str(value).strip()


def _number(value):
    text = f"{Decimal(repr(value)):f}"
    text = text.removesuffix(".0")
    if len(text.lstrip("-").partition(".")[0]) > _EXACT_DIGITS:
        return BadCell("是数字格式，超过 15 位的数字后几位已经丢失，请先把这一列设成“文本”格式，再重新填写")
    return text
