"""Reading the first sheet of an xlsx file that a stranger sent, row by row in bounded memory. Free of Django.

openpyxl reads 100,000 rows four times as slowly as expat does, and tells of merged cells only to who holds the whole
sheet; so the sheet and its texts are read here, and openpyxl is asked what its number formats and dates mean.
"""

import re
import zipfile
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from xml.parsers import expat

from defusedxml import ElementTree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from certificates.importing.columns import Refused
from certificates.importing.texts import MAX_COLUMNS, bounded

_MAX_MEMBERS = 500
_MEBI = 1024 * 1024
# 100,000 rows of thirteen columns are 90 MiB of sheet and 40 MiB of texts; a bomb says it is more, or lies and is cut.
_MAX_SHEET, _MAX_TEXTS, _MAX_OTHER, _MAX_ALL = 320 * _MEBI, 160 * _MEBI, 8 * _MEBI, 512 * _MEBI
_MOST_TEXTS = 2_000_000
_LAST_ROW, _LONGEST_CELL = 1_048_576, 40_000
# A spreadsheet keeps 15 digits of a number, so a longer one has lost its end.
_EXACT_DIGITS = 15
_STEP = 256 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINKS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DAMAGED = "这个文件打不开，可能已损坏，请用表格软件另存为 .xlsx 再传"
_TOO_LARGE = "这个文件解开以后太大，请只留这一张表和要填的行，另存为 .xlsx 再传"
LOST_DIGITS = "是数字格式，超过 15 位的数字后几位已经丢失，请先把这一列设成“文本”格式，再重新填写"


class Wrong(str):
    """A cell that has no text to take: the sentence that says why."""


def rows(file, heading_at):
    """Yield (row number, [text or Wrong]) of each row that the sheet has. Raises Refused.

    heading_at: a list that takes the heading's row number, once it is found. Which cells are merged stands behind
    all rows, so what was yielded counts only when the last row has been.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            yield from _rows(archive, heading_at)
    except (Refused, MemoryError, GeneratorExit):
        raise
    # A decoder fed with hostile bytes may raise anything.
    except Exception:
        raise Refused(_DAMAGED) from None


def _rows(archive, heading_at):
    names = _check(archive)
    book = _xml(archive, names["xl/workbook.xml"])
    sheet = _first_sheet(archive, names, book)
    styles, texts = names.get("xl/styles.xml"), names.get("xl/sharedstrings.xml")
    dates = _Dates(_date_styles(_xml(archive, styles)) if styles else set(), _epoch(book))
    yield from _Sheet(_texts(archive, texts) if texts else [], dates, heading_at).read(archive, sheet)


def _check(archive):
    """Return {lower-case name: name} of an archive that is a workbook no larger than it may be."""
    members = archive.infolist()
    names = {member.filename.lower().lstrip("/"): member.filename for member in members}
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise Refused("文件里带有宏，不能收，请另存为不带宏的 .xlsx 再传")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("文件加了密码，请去掉密码再传")
    if "xl/workbook.xml" not in names:
        raise Refused("这不是 Excel 表格文件，请用表格软件另存为 .xlsx 再传")
    if len(members) > _MAX_MEMBERS or len(names) < len(members):
        raise Refused(_TOO_LARGE)
    for member in members:
        name = member.filename.lower().lstrip("/")
        most = _MAX_SHEET if name.startswith("xl/worksheets/") else _MAX_OTHER
        if member.file_size > (_MAX_TEXTS if name == "xl/sharedstrings.xml" else most):
            raise Refused(_TOO_LARGE)
    if sum(member.file_size for member in members) > _MAX_ALL:
        raise Refused(_TOO_LARGE)
    return names


def _xml(archive, name):
    return ElementTree.fromstring(archive.read(name), forbid_dtd=True)


def _first_sheet(archive, names, book):
    sheets = [each for each in book.iter() if each.tag in (f"{_MAIN}sheet", f"{_STRICT}sheet")]
    seen = [each for each in sheets if each.get("state", "visible") == "visible"]
    if not seen:
        raise Refused("文件里没有工作表，请检查后再传")
    link = next(seen[0].get(name) for name in _LINKS if seen[0].get(name))
    targets = {each.get("Id"): each.get("Target") for each in _xml(archive, names["xl/_rels/workbook.xml.rels"])}
    target = targets[link]
    path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    # What the manifest calls the first sheet: only a member that was measured as a sheet.
    if not path.lower().startswith("xl/worksheets/"):
        raise Refused(_DAMAGED)
    return names[path.lower()]


def _epoch(book):
    marked = [each.get("date1904") for each in book.iter() if each.tag.endswith("}workbookPr")]
    return CALENDAR_MAC_1904 if marked and marked[0] in ("1", "true") else CALENDAR_WINDOWS_1900


def _date_styles(styles):
    """The numbers of the cell styles that show a number as a date."""
    own = {int(each.get("numFmtId")): each.get("formatCode", "") for each in styles.iter() if _is(each, "numFmt")}
    kinds = next((list(each) for each in styles.iter() if _is(each, "cellXfs")), [])
    formats = [int(each.get("numFmtId", 0)) for each in kinds]
    return {place for place, code in enumerate(formats) if is_date_format(own.get(code, BUILTIN_FORMATS.get(code)))}


def _is(element, name):
    return element.tag in (f"{_MAIN}{name}", f"{_STRICT}{name}")


def _texts(archive, name):
    """The shared texts, in their order; what is read beside them (phonetic guides) is no text."""
    found, parts, inside = [], [], [False, False]

    def start(tag, _):
        if tag == "rPh":
            inside[1] = True
        inside[0] = tag == "t" and not inside[1]

    def end(tag):
        if tag == "si":
            found.append("".join(parts).strip())
            parts.clear()
            if len(found) > _MOST_TEXTS:
                raise Refused(_TOO_LARGE)
        elif tag == "rPh":
            inside[1] = False
        inside[0] = False

    def text(data):
        if inside[0]:
            parts.append(data)

    for _ in _parse(archive, name, start, end, text):
        pass
    return found


def _parse(archive, name, start, end, text):
    """Feed a member to expat, yielding after each piece. No document type, so no entity that unfolds."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = text
    with archive.open(name) as member:
        while chunk := member.read(_STEP):
            parser.Parse(chunk, False)
            yield
    parser.Parse(b"", True)
    yield


