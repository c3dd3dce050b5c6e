"""Small checks that combine into the form of an entry; each takes a value and yields (path in it, what is wrong)."""

import re

# PostgreSQL cannot store them; everything else a person can read is text.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
# Codes stand in addresses and in columns of limited width.
CODE = re.compile("[a-z][a-z0-9_-]{0,49}")


def text(value):
    if not isinstance(value, str) or not value.strip():
        yield "", f"要写文字，不能是{shown(value)}"
    elif UNPRINTABLE.search(value):
        yield "", "有不能显示的控制字符"


def short(longest):
    def check(value):
        yield from text(value)
        if isinstance(value, str) and len(value) > longest:
            yield "", f"最多{longest}个字"

    return check


def code(value):
    if not isinstance(value, str) or not CODE.fullmatch(value):
        yield "", f"要写小写字母开头的代码（小写字母、数字、-、_，最多50个），不能是{shown(value)}"


def boolean(value):
    if not isinstance(value, bool):
        yield "", f"要写true或false，不能是{shown(value)}"


def number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield "", f"要写数字，不能是{shown(value)}"


def whole(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        yield "", f"要写0或者正整数，不能是{shown(value)}"


def expression(value):
    """Only that it is there; guidance.linting.expressions reads it, once all codes are known."""
    if not isinstance(value, dict):
        yield "", f"要写成一个条件，不能是{shown(value)}"


def scalar(value):
    if not isinstance(value, str | int | float):
        yield "", f"要写一个值，不能是{shown(value)}"


def answers(value):
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        yield "", "要写成“问题: 答案”"


def one_of(*allowed):
    def check(value):
        # `value in allowed` alone would take True for 1.
        if not any(type(value) is type(one) and value == one for one in allowed):
            yield "", f"只能是{'、'.join(map(str, allowed))}，不能是{shown(value)}"

    return check


def nullable(inner):
    def check(value):
        if value is not None:
            yield from inner(value)

    return check


def listing(inner, least=0):
    def check(value):
        if not isinstance(value, list):
            yield "", f"要写成列表，不能是{shown(value)}"
            return
        if len(value) < least:
            yield "", "不能是空的列表"
        for place, one in enumerate(value, start=1):
            yield from within(f"[{label(one, place)}]", inner(one))

    return check


def dictionary(inner):
    def check(value):
        if not isinstance(value, dict):
            yield "", f"要写成一组键和值，不能是{shown(value)}"
            return
        for key, one in value.items():
            yield from within(str(key), inner(one))

    return check


def record(optional=(), **keys):
    """An entry with these keys and no other; `optional` ones may be left out."""

    def check(value):
        if not isinstance(value, dict):
            yield "", f"要写成一组键和值，不能是{shown(value)}"
            return
        for key in value:
            if key not in keys:
                yield str(key), "没有这个键"
        for key, inner in keys.items():
            if key in value:
                yield from within(key, inner(value[key]))
            elif key not in optional:
                yield key, "缺少这个键"

    return check


def within(key, findings):
    for path, message in findings:
        yield key + ("" if not path or path.startswith("[") else ".") + path, message


def label(entry, place):
    """How people find an entry in a list: by its code, else by its place, counted from 1."""
    code = entry.get("code") if isinstance(entry, dict) else None
    return code if isinstance(code, str) and code else f"第{place}项"


def shown(value):
    words = {None: "空的", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    text = str(value)
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"
