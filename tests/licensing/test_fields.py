"""What people type, and what is made of it or said to them."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from guidance.schema import Catalogue, Column, Element, Option
from licensing.fields import clean_value, field_for
from tests.guidance.conftest import DOCUMENTS
from tests.licensing.drafting import sample, typed

ELEMENTS = Catalogue.from_data(DOCUMENTS).elements
OPTIONS = (Option("a", "甲"), Option("b", "乙"))
LANDLINE = "^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$"


def element(kind, **more):
    if kind in ("choice", "multichoice"):
        more.setdefault("choices", OPTIONS)
    if kind == "phone":
        more.setdefault("validation", {"pattern": LANDLINE})
    return Element(code="x", label="示例", type=kind, group="组", source="ask", **more)


def table(**validation):
    columns = (
        Column("name", "姓名", "text", True, validation={"max_length": 5}),
        Column("id_no", "身份证号", "id_number", True),
        Column("since", "日期", "date", False),
    )
    return element("rows", columns=columns, validation=validation)


def form_of(*elements, data=None, required=True):
    form = forms.Form(data=data)
    form.fields |= {one.code: field_for(one, required=required) for one in elements}
    return form


def posted(values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.mark.parametrize(
    ("kind", "more", "text", "kept"),
    [
        ("text", {}, "  两  江 ", "两  江"),
        ("phone", {}, "１３８ 1234-5678", "13812345678"),
        ("phone", {}, "+86 138 1234 5678", "13812345678"),
        ("phone", {}, "0662－3412345", "0662-3412345"),
        ("uscc", {}, " 9144 1702 0000 ex01 5t", "914417020000EX015T"),
        ("id_number", {}, "44170419880208000x", "44170419880208000X"),
        ("integer", {"unit": "人"}, "１２ 人", 12),
        ("integer", {"unit": "人"}, "12个人", 12),
        ("integer", {}, "1,200", 1200),
        ("integer", {}, "12.0", 12),
        ("decimal", {}, "12.50", "12.50"),
        ("decimal", {"unit": "平方米"}, "０120．5㎡", "120.5"),
        ("decimal", {"unit": "平方米"}, "120.50 m²", "120.50"),
        ("decimal", {"unit": "平方米"}, "1,200平米", "1200"),
        ("decimal", {"unit": "平方米"}, "１２０ m2", "120"),
        ("decimal", {"unit": "万元"}, "50万", "50"),
        ("decimal", {"unit": "万元"}, "５０万元", "50"),
        ("decimal", {"unit": "万元"}, "人民币 500，000 元", "50"),
        ("decimal", {"unit": "万元"}, "￥500000.01元", "50.000001"),
        ("decimal", {"unit": "万元"}, "1.2亿", "12000"),
        ("decimal", {"unit": "元"}, "¥5,000.00", "5000.00"),
        ("decimal", {"unit": "元"}, "0.5万", "5000"),
        ("integer", {"unit": "元"}, "5万", 50000),
        ("decimal", {"unit": "米"}, "1.2公里", "1200"),
        ("decimal", {"unit": "千克"}, "2吨", "2000"),
        ("address", {}, " 江城区　漠江路８８号（首层） ", "江城区漠江路88号（首层）"),
        ("address", {}, "阳春市春城街道朝阳路1号", "阳春市春城街道朝阳路1号"),
        ("address", {}, "广东省广州市天河区体育西路1号", "广东省广州市天河区体育西路1号"),
        ("decimal", {}, ".5", "0.5"),
        ("decimal", {}, "-0", "0"),
        ("date", {}, "2026-03-01", "2026-03-01"),
        ("date", {}, "2026年3月1日", "2026-03-01"),
        ("date", {}, "２０２６／３／１", "2026-03-01"),
        ("date", {}, "2026.03.01", "2026-03-01"),
        ("date", {}, "20260301", "2026-03-01"),
        ("date", {}, "2024-2-29", "2024-02-29"),
        ("boolean", {}, "no", False),
        ("choice", {}, "b", "b"),
        ("multichoice", {}, ["b", "a"], ["a", "b"]),
    ],
)
def test_what_people_type_is_kept_in_one_form(kind, more, text, kept):
    form = form_of(element(kind, **more), data=posted({"x": text}))
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"x": kept}


@pytest.mark.parametrize(
    ("kind", "more", "text", "told"),
    [
        ("text", {}, "   ", "请填写这一项"),
        ("text", {"validation": {"max_length": 3}}, "一二三四", "最多 3 个字，您填了 4 个，请写短一些"),
        ("phone", {}, "1381234567", "手机号是 11 位，以 13 至 19 开头，您填了 10 位，请核对"),
        ("phone", {}, "3412345", "固定电话前面要写区号，例如 0662-3412345；手机号以 1 开头，11 位"),
        ("phone", {}, "找老王", "电话只填数字，例如 13812345678；固定电话写区号，例如 0662-3412345"),
        ("uscc", {}, "914417020000EX01OT", "第 17 位的“O”不能用"),
        ("uscc", {}, "914417020000EX015A", "校验码"),
        ("id_number", {}, "441702900101000", "15 位身份证号码已经停用"),
        ("id_number", {}, "441702199002300003", "不是一个存在的日期"),
        ("integer", {}, "", "请填写一个数字，没有就填 0"),
        ("integer", {}, "十二", "“十二”不是数字，请只填数字，例如 12"),
        ("integer", {}, "1.5", "“1.5”带有小数，这里请填整数"),
        ("integer", {"validation": {"min": 1}}, "0", "不能小于 1，请核对"),
        ("integer", {"validation": {"max": 200}, "unit": "层"}, "201", "不能大于 200 层，请核对单位和数字"),
        ("integer", {"unit": "人"}, "5万", "“5万”不是数字，请只填数字，例如 12，单位是人"),
        ("decimal", {"unit": "万元"}, "五十万", "“五十万”不是数字，请只填数字，例如 12.5，单位是万元"),
        ("decimal", {"unit": "万元"}, "1,5", "“1,5”里的逗号只用来隔开千位"),
        ("decimal", {"unit": "万元"}, "12,34万", "小数点请写“.”"),
        ("decimal", {"unit": "平方米"}, "120.555", "平方米最多写到小数点后 2 位，请四舍五入"),
        ("decimal", {"unit": "元"}, "3.141", "元最多写到小数点后 2 位"),
        ("decimal", {"unit": "平方米"}, "2亩", "“2亩”不是数字"),
        ("decimal", {"unit": "平方米", "validation": {"max": 200000}}, "999999", "不能大于 200000 平方米"),
        ("address", {}, "漠江路88号", "请写明在哪个区（县、市），并写到门牌号，例如 江城区漠江路88号"),
        ("address", {}, "幸福小区3栋", "请写明在哪个区（县、市）"),
        ("address", {}, "东门市场5号", "请写明在哪个区（县、市）"),
        ("integer", {}, "9" * 20, "这个数太长了，请核对"),
        ("decimal", {}, "1e3", "“1e3”不是数字"),
        ("decimal", {}, "NaN", "“NaN”不是数字"),
        ("decimal", {"validation": {"min": 5, "max": 12}, "unit": "%"}, "4.99", "不能小于 5 %，请核对"),
        ("date", {}, "2026-02-30", "没有2026年2月30日这一天，请核对"),
        ("date", {}, "下个月", "“下个月”看不出是哪一天"),
        ("date", {}, "2026年3月", "只知道月份的填当月1日"),
        ("date", {}, "0026-03-01", "年份“26”不对"),
        ("boolean", {}, "", "请选“是”或者“否”"),
        ("boolean", {}, "maybe", "请从列出的选项里选一项"),
        ("choice", {}, "c", "请从列出的选项里选一项"),
        ("choice", {}, "", "请选一项"),
        ("multichoice", {}, [], "请至少选一项"),
        ("multichoice", {}, ["a", "c"], "请从列出的选项里选"),
        ("multichoice", {}, ["a", "a"], "同一个选项选了两次"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(kind, more, text, told):
    form = form_of(element(kind, **more), data=posted({"x": text}))
    assert not form.is_valid()
    assert told in form.errors["x"][0]


def test_what_is_optional_may_stay_empty():
    kinds = ["text", "phone", "uscc", "id_number", "integer", "decimal", "date", "boolean", "choice"]
    for kind in kinds:
        form = form_of(element(kind), data=posted({"x": ""}), required=False)
        assert form.is_valid(), kind
        assert form.cleaned_data["x"] is None


@pytest.mark.parametrize("code", ELEMENTS)
def test_every_element_renders_and_takes_its_own_values(code):
    one = ELEMENTS[code]
    assert f'name="{code}' in str(form_of(one))
    value = sample(one)
    form = form_of(one, data=posted(typed(code, value)))
    assert form.is_valid(), form.errors
    assert form.cleaned_data[code] == value
    assert clean_value(one, value, required=True) == value
    shown = forms.Form(initial={code: value})
    shown.fields[code] = field_for(one, required=True)
    assert str(shown)


@pytest.mark.parametrize("code", ELEMENTS)
def test_every_required_element_is_missed_when_empty(code):
    assert not form_of(ELEMENTS[code], data=posted({})).is_valid()
    with pytest.raises(ValidationError):
        clean_value(ELEMENTS[code], None, required=True)


def test_a_table_keeps_its_rows_without_empty_and_deleted_ones():
    rows = {
        "x-rows": "3",
        "x-0-name": "张三",
        "x-0-id_no": "441702199001010003",
        "x-1-name": "",
        "x-2-name": "李四",
        "x-2-delete": "on",
    }
    form = form_of(table(min_rows=1, max_rows=5), data=posted(rows))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["x"] == [{"name": "张三", "id_no": "441702199001010003"}]


def test_each_bad_cell_of_a_table_is_named_and_shown_where_it_is():
    rows = {"x-rows": "2", "x-0-name": "一二三四五六", "x-0-id_no": "441702199001010003", "x-1-name": "李四"}
    form = form_of(table(min_rows=1, max_rows=5), data=posted(rows))
    assert form.errors["x"] == [
        "第 1 行“姓名”：最多 5 个字，您填了 6 个，请写短一些",
        "第 2 行“身份证号”：请填写这一项",
    ]
    first, second = form["x"].rows
    assert (list(first.errors), list(second.errors)) == (["name"], ["id_no"])
    assert 'aria-label="第 2 行 身份证号"' in str(form["x"])


def test_an_empty_row_beside_a_bad_one_is_not_called_wrong():
    rows = {"x-rows": "2", "x-0-name": "张三", "x-1-name": ""}
    form = form_of(table(min_rows=1, max_rows=5), data=posted(rows))
    assert form.errors["x"] == ["第 1 行“身份证号”：请填写这一项"]
    assert [bool(row.errors) for row in form["x"].rows] == [True, False]


def test_a_table_knows_how_many_rows_it_needs_and_bears():
    assert form_of(table(min_rows=1), data=posted({"x-rows": "1"})).errors["x"] == ["请至少填 1 行"]
    assert form_of(table(min_rows=1), data=posted({"x-rows": "1"}), required=False).is_valid()
    many = {"x-rows": "9"} | {f"x-{n}-name": "张三" for n in range(9)}
    many |= {f"x-{n}-id_no": "441702199001010003" for n in range(9)}
    # Rows beyond the most that the table bears are not even read.
    assert len(form_of(table(max_rows=3), data=posted(many))["x"].rows) == 3


def test_a_table_offers_one_more_row_than_it_has():
    form = forms.Form(initial={"x": [{"name": "张三"}]})
    form.fields["x"] = field_for(table(max_rows=50), required=True)
    assert [row["name"].value() for row in form["x"].rows] == ["张三", None]


@pytest.mark.parametrize("count", ["", "many", "-5", "99999999999"])
def test_a_forged_row_count_does_no_harm(count):
    form = form_of(table(max_rows=3), data=posted({"x-rows": count}))
    assert not form.is_valid()
    assert 1 <= len(form["x"].rows) <= 3