def _no_doctype(*_):
    raise Refused(_DAMAGED)


class _Dates(NamedTuple):
    styles: set
    epoch: datetime

    def text(self, number):
        try:
            day = from_excel(float(number), self.epoch)
        except (ValueError, OverflowError):
            return Wrong("不是表格里能有的日期，请改成正确的日期")
        if not isinstance(day, datetime):
            return str(day)
        return day.date().isoformat() if day.time() == time.min else day.isoformat(" ", "minutes")


class _Sheet:
    """One pass over a sheet. expat calls; what is ready is handed out after each piece."""

    def __init__(self, texts, dates, heading_at):
        self._texts, self._dates, self._heading_at = texts, dates, heading_at
        self._ready, self._cells, self._merged = [], [], []
        self._number = self._column = 0
        self._kind, self._style, self._parts = "n", 0, []
        self._taking = self._phonetic = False

    def read(self, archive, name):
        for _ in _parse(archive, name, self._start, self._end, self._text):
            yield from self._ready
            self._ready.clear()
        # Only now it is known where the heading was.
        for reference in self._merged:
            self._check_merged(reference)

    def _start(self, tag, attributes):
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._taking = not self._phonetic
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "f":
            raise Refused(f"{self._where()}是公式，不能导入；请选中整张表复制，再“选择性粘贴－数值”，另存以后再传")
        elif tag == "mergeCell":
            self._merged.append(attributes.get("ref", ""))
        elif tag == "rPh":
            self._phonetic = True

    def _end(self, tag):
        if tag in ("v", "t"):
            self._taking = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._ready.append((self._number, bounded(self._number, self._cells)))
        elif tag == "rPh":
            self._phonetic = False

    def _text(self, data):
        if self._taking:
            self._parts.append(data)

    def _begin_row(self, attributes):
        number = int(attributes.get("r") or self._number + 1)
        if number <= self._number or number > _LAST_ROW:
            raise Refused(_DAMAGED)
        self._number, self._column, self._cells = number, 0, []

    def _begin_cell(self, attributes):
        if reference := attributes.get("r"):
            self._column = _column(_REFERENCE.fullmatch(reference)[1])
        else:
            self._column += 1
        if self._column > MAX_COLUMNS:
            raise Refused(f"第 {self._number} 行的栏太多或者离得太远，请只留要填的栏，另存为 .xlsx 再传")
        self._kind, self._style, self._parts = attributes.get("t", "n"), int(attributes.get("s") or 0), []

    def _end_cell(self):
        text = self._value("".join(self._parts)) if self._parts else ""
        if len(text) > _LONGEST_CELL:
            raise Refused(f"{self._where()}的文字太长，请检查后再传")
        if text:
            self._cells += [""] * (self._column - len(self._cells))
            self._cells[self._column - 1] = text

    def _value(self, text):
        if self._kind == "s":
            return self._texts[int(text)]
        if self._kind == "n":
            return self._measured(text)
        if self._kind == "e":
            return Wrong(f"是错误值 {text[:20]}，请改成正确的内容")
        if self._kind == "b":
            return "是" if text == "1" else "否"
        return text.strip()

    def _measured(self, text):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text.strip()
        if self._style in self._dates.styles:
            return self._dates.text(number)
        # An exponent may say a million digits.
        if abs(number.adjusted()) > 50:
            return Wrong("是看不懂的数字，请改成正确的内容")
        whole = f"{number:f}"
        if len(whole.lstrip("-").partition(".")[0]) > _EXACT_DIGITS:
            return Wrong(LOST_DIGITS)
        return whole.rstrip("0").rstrip(".") if "." in whole else whole

    def _check_merged(self, reference):
        corners, heading = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")], self._heading_at
        if heading and all(corners) and int(corners[-1][2]) > heading[0]:
            row = max(int(corners[0][2]), heading[0] + 1)
            raise Refused(f"第 {row} 行有合并单元格（{reference}），看不出哪一格是哪一行的，请取消合并、每行填全再传")

    def _where(self):
        return f"第 {self._number} 行第 {self._column} 栏"


def _column(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
