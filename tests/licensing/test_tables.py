"""A table of the form pasted from a spreadsheet or uploaded as one: all of it or nothing, each wrong cell named."""

import io
import time
import zipfile
from datetime import datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guidance.schema import Catalogue
from licensing import spreadsheets
from licensing.fields import field_for
from licensing.forms.table import TableForm
from licensing.models import Application
from licensing.plan import plan_for
from tests.guidance.conftest import DOCUMENTS
from tests.licensing.drafting import FOUNDER, begun
from tests.licensing.reading import Page, Person

CATALOGUE = Catalogue.from_data(DOCUMENTS)
INSURED, VEHICLES = CATALOGUE.elements["insured_list"], CATALOGUE.elements["vehicles"]
SHAREHOLDERS = CATALOGUE.elements["shareholders"]
LINE = "林小雨\t441702199001010003\t１３８１２３４５６７８\t2026年3月1日\t3,500"
ROW = {
    "name": "林小雨",
    "id_no": "441702199001010003",
    "phone": "13812345678",
    "hired_on": "2026-03-01",
    "wage": "3500",
}


def form_of(text="", *, element=INSURED, present=(), mode="replace", file=None):
    files = {"file": file} if file else {}
    return TableForm({"text": text, "mode": mode}, files, element=element, present=list(present))


def rows_of(text, **options):
    form = form_of(text, **options)
    assert form.is_valid(), form.errors
    return form.cleaned_data["rows"]


def errors_of(text="", **options):
    form = form_of(text, **options)
    assert not form.is_valid()
    assert "rows" not in form.cleaned_data
    return [error for errors in form.errors.values() for error in errors]


