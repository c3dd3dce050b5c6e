"""One row of a file of held licences by itself: which texts are taken, and what is said of the others."""

from datetime import date

import pytest

from certificates import identifiers
from certificates.importing import checking
from certificates.importing.checking import Row, Rules
from certificates.importing.columns import COLUMNS
from tests.certificates.importing import HEADINGS, row
from tests.factories import uscc_of

HEADS = {column.field: column.heading for column in COLUMNS}
DIVISIONS = {"江城区": "441702", "阳东区": "441704", "441702": "441702", "441704": "441704"}
OFFICE, TYPE = uscc_of(77), f"{uscc_of(78)}001"


def checked(wrong=None, doubled=None, headings=HEADS, rules=None, **values):
    cells = dict(zip(HEADINGS, row(**values), strict=True))
    rules = rules or Rules("business", DIVISIONS, date(2026, 11, 22), TYPE, (OFFICE, "441702"))
    return checking.check(Row(2, cells), wrong or {}, headings, rules, doubled)


def identifier(type_code=TYPE, issuer=OFFICE, version=1):
    return identifiers.build(type_code, issuer, "2026000000000001", version, imported=True)


def test_a_row_of_the_template_has_no_problems():
    assert checked().problems == {}


@pytest.mark.parametrize(
    "text",
    [
        "2024-5-6",
        "2024/05/06",
        "2024年5月6日",
        "20240506",
        "45418",
        "２０２４．５．６",
        "2024-05-06 00:00:00",
        "2024/5/6 0:00",
    ],
)
def test_a_date_is_read_as_people_and_spreadsheets_write_it(text):
    assert checked(issued_on=text).values["issued_on"] == "2024-05-06"


@pytest.mark.parametrize("text", ["长期", "长期有效", "2099-12-31", "2099/12/31", "9999-12-31"])
def test_a_licence_without_end_is_said_in_several_ways(text):
    assert checked(valid_until=text).values["valid_until"] is None


@pytest.mark.parametrize(
    ("column", "values", "sentence"),
    [
        ("发证日期", {"issued_on": "2024-02-30"}, "没有2024年2月30日"),
        ("发证日期", {"issued_on": "2999-01-01"}, "年份"),
        ("发证日期", {"issued_on": "2090-01-01"}, "还没有到"),
        ("发证日期", {"issued_on": ""}, "空着"),
        ("有效期至", {"valid_until": ""}, "长期"),
        ("有效期至", {"valid_until": "2024-05-05"}, "早于发证日期"),
        ("有效期至", {"valid_until": "三年"}, "看不出是哪一天"),
        ("统一社会信用代码", {"uscc": "91441702400000015J"}, "校验码"),
        ("统一社会信用代码", {"uscc": "9.14417E+17"}, "缩写"),
        ("统一社会信用代码", {"uscc": ""}, "空着"),
        ("证照编号", {"number": ""}, "空着"),
        ("证照编号", {"number": "证" * 61}, "最多 60 个字"),
        ("证照编号", {"number": "4.4170E+15"}, "缩写"),
        ("持证主体名称", {"holder": "甲\x07乙"}, "第 2 个字是看不见的"),
        ("持证主体名称", {"holder": "甲\u202e乙"}, "看不见"),
        ("持证主体名称", {"holder": "\N{REPLACEMENT CHARACTER}乙"}, "乱码"),
        ("许可范围", {"scope": "菜" * 2001}, "最多 2000 个字"),
        ("经营场所地址", {"address": ""}, "补上地址"),
        ("经营场所地址", {"address": "江城区" + "路" * 200}, "最多 200 个字"),
        ("所在区县", {"division": "天河区"}, "不是本市的区县"),
        ("所在区县", {"division": "", "address": "漠江路1号"}, "请填写所在区县"),
        ("状态", {"status": "作废"}, "不是认得的状态"),
        ("状态", {"status": "已过期"}, "还没有到"),
        ("状态日期", {"status": "注销", "document": "1号"}, "请填写状态日期"),
        ("决定文号", {"status": "注销", "status_on": "2025-01-01"}, "请填写决定文号"),
        ("状态日期", {"status": "注销", "status_on": "2023-01-01", "document": "1号"}, "早于发证日期"),
        ("电子证照标识", {"identifier": "1.2.156.3005.2"}, "电子证照标识"),
    ],
)
def test_a_bad_cell_is_told_by_its_column(column, values, sentence):
    found = checked(**values).problems
    assert set(found) == {column}
    assert sentence in found[column]


def test_all_that_is_wrong_with_a_row_is_told_at_once():
    found = checked(issued_on="昨天", uscc="9", division="天河区").problems
    assert set(found) == {"发证日期", "统一社会信用代码", "所在区县"}


def test_a_row_longer_than_the_heading_is_wrong():
    cells = dict(zip(HEADINGS, row(), strict=True)) | {"": "多出来的"}
    rules = Rules("business", DIVISIONS, date(2026, 11, 22))
    assert "比表头多" in checking.check(Row(2, cells), {}, HEADS, rules).problems[""]


def test_a_cell_without_a_text_says_why():
    assert checked({"证照编号": "是错误值 #N/A"}, number="").problems == {"证照编号": "是错误值 #N/A"}


def test_a_doubled_number_names_the_other_row():
    assert "第 7 行" in checked(doubled=7).problems["证照编号"]


def test_a_district_that_the_address_contradicts_is_told():
    found = checked(division="江城区", address="阳东区始兴路8号").problems
    assert "阳东区" in found["所在区县"]


@pytest.mark.parametrize("text", ["江城区", "441702", "阳江市江城区", "广东省阳江市 江城区"])
def test_a_district_is_named_in_several_ways(text):
    assert checked(division=text).values["division"] == "441702"


def test_an_identifier_that_fits_is_kept_with_its_version():
    values = checked(identifier=identifier(version=3)).values
    assert (values["identifier"], values["version"]) == (identifier(version=3), 3)


def test_an_older_identifier_names_the_offices_division():
    assert checked(identifier=identifier(issuer="441702")).problems == {}


@pytest.mark.parametrize("place", range(15, 84))
def test_an_identifier_edited_by_one_character_is_told(place):
    text = identifier()
    other = "8" if text[place : place + 1] != "8" else "9"
    found = checked(identifier=text[:place] + other + text[place + 1 :]).problems
    assert set(found) == {"电子证照标识"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"type_code": f"{uscc_of(78)}002"}, "证照类型代码"), ({"issuer": uscc_of(79)}, "颁发机构代码")],
)
def test_an_identifier_of_another_licence_or_office_is_told(wrong, sentence):
    assert sentence in checked(identifier=identifier(**wrong)).problems["电子证照标识"]


def test_a_column_that_is_not_there_says_nothing():
    few = {field: HEADS[field] for field in ("holder", "uscc", "number", "issued_on", "valid_until")}
    assert checked(headings=few).values["scope"] == ""


def test_marks_that_show_nothing_are_left_out():
    assert checked(holder="好\u200b味\ufeff道").values["holder"] == "好味道"
