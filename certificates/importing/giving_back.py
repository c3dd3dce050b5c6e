"""Files for the officer: the template to fill, and the rows with errors to mend and upload again."""

import csv
import io
import zipfile
from tempfile import SpooledTemporaryFile
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from certificates.importing.columns import COLUMNS, ERRORS
from certificates.models import Outcome
from exchange.spreadsheets import harmless

_IN_MEMORY = 4 * 1024 * 1024
_AT_ONCE = 2000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (("workbook", "sheet.main"), ("styles", "styles"), ("worksheets/sheet1", "worksheet"))
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="存量证照" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is text, so that numbers keep all their digits; style 2 the same in bold.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font>'
    '<font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def template():
    """A binary file: the headings, and under them nothing."""
    names = [column.heading for column in COLUMNS]
    return _xlsx([[name, max(16, 2 * len(name) + 6)] for name in names], [])


def errors(batch, kind):
    """A binary file of the rows with errors: columns and texts of the upload, and what is wrong. kind: xlsx or csv."""
    names = [name for name in batch.columns["names"] if name != ERRORS]
    rows = _wrong_rows(batch, names)
    if kind == "csv":
        return _csv([*names, ERRORS], rows)
    return _xlsx([*([name, 20] for name in names), [ERRORS, 80]], rows)


def sentence_of(problems):
    """{name of the column: sentence} as one text."""
    return "；".join(f"{name}：{sentence}" if name else sentence for name, sentence in problems.items())


def _wrong_rows(batch, names):
    bad = batch.rows.filter(outcome=Outcome.BAD).order_by("number")
    for row in bad.iterator(_AT_ONCE):
        yield [*(row.cells.get(name, "") for name in names), f"第 {row.number} 行：{sentence_of(row.problems)}"]


def _csv(names, rows):
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    # In quotes, so that where another mark divides cells none begins in the middle of a text.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(harmless, names))
    writer.writerows(map(harmless, row) for row in rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _xlsx(columns, rows):
    """columns: [[heading, width]]. Written here row by row: openpyxl takes 20 s for 100,000 of them, this 4 s."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for piece in _sheet(columns, rows):
                sheet.write(piece.encode())
    file.seek(0)
    return file


def _sheet(columns, rows):
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><cols>'
    for place, (_name, width) in enumerate(columns, start=1):
        yield f'<col min="{place}" max="{place}" width="{width}" style="1" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row([name for name, _width in columns], 2)
    for row in rows:
        yield _row(row, 1)
    yield "</sheetData></worksheet>"


def _row(texts, style):
    shown = (escape(ILLEGAL_CHARACTERS_RE.sub("", text)) for text in texts)
    cells = (f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' for text in shown)
    return f"<row>{''.join(cells)}</row>"
