"""Reading a csv file that a stranger sent, row by row in bounded memory. Free of Django."""

import codecs
import csv
import io

from certificates.importing.columns import Refused
from exchange.spreadsheets import FORMULA_MARKS

_STEP = 256 * 1024
_LONGEST_CELL = 40_000
MAX_COLUMNS, _LONGEST_ROW = 200, 40_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_ANOTHER = "请用表格软件另存为“CSV UTF-8（逗号分隔）”或者 .xlsx 再传"


def rows(file):
    """Yield (row number, [text]) of each row, empty ones too. file: binary, seekable. Raises Refused."""
    encoding = _encoding(file)
    file.seek(0)
    with io.TextIOWrapper(file, encoding, newline="") as text:
        first = text.readline(_LONGEST_CELL)
        text.seek(0)
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(text, delimiter=max(",\t;", key=first.count), strict=True)
        yield from _read(reader)


def bounded(number, cells):
    """Return the cells of a row without empty ones at its end. Raises Refused for a row that is too large.

    A small file may hold one long text in all its cells, and rows are worked on hundreds at a time.
    """
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise Refused(f"第 {number} 行的栏太多或者离得太远，请只留要填的栏，另存为 .xlsx 再传")
    if sum(map(len, cells)) > _LONGEST_ROW:
        raise Refused(f"第 {number} 行的文字太多，请只留要填的栏，检查后再传")
    return cells


def _read(reader):
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, bounded(number, [_text(cell) for cell in cells])
    except csv.Error as error:
        if "field larger" in str(error):
            raise Refused(f"第 {number + 1} 行有一格太长，多半是前面的引号没有成对，请检查后再传") from None
        raise Refused(
            f"第 {number + 1} 行（文件的第 {reader.line_num} 行文字前后）引号不成对，请检查这一行，或者{_ANOTHER}"
        ) from None


def _text(cell):
    cell = cell.strip()
    # The ways in which programs keep spreadsheets from making a number or a formula of a text.
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_MARKS else cell


def _encoding(file):
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise Refused(f"这个文件是 UTF-16 编码，{_ANOTHER}")
    for encoding in _ENCODINGS:
        if _decodes(file, encoding):
            return encoding
    raise Refused(f"这个文件的文字编码认不出来（应当是 UTF-8 或者 GB18030），{_ANOTHER}")


def _decodes(file, encoding):
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_STEP):
            if b"\0" in chunk:
                raise Refused(f"这不是表格文件，里面有不是文字的内容，{_ANOTHER}")
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True
