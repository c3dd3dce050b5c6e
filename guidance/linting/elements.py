"""Do the form's elements hold together: type, choices, columns, limits."""

import re

from guidance.linting.checks import shown

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
        for key, message in _findings(book, element):
            book.report("fields", code, key, message)
        if complete and code not in used:
            book.report("fields", code, "code", "没有事项用到这个数据项")


def _findings(book, element):
    yield from _typed(element)
    columns = element.get("columns", [])
    if (element["type"] == "rows") != bool(columns):
        yield "columns", "type是rows时才写，也必须写"
    codes = [column["code"] for column in columns]
    for column in columns:
        if codes.count(column["code"]) > 1:
            yield f"columns[{column['code']}]", "这个代码用了两次"
        for key, message in _typed(column):
            yield f"columns[{column['code']}].{key}", message
    if "computed" in element:
        yield from _computed(book, element)


def _typed(field):
    """What holds for an element and for a column of its rows alike."""
    if (field["type"] in ("choice", "multichoice")) != ("choices" in field):
        yield "choices", "type是choice或multichoice时才写，也必须写"
    values = [choice["value"] for choice in field.get("choices", [])]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield "choices", f"选项“{value}”写了两次"
    limits = field.get("validation", {})
    for key in limits:
        if key not in LIMITS.get(field["type"], ()):
            yield f"validation.{key}", f"不能用在{field['type']}上"
    for low, high in (("min", "max"), ("min_rows", "max_rows")):
        if low in limits and high in limits and limits[low] > limits[high]:
            yield f"validation.{low}", f"{low}大于{high}"
    if "pattern" in limits:
        try:
            re.compile(limits["pattern"])
        except re.error as error:
            yield "validation.pattern", f"不是正确的正则表达式：{error}"


def _computed(book, element):
    computed = element["computed"]
    if not element.get("system_filled"):
        yield "computed", "算出来的数据项要写system_filled: true"
    if computed["rows"] not in book.known["fields"]:
        yield "computed.rows", f"没有“{computed['rows']}”这个数据项"
        return
    rows = book.sound["fields"].get(computed["rows"])
    if rows is None:
        return
    types = {column["code"]: column["type"] for column in rows.get("columns", [])}
    if rows["type"] != "rows":
        yield "computed.rows", f"“{computed['rows']}”的type不是rows"
    elif (computed["op"] == "count") == ("column" in computed):
        yield "computed.column", "op是sum或max时才写，也必须写"
    elif computed["op"] != "count" and types.get(computed["column"]) not in NUMBERS:
        yield "computed.column", f"“{computed['rows']}”没有“{computed['column']}”这个数字列"


def findings_of_check(element, check):
    """What is wrong with {field, op, value} on that element."""
    kind, value = element["type"], check["value"]
    if check["op"] == "gte" and kind not in NUMBERS:
        yield f"gte不能用在“{check['field']}”上（它的类型是{kind}）"
    elif kind in NUMBERS:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    elif kind == "boolean":
        fits = isinstance(value, bool)
    elif kind == "choice":
        fits = value in [choice["value"] for choice in element.get("choices", [])]
    else:
        fits = kind in WRITTEN and isinstance(value, str)
    if (check["op"] == "eq" or kind in NUMBERS) and not fits:
        yield f"“{check['field']}”不会有{shown(value)}这个值"
