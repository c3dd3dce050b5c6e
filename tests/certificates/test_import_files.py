"""Files of held licences as a whole: which are read, and the one sentence for those that are not."""

import io
import json
import random
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime

import pytest

from certificates.importing import columns, conversion, giving_back, reading, sheets, texts
from certificates.importing.columns import Refused
from tests.certificates.importing import HEADINGS, csv_of, row, xlsx_of


def converted(content, kind="csv"):
    """(what is told, the lines) of a file."""
    output = io.BytesIO()
    told = conversion.convert(kind, io.BytesIO(content), output)
    return told, [json.loads(line) for line in output.getvalue().splitlines()]


def in_a_process(content, kind, tmp_path):
    (tmp_path / "file").write_bytes(content)
    with open(tmp_path / "file", "rb") as file, open(tmp_path / "rows", "wb") as rows:
        return reading._told(file, rows, kind, 60)


def edited(content, name, edit):
    """A workbook with one of its members changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, edit(old.read(member)) if member == name else old.read(member))
        if name not in old.namelist():
            new.writestr(name, edit(b""))
    return file.getvalue()


def sheet_edited(old, new):
    return edited(xlsx_of(row()), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(old, new))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_usual_encodings(encoding):
    told, lines = converted(csv_of(row(), encoding=encoding))
    assert (told["rows"], lines[0][0], lines[0][1]["所在区县"]) == (1, 2, "江城区")


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_a_csv_may_be_divided_by_other_marks(mark):
    text = "\r\n".join(mark.join(cells) for cells in (HEADINGS, row()))
    assert converted(text.encode())[0]["rows"] == 1


def test_headings_are_known_by_other_names_and_under_a_title():
    names = ["企业名称", " 统一 社会信用代码* ", "许可证编号", "发证日期（必填）", "有效期", "备注"]
    told, lines = converted(csv_of(["存量食品经营许可证"], names, [*row()[:5], "无"], headings=[]))
    assert told["fields"]["number"] == "许可证编号"
    assert told["unknown"] == ("备注",)
    assert lines[0][1]["备注"] == "无"


def test_rows_are_numbered_as_a_spreadsheet_does_and_empty_ones_left_out():
    _, lines = converted(csv_of(row(1, scope="两\n行"), ["", ""], row(2)))
    assert [line[0] for line in lines] == [2, 4]


def test_dates_and_numbers_of_a_sheet_become_texts():
    cells = row()
    cells[2:5] = [12345678, date(2024, 5, 6), datetime(2029, 5, 5, 8, 30)]
    _, lines = converted(xlsx_of(cells), "xlsx")
    assert [lines[0][1][name] for name in HEADINGS[2:5]] == ["12345678", "2024-05-06", "2029-05-05 08:30"]


def test_a_number_that_lost_its_digits_is_told_and_given_back_empty():
    cells = row()
    cells[2] = 440000123456789012
    _, lines = converted(xlsx_of(cells), "xlsx")
    assert (lines[0][1]["证照编号"], lines[0][2]["证照编号"]) == ("", sheets.LOST_DIGITS)


def test_an_error_value_is_told():
    cells = row()
    cells[5] = "#N/A"
    _, lines = converted(xlsx_of(cells), "xlsx")
    assert "错误值 #N/A" in lines[0][2]["许可范围"]


def test_doubled_numbers_know_each_other():
    told, _ = converted(csv_of(row(1, number="A1"), row(2), row(3, number="ａ 1"), row(4, number="A1")))
    assert told["doubled"] == {2: 4, 4: 2, 5: 2}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "表头"),
        ("只有文字".encode(), "表头"),
        (csv_of(), "没有要导入的行"),
        (csv_of(row(), headings=HEADINGS[:3] + HEADINGS[4:]), "缺少“发证日期”"),
        (csv_of(row(), headings=[*HEADINGS[:12], "证号"]), "“证照编号”有不止一栏"),
        (csv_of(row()).replace("阳江市好味道".encode(), b'"x"y', 1), "第 2 行"),
        (csv_of(row()) + b'"never closed', "引号不成对"),
        (csv_of(row(scope="长" * 50_000)), "太长"),
        ("名称".encode("utf-16"), "UTF-16"),
        (csv_of(row()) + b"\xff\xff", "编码"),
        (csv_of(row()) + b"\0", "不是文字"),
    ],
)
def test_a_csv_that_cannot_be_taken_is_refused_with_one_sentence(content, sentence):
    with pytest.raises(Refused, match=sentence):
        converted(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (xlsx_of(row(), row(2), change=lambda sheet: sheet.merge_cells("A2:A3")), "第 2 行有合并单元格（A2:A3）"),
        (xlsx_of(row(), change=lambda sheet: sheet.__setitem__("D2", "=TODAY()")), "第 2 行第 4 栏是公式"),
        (xlsx_of(headings=[]), "表头"),
        (xlsx_of(), "没有要导入的行"),
        (edited(xlsx_of(row()), "xl/vbaProject.bin", lambda _: b"x"), "宏"),
        (xlsx_of(row())[:-300], "损坏"),
        (sheet_edited(b"<sheetData>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><sheetData>"), "损坏"),
        (
            edited(xlsx_of(row()), "xl/worksheets/sheet1.xml", lambda xml: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml),
            "损坏",
        ),
        (sheet_edited(b'r="2"', b'r="99999999"'), "损坏"),
        (sheet_edited(b'r="A2"', b'r="ZZZ2"'), "离得太远"),
        (edited(xlsx_of(row()), "xl/styles.xml", lambda _: b"<"), "损坏"),
        (edited(xlsx_of(row()), "xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", b"<nothing ")), "没有工作表"),
    ],
)
def test_an_xlsx_that_cannot_be_taken_is_refused_with_one_sentence(content, sentence):
    with pytest.raises(Refused, match=sentence):
        converted(content, "xlsx")


def test_a_title_over_merged_cells_is_no_mistake():
    content = xlsx_of(HEADINGS, row(), headings=["食品经营许可证"], change=lambda sheet: sheet.merge_cells("A1:M1"))
    assert converted(content, "xlsx")[0]["rows"] == 1


def test_another_document_in_a_zip_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(Refused, match="不是 Excel"):
        converted(file.getvalue(), "xlsx")


def test_more_rows_than_may_be_are_refused(monkeypatch):
    monkeypatch.setattr(conversion, "MAX_ROWS", 2)
    assert converted(csv_of(row(1), row(2)))[0]["rows"] == 2
    with pytest.raises(Refused, match="最多 2 行"):
        converted(csv_of(row(1), row(2), row(3)))
    assert columns.MAX_ROWS == 100_000


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = edited(xlsx_of(row()), "xl/media/x.xml", lambda _: b" " * 60_000_000)
    assert len(bomb) < 1_000_000
    assert "解开以后太大" in in_a_process(bomb, "xlsx", tmp_path)["refused"]


def test_a_bomb_of_many_texts_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "_MOST_TEXTS", 1000)
    bomb = edited(xlsx_of(row()), "xl/sharedStrings.xml", lambda _: b"<sst>" + b"<si><t>x</t></si>" * 1001 + b"</sst>")
    with pytest.raises(Refused, match="太大"):
        converted(bomb, "xlsx")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_3000_rows_are_streamed_in_little_memory(kind, tmp_path):
    content = {"csv": csv_of, "xlsx": xlsx_of}[kind](*(row(serial) for serial in range(3000)))
    (tmp_path / "file").write_bytes(content)
    # In a process of its own, so that only this child is measured.
    measure = (
        "import subprocess, sys, resource\n"
        f"subprocess.run([sys.executable, '-m', 'certificates.importing.conversion', '{kind}'],"
        f" stdin=open('{tmp_path}/file', 'rb'), stdout=open('{tmp_path}/rows', 'wb'), check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    peak = subprocess.run([sys.executable, "-c", measure], capture_output=True, check=True).stdout
    assert int(peak) < 100 * 1024
    assert (tmp_path / "rows").read_bytes().count(b"\n") == 3000


def test_files_of_random_damage_are_read_or_refused():
    chance = random.Random(5)
    for kind, whole in (("csv", csv_of(row(), row(2))), ("xlsx", xlsx_of(row(), row(2)))):
        for _ in range(150):
            content = bytearray(whole)
            for _ in range(chance.randint(1, 8)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            with suppress(Refused):
                converted(bytes(content), kind)


def test_sheets_of_random_damage_are_read_or_refused():
    chance, whole = random.Random(6), xlsx_of(row(), row(2))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/")]
    for _ in range(150):

        def damage(xml):
            place = chance.randrange(len(xml))
            return xml[:place] + chance.choice([b"<", b'"', b"9", b"-", b"", b"A1"]) + xml[place + 1 :]

        with suppress(Refused):
            converted(edited(whole, chance.choice(names), damage), "xlsx")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_of_endless_text_is_refused(kind):
    """A text is shared by all cells of a sheet: a small file would be hundreds of megabytes of rows."""
    headings = [*HEADINGS, *(f"备注{place}" for place in range(30))]
    content = {"csv": csv_of, "xlsx": xlsx_of}[kind](row(), [*row(2), *["长" * 20_000] * 30], headings=headings)
    with pytest.raises(Refused, match="第 3 行的文字太多"):
        converted(content, kind)


def test_a_csv_of_endless_columns_is_refused_and_empty_ones_are_none():
    assert converted(csv_of(row() + [""] * 5000))[0]["rows"] == 1
    headings = [*HEADINGS, *map(str, range(5000))]
    with pytest.raises(Refused, match="第 1 行的栏太多"):
        converted(csv_of(row(), headings=headings))


@pytest.mark.parametrize("text", [*(f"{mark}1+1" for mark in "=+-@＝＋－＠"), "甲;=1+1", "甲\n=1+1"])
def test_no_text_of_a_csv_is_worked_out_by_a_spreadsheet(text):
    with giving_back._csv(["备注", "错误"], [[text, "乙"]]) as file:
        content = file.read()
        assert [cells for _, cells in texts.rows(file)][1] == [text, "乙"]
    written = content.decode("utf-8-sig").partition("\r\n")[2]
    assert written.startswith(f"\"'{text}" if text[0] != "甲" else f'"{text}"')
