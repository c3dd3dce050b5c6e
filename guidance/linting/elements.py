"""Do the form's elements hold together: type, choices, columns, limits."""

import re

from guidance.linting.checks import shown, twice

NUMBERS = ("integer", "decimal")
WRITTEN = ("text", "address", "phone", "id_number", "uscc")
# Which limits make sense for which type.
LIMITS = {
    **dict.fromkeys(NUMBERS, ("min", "max")),
    **dict.fromkeys(WRITTEN, ("pattern", "checksum", "max_length")),
    "rows": ("min_rows", "max_rows"),
}


def check(book):
    used = {code for item in book.sound["items"].values() for code in item["form_fields"]}
    # An item whose form is wrong says nothing about what it uses.
    complete = len(book.sound["items"]) == len(book.known["items"])
    for code, element in book.sound["fields"].items():
        for finding in _findings(book, element):
            book.report("fields", code, *finding)
        if complete and code not in used:
            mend = "写进某个事项的form_fields，或者删掉它"
            book.report("fields", code, "code", "没有事项用到这个数据项", mend)


def _findings(book, element):
    yield from _typed(element)
    columns = element.get("columns", [])
    if (element["type"] == "rows") != bool(columns):
        yield "columns", "type是rows时才写，也必须写", "表格写上列，别的类型删掉columns"
    for code in twice(column["code"] for column in columns):
        yield f"columns[{code}]", "这个代码用了两次", "给其中一列换一个代码"
    for column in columns:
        for key, *said in _typed(column):
            yield f"columns[{column['code']}].{key}", *said
    if "computed" in element:
        yield from _computed(book, element)


def _typed(field):
    """What holds for an element and for a column of its rows alike."""
    if (field["type"] in ("choice", "multichoice")) != ("choices" in field):
        yield "choices", "type是choice或multichoice时才写，也必须写", "选择题写上选项，别的类型删掉choices"
    for value in twice(choice["value"] for choice in field.get("choices", [])):
        yield "choices", f"选项{shown(value)}写了两次", "删掉一个，或者换一个值"
    limits = field.get("validation", {})
    for key in limits:
        if key not in LIMITS.get(field["type"], ()):
            yield f"validation.{key}", f"不能用在{field['type']}上", f"删掉{key}，或者改类型"
    for low, high in (("min", "max"), ("min_rows", "max_rows")):
        if low in limits and high in limits and limits[low] > limits[high]:
            yield f"validation.{low}", f"{low}大于{high}", "两个数对调，或者改正其中一个"
    if "pattern" in limits:
        try:
            re.compile(limits["pattern"])
        except (re.error, OverflowError, RecursionError) as error:
            yield (
                "validation.pattern",
                f"不是正确的正则表达式：{str(error)[:80]}",
                "检查括号是不是没有合上，次数是不是太大",
            )


def _computed(book, element):
    computed = element["computed"]
    if not element.get("system_filled"):
        yield "computed", "算出来的数据项要写system_filled: true", "加上system_filled: true"
    if computed["rows"] not in book.known["fields"]:
        yield "computed.rows", *book.missing("fields", computed["rows"])
        return
    rows = book.sound["fields"].get(computed["rows"])
    if rows is None:
        return
    types = {column["code"]: column["type"] for column in rows.get("columns", [])}
    if rows["type"] != "rows":
        yield "computed.rows", f"“{computed['rows']}”的type不是rows", "换成一个表格的代码"
    elif (computed["op"] == "count") == ("column" in computed):
        yield "computed.column", "op是sum或max时才写，也必须写", "count删掉column，sum和max写上要算的列"
    elif computed["op"] != "count" and types.get(computed["column"]) not in NUMBERS:
        message = f"“{computed['rows']}”没有{shown(computed['column'])}这个数字列"
        columns = "、".join(code for code, kind in types.items() if kind in NUMBERS)
        yield "computed.column", message, f"数字列有：{columns}" if columns else "换一个有数字列的表格"


def findings_of_check(element, check):
    """Yield (what is wrong with {field, op, value} on that element, how to mend it)."""
    kind, value = element["type"], check["value"]
    if check["op"] == "gte" and kind not in NUMBERS:
        yield f"gte不能用在“{check['field']}”上（它的类型是{kind}）", "改用eq，或者换一个数字的数据项"
    elif kind in NUMBERS:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind == "boolean":
        fits = isinstance(value, bool)
    elif kind == "choice":
        fits = value in [choice["value"] for choice in element.get("choices", [])]
    else:
        fits = kind in WRITTEN and isinstance(value, str)
    if (check["op"] == "eq" or kind in NUMBERS) and not fits:
        choices = "、".join(choice["value"] for choice in element.get("choices", [])[:10])
        mend = f"写选项的值：{choices}" if choices else "按这个数据项的类型写，数字和true、false不加引号"
        yield f"“{check['field']}”不会有{shown(value)}这个值", mend
