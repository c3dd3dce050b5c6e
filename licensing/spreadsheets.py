"""A table of the form as a spreadsheet: what was pasted or uploaded becomes its rows, and its rows a file. Pure."""

import csv
import io
import re

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from exchange.spreadsheets import write
from licensing import workbooks
from licensing.forms.rows import BadCell
from licensing.forms.text import folded
from licensing.wording import heading_of
from licensing.workbooks import Unreadable

# Titles and remarks that people put above the column names.
_LINES_ABOVE = 5
_YES_OR_NO = dict.fromkeys(("是", "有", "对", "√", "yes", "y", "true", "1"), "yes") | dict.fromkeys(
    ("否", "无", "不", "×", "x", "no", "n", "false", "0"), "no"
)
_OPTIONS = "选项"


def read_text(text, columns, most):
    """Return ([(line number, {column code: text})], names of the columns not taken). Raises Unreadable.

    text: lines as a spreadsheet copies them, cells apart by tabs, or by commas. columns: the catalogue's Columns, in
    whose order the cells stand unless a line names them. most: rows that the table may have.
    """
    return _named(_split(text, columns), columns, most)


def read_xlsx(file, columns, most):
    """As read_text, of the first sheet of an xlsx file."""
    lines, merged = workbooks.read(file, most + _LINES_ABOVE + 1)
    rows, unknown = _named(lines, columns, most)
    if rows and any(last >= rows[0][0] for last in merged):
        raise Unreadable("要填的行里有合并单元格，看不出哪一格是哪一行的，请取消合并、每行填全再传")
    return rows, unknown


def workbook_of(element, rows):
    """Return the bytes of an xlsx file with the table's columns, its choices as lists, and these rows."""
    book = openpyxl.Workbook()
    sheet, options = book.active, book.create_sheet(_OPTIONS)
    sheet.title, options.sheet_state = "填写", "hidden"
    last = element.validation.get("max_rows", 200) + 1
    for place, column in enumerate(element.columns, start=1):
        _prepare(sheet, options, place, column, last)
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(element.columns, start=1):
            write(sheet.cell(number, place), _written(column, row.get(column.code)))
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _split(text, columns):
    if len(columns) > 1 and "\t" not in text and "," not in text:
        text = text.replace("，", ",")
    # A lone quotation mark (4" pipe) quotes nothing.
    quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    reader = csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ",", quoting=quoting)
    lines, number = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((number, [cell.strip() for cell in cells]))
            number = reader.line_num + 1
    except csv.Error:
        raise Unreadable(f"第 {number} 行看不懂，可能太长或者引号不成对，请检查后再粘贴") from None
    return lines


def _named(lines, columns, most):
    place, names = _heading(lines, columns)
    if names is None:
        names, unknown, body = [column.code for column in columns], [], lines
    else:
        unknown = [str(cell) for cell, code in zip(lines[place][1], names, strict=True) if cell and code is None]
        body = lines[place + 1 :]
        _check_heading(names, columns)
    if len(body) > most:
        raise Unreadable(f"最多 {most} 行，这里不止，请删去多余的行，或者分成几次办理")
    return [(number, _cells(number, cells, names, columns, heading=place)) for number, cells in body], unknown


def _heading(lines, columns):
    """(place, [column code or None for each cell]) of the line that names the columns, or (None, None)."""
    known = {}
    for column in columns:
        known |= dict.fromkeys(map(_plain, (column.code, column.label, heading_of(column))), column.code)
    for place, (_number, cells) in enumerate(lines[:_LINES_ABOVE]):
        names = [known.get(_plain(cell)) for cell in cells]
        filled = sum(map(bool, cells))
        # At least half of them, so that a person called as a column is no heading.
        if any(names) and 2 * sum(map(bool, names)) >= filled:
            return place, names
    return None, None


def _check_heading(names, columns):
    for column in columns:
        if names.count(column.code) > 1:
            raise Unreadable(f"“{column.label}”这一栏有两个，请删去一个")
        if column.required and column.code not in names:
            raise Unreadable(f"缺少“{column.label}”这一栏，请补上，或者按模板的栏目填")


def _cells(number, cells, names, columns, heading):
    if heading is None and any(cells[len(names) :]):
        raise Unreadable(
            f"第 {number} 行有 {len(cells)} 格，这张表只有 {len(names)} 栏，请检查，或者在第一行写上每一栏的名称"
        )
    kinds, taken = {column.code: column for column in columns}, {}
    for code, cell in zip(names, cells, strict=False):
        if code:
            taken[code] = cell if isinstance(cell, BadCell) else _value(kinds[code], cell)
    return taken


def _value(column, text):
    """What the form would post for this text: an option by its words, yes or no in any of the usual spellings."""
    if column.type == "boolean":
        return _YES_OR_NO.get(_plain(text), text)
    if column.type == "choice":
        return {_plain(option.label): option.value for option in column.choices}.get(_plain(text), text)
    return text


def _plain(text):
    return re.sub(r"[\s*]|\(必填\)|\(选填\)", "", folded(str(text))).casefold()


def _prepare(sheet, options, place, column, last):
    letter = get_column_letter(place)
    # Text from the start: identity numbers keep all their digits, and nothing typed is taken for a formula.
    sheet.column_dimensions[letter].number_format = "@"
    sheet.column_dimensions[letter].width = max(14, 2 * len(column.label) + 6)
    heading = sheet.cell(1, place)
    write(heading, heading_of(column) + ("" if column.required else "（选填）"))
    heading.font = Font(bold=True)
    labels = ["是", "否"] if column.type == "boolean" else [option.label for option in column.choices]
    if not labels:
        return
    for number, label in enumerate(labels, start=1):
        write(options.cell(number, place), label)
    rule = DataValidation(
        type="list", formula1=f"'{_OPTIONS}'!${letter}$1:${letter}${len(labels)}", allow_blank=not column.required
    )
    rule.error, rule.errorTitle, rule.showErrorMessage = "请从列出的选项里选", column.label[:30], True
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)


def _written(column, value):
    if value is None:
        return ""
    if column.type == "boolean":
        return "是" if value else "否"
    if column.type == "choice":
        return {option.value: option.label for option in column.choices}.get(value, value)
    return str(value)