def workbook(*rows, edit=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sent(content, name="名单.xlsx"):
    return SimpleUploadedFile(name, content)


def repacked(content, **changes):
    """The xlsx with members replaced: {path with _ for /: bytes}."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, added in changes.items():
            new.writestr(name, added)
    return result.getvalue()


# Pasting


def test_lines_from_a_spreadsheet_become_rows_with_everything_folded():
    assert rows_of(LINE) == [ROW]


def test_a_heading_gives_the_order_and_what_the_table_does_not_have_is_told():
    form = form_of(
        "用工日期,姓名 *,身份证号,备注,月缴费（缴存）工资（元）\n2026/3/1,林小雨,441702199001010003,老员工,3500"
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["rows"] == [{code: cell for code, cell in ROW.items() if code != "phone"}]
    assert form.unknown == ["备注"]


def test_choices_are_taken_by_their_words_or_their_values():
    rows = rows_of(
        "张三\t自然人\tX1\t10\t货币\n李四\t" + SHAREHOLDERS.columns[1].choices[1].value + "\tX2\t10\t货币",
        element=SHAREHOLDERS,
    )
    assert [row["kind"] for row in rows] == [option.value for option in SHAREHOLDERS.columns[1].choices]
    assert [row["owned"] for row in rows_of("\t货车\t4500\t是\n\t货车\t4500\tＮＯ", element=VEHICLES)] == [True, False]


def test_every_wrong_cell_is_named_with_its_line():
    errors = errors_of(f"\n林小雨\t441702199001010004\t\t明天\t多\n{LINE}\n\t{ROW['id_no']}\t\t2026-03-01\t1")
    assert [error.partition("：")[0] for error in errors] == [
        "第 2 行“身份证号”",
        "第 2 行“用工日期”",
        "第 2 行“月缴费（缴存）工资”",
        "第 4 行“姓名”",
    ]


def test_of_hundreds_of_mistakes_the_first_fifty_are_listed():
    errors = errors_of("\n".join(["林小雨\t1\t\t2026-03-01\t1"] * 300))
    assert (len(errors), errors[-1]) == (51, "后面还有 250 处，改好上面的再看")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请先粘贴内容"),
        (" \n\t\n", "请先粘贴内容"),
        ("姓名\t身份证号\t用工日期\t月缴费（缴存）工资\n", "没有找到要填的行"),
        ("姓名\t身份证号\n林小雨\t1", "缺少“用工日期”这一栏"),
        ("姓名\t姓名\t身份证号\n林小雨\t1\t2", "“姓名”这一栏有两个"),
        (LINE + "\t多的", "第 1 行有 6 格"),
        ("\n".join([LINE] * 2001), "最多 2000 行"),
        ("林\0小雨\t1", "空字符"),
        ("a" * 1_000_001, "内容太多了"),
        ('"' + "长" * 200_000 + '"', "第 1 行看不懂"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(text, said):
    assert said in " ".join(errors_of(text))


def test_rows_come_after_those_there_or_instead_of_them():
    assert rows_of(LINE, present=[{"name": "王五"}], mode="append") == [{"name": "王五"}, ROW]
    assert rows_of(LINE, present=[{"name": "王五"}], mode="replace") == [ROW]
    assert "就超过了" in errors_of(LINE, present=[{}] * 2000, mode="append")[0]


# Uploading


def test_an_uploaded_sheet_is_read_with_its_dates_and_numbers():
    content = workbook(
        ["员工名单"],
        ["姓名", "身份证号", "手机号", "用工日期", "月缴费（缴存）工资（元）"],
        ["林小雨", "441702199001010003", 13812345678, datetime(2026, 3, 1), 3500.5],
        edit=lambda sheet: sheet.merge_cells("A1:E1"),
    )
    assert rows_of("", file=sent(content)) == [ROW | {"wage": "3500.5"}]


def test_the_template_filled_with_rows_reads_back_as_the_same_rows():
    risky = [ROW | {"name": "=1+1"}, ROW | {"name": "@SUM(1)"}, ROW | {"name": "-1"}]
    content = spreadsheets.workbook_of(INSURED, risky)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert rows_of("", file=sent(content)) == risky
    lists = (
        openpyxl.load_workbook(io.BytesIO(spreadsheets.workbook_of(SHAREHOLDERS, []))).worksheets[0].data_validations
    )
    assert len(lists.dataValidation) == 2


BOMB = b"<sst>" + b" " * 5_000_000 + b"</sst>"
DOCTYPE = b'<!DOCTYPE worksheet [<!ENTITY b "xxxxxxxx">]><worksheet'
PLAIN = workbook(["林小雨", "441702199001010003", "", "2026-03-01", 3500])
BEYOND = b"<row r='999999999999'><c><v>1</v></c></row></sheetData>"
MILLION = b"<row r='1048576'><c r='A1048576' t='inlineStr'><is><t>x</t></is></c></row></sheetData>"


def with_sheet(old, new):
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        return repacked(
            PLAIN, **{"xl/worksheets/sheet1.xml": archive.read("xl/worksheets/sheet1.xml").replace(old, new)}
        )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "不是 Excel 文件", id="empty"),
        pytest.param(b"PK\x03\x04" + b"\0" * 200, "打不开", id="half a zip"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版 Excel", id="xls"),
        pytest.param(b"a,b,c", "不是 Excel 文件", id="text"),
        pytest.param(PLAIN[:-300], "打不开", id="cut off"),
        pytest.param(repacked(PLAIN, **{"xl/sharedStrings.xml": BOMB}), "解开以后太大", id="huge shared texts"),
        pytest.param(repacked(PLAIN, **{"xl/worksheets/x.xml": b" " * 17_000_000}), "解开以后太大", id="bomb"),
        pytest.param(repacked(PLAIN, **{f"x{n}": b"" for n in range(600)}), "解开以后太大", id="many members"),
        pytest.param(with_sheet(b"<worksheet", DOCTYPE), "打不开", id="entities"),
        pytest.param(repacked(PLAIN, **{"xl/vbaProject.bin": b"x"}), "带有宏", id="macros"),
        pytest.param(repacked(PLAIN, **{"xl/workbook.xml": b"<a/>"}), "没有工作表", id="no workbook in it"),
        pytest.param(workbook(["=NOW()", "1", "", "2026-03-01", 1]), "是公式，文件里没有它的结果", id="formula"),
        pytest.param(workbook(["林", 441702199001010003, "", "2026-03-01", 1]), "后几位已经丢失", id="long number"),
        pytest.param(
            workbook(["林", "1"], ["王", "2"], edit=lambda s: s.merge_cells("A1:A2")), "合并单元格", id="merged"
        ),
        pytest.param(with_sheet(b"</sheetData>", MILLION), "第 1048576 行", id="a row far down"),
        pytest.param(with_sheet(b"</sheetData>", BEYOND), "离得太远", id="a row beyond the last"),
        pytest.param(with_sheet(b'r="E1"', b'r="XFD1"'), "内容太多", id="a column far out"),
        pytest.param(workbook(*[["x"]] * 2100), "最多 2000 行", id="too many rows"),
    ],
)
def test_a_hostile_or_wrong_file_gets_a_sentence(content, said):
    assert said in " ".join(errors_of(file=sent(content)))


def test_a_bomb_that_the_manifest_calls_a_sheet_is_not_unpacked():
    old, bomb = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.bin"
    content, result = workbook(["林"]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            data = archive.read(name).replace(b"sheet1.xml", b"sheet1.bin")
            new.writestr(bomb if name == old else name, data + b" " * (40_000_000 if name == old else 0))
    assert "解开以后太大" in " ".join(errors_of(file=sent(result.getvalue())))


def test_a_sheet_of_half_begun_merged_cells_costs_no_more_than_its_length():
    begun_at = time.perf_counter()
    content = with_sheet(b"</worksheet>", b"<!--" + b"<mergeCell " * 100_000 + b"--></worksheet>")
    assert rows_of("", file=sent(content))[0]["name"] == "林小雨"
    assert time.perf_counter() - begun_at < 2


def test_a_sheet_that_claims_a_million_rows_is_read_by_what_it_has():
    content = with_sheet(b"A1:E1", b"A1:XFD1048576")
    assert rows_of("", file=sent(content))[0]["name"] == "林小雨"


def test_a_formula_counts_with_the_value_it_had():
    content = with_sheet(b"<v>3500</v>", b"<f>7000/2</f><v>3500</v>")
    assert rows_of("", file=sent(content))[0]["wage"] == "3500"


def test_a_kept_table_of_thousands_of_rows_is_judged_in_a_moment():
    field = field_for(INSURED, required=True)
    begun_at = time.perf_counter()
    assert len(field.clean(field.raw([ROW] * 2000))) == 2000
    assert time.perf_counter() - begun_at < 2


# The page

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(city, catalogue):
    return begun(catalogue, FOUNDER | {"staff_count": 900, "opening_services": ["social"]}, division=city)


def address(draft, name="licensing:table"):
    plan = plan_for(draft)
    for step in plan.form_steps:
        if "insured_list" in [wanted.code for wanted in plan.asked(step)]:
            return reverse(name, args=[draft.public_id, step.slug, "insured_list"])


def test_nine_hundred_rows_are_pasted_and_the_form_leaves_them_alone(draft, client):
    person = Person(client, draft.filer)
    page = person.send(person.open(address(draft)), text="\n".join([LINE] * 900))
    assert "收下 900 行" in page.text
    assert "已经填了 900 行" in page.text
    assert "insured_list-kept" in page.fields()
    person.send(page)
    assert len(Application.objects.get().values["insured_list"]) == 900


def test_one_wrong_cell_keeps_nothing_and_the_pasted_text_stays(draft, client):
    person = Person(client, draft.filer)
    page = person.send(person.open(address(draft)), text=LINE + "\n" + LINE.replace("0003", "0004"))
    assert "第 2 行“身份证号”" in page.part(".error-summary")
    assert page.fields()["text"].count("林小雨") == 2
    assert "insured_list" not in Application.objects.get().values


def test_a_form_opened_before_is_told_of_the_table_saved_meanwhile(draft, client):
    person = Person(client, draft.filer)
    older = person.open(address(draft).replace("insured_list/table/", ""))
    older_table = person.open(address(draft))
    person.send(person.open(address(draft)), text=LINE)
    assert "在别的窗口保存过" in person.send(older).text
    again = person.send(older_table, text=LINE.replace("林小雨", "王五"), mode="replace")
    assert "在别的窗口保存过" in again.text
    assert Application.objects.get().values["insured_list"] == [ROW]
    person.send(again)
    assert Application.objects.get().values["insured_list"] == [ROW | {"name": "王五"}]


def test_what_the_page_kept_of_the_table_does_not_undo_it(draft, client):
    person = Person(client, draft.filer)
    form = person.open(address(draft).replace("insured_list/table/", ""))
    person.send(form, **{"insured_list-0-name": "旧", "later": ""})
    person.send(person.open(address(draft)), text=LINE)
    page = person.open(address(draft).replace("insured_list/table/", ""))
    assert "insured_list-0-name" not in page.fields()
    person.send(page)
    assert Application.objects.get().values["insured_list"] == [ROW]


def test_what_is_typed_on_the_form_is_still_there_after_its_table_was_opened(draft, client):
    person = Person(client, draft.filer)
    form = person.open(address(draft).replace("insured_list/table/", ""))
    typed = {f"insured_list-0-{name}": value for name, value in ROW.items()}
    page = person.send(form, **typed, insured_start="2026-13", table="insured_list")
    assert "林小雨" in page.text
    person.send(page, text=LINE.replace("林小雨", "王五"), mode="append")
    assert [row["name"] for row in Application.objects.get().values["insured_list"]] == ["林小雨", "王五"]
    assert person.open(address(draft).replace("insured_list/table/", "")).fields()["insured_start"] == "2026-13"


def test_the_template_is_a_download_of_the_columns(draft, client):
    client.force_login(draft.filer)
    answer = client.get(address(draft, "licensing:table-template"))
    assert answer["Content-Disposition"].startswith("attachment")
    heading = next(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert heading == ("姓名", "身份证号", "手机号（选填）", "用工日期", "月缴费（缴存）工资（元）")


def test_hand_made_posts_are_answered_by_a_page(draft, client):
    client.force_login(draft.filer)
    for data in ({}, {"mode": "both"}, {"text": "x", "mode": ["replace", "x"], "revision": "9" * 400}, {"file": "x"}):
        assert Page(client.post(address(draft), data)).response.status_code == 200
    assert client.get(address(draft).replace("insured_list", "contact_name")).status_code == 404
