"""Small checks that combine into the form of an entry; each takes a value and yields findings.

A finding is (path in the value, what is wrong) or (path, what is wrong, how to mend it).
"""

import difflib
import re
import reprlib
import unicodedata
from collections import Counter
from itertools import islice

# PostgreSQL cannot store them; everything else a person can read is text.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
# Codes stand in addresses and in columns of limited width.
CODE = re.compile("[a-z][a-z0-9_-]{0,49}")
# Nothing in a catalogue is counted beyond; a calendar does not reach so far.
MOST = 1_000_000_000
LONGEST_TEXT = 5000
# Other ways to write a number that YAML or a person knows; none of them is taken for one.
_ODD_NUMBER = re.compile(r"[-+]?[0-9.][0-9a-fox_.,]*(e[-+]?[0-9]+)?|[-+]?\.(inf|nan)", re.IGNORECASE)


def text(value):
    if not isinstance(value, str) or not value.strip():
        is_value = isinstance(value, int | float) and not isinstance(value, bool)
        yield "", f"要写文字，不能是{shown(value)}", "给它加上引号" if is_value else "写上文字"
    elif UNPRINTABLE.search(value):
        yield "", "有不能显示的控制字符", "删掉这个字符，通常是从别处复制带进来的"
    elif len(value) > LONGEST_TEXT:
        yield "", f"最多{LONGEST_TEXT}个字", "写短一些"


def short(longest):
    def check(value):
        yield from text(value)
        if isinstance(value, str) and longest < len(value) <= LONGEST_TEXT:
            yield "", f"最多{longest}个字", "写短一些"

    return check


def code(value):
    if not isinstance(value, str) or not CODE.fullmatch(value):
        yield (
            "",
            f"要写小写字母开头的代码（小写字母、数字、-、_，最多50个），不能是{shown(value)}",
            "例如 food-operation",
        )


def boolean(value):
    if not isinstance(value, bool):
        yield "", f"要写true或false，不能是{shown(value)}", "是写true，否写false，不加引号"


def number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield "", f"要写数字，不能是{shown(value)}", _as_number(value)
    elif abs(value) > MOST:
        yield "", f"数字太大：{shown(value)}", f"最多{MOST}"


def whole(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        yield "", f"要写0或者正整数，不能是{shown(value)}", _as_number(value)
    elif value > MOST:
        yield "", f"数字太大：{shown(value)}", f"最多{MOST}"


def up_to(most):
    def check(value):
        yield from whole(value)
        if isinstance(value, int) and most < value <= MOST:
            yield "", f"数字太大：{shown(value)}", f"最多{most}"

    return check


def _as_number(value):
    """How to mend what is no number but may have been meant as one."""
    if not isinstance(value, str):
        return "写一个数字，例如 20"
    plain = unicodedata.normalize("NFKC", value).strip()[:40]
    if plain == value and re.fullmatch(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?", plain):
        return "去掉引号"
    if _ODD_NUMBER.fullmatch(plain):
        return "写成普通的数字，例如 1000（不写1e3、0x1F、010、1_000或全角数字，也不加引号）"
    return "写一个数字，例如 20"


def expression(value):
    """Only that it is there; guidance.linting.expressions reads it, once all codes are known."""
    if not isinstance(value, dict):
        yield "", f"要写成一个条件，不能是{shown(value)}", "例如 {eq: [has_licence, none]}"


def scalar(value):
    if not isinstance(value, str | int | float):
        yield "", f"要写一个值，不能是{shown(value)}", "写一个数字、文字、true或者false"


def answers(value):
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        yield "", "要写成“问题: 答案”", "例如 {sectors: [food], dine_in: true}"


def one_of(*allowed):
    def check(value):
        # `value in allowed` alone would take True for 1.
        if not any(type(value) is type(one) and value == one for one in allowed):
            yield "", f"只能是{'、'.join(map(_written, allowed))}，不能是{shown(value)}", _as_one_of(allowed, value)

    return check


def _written(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_one_of(allowed, value):
    quoted = [_written(one) for one in allowed if not isinstance(one, str)]
    return "去掉引号" if value in quoted else "写其中一个，一字不差"


def nullable(inner):
    def check(value):
        if value is not None:
            yield from inner(value)

    return check


def listing(inner, least=0):
    def check(value):
        if not isinstance(value, list):
            yield "", f"要写成列表，不能是{shown(value)}", "写成[…]，或者每项一行以“- ”开头"
            return
        if len(value) < least:
            yield "", "不能是空的列表", "至少写一项"
        for place, one in enumerate(value, start=1):
            yield from within(f"[{label(one, place)}]", inner(one))

    return check


def dictionary(inner):
    def check(value):
        if not isinstance(value, dict):
            yield "", f"要写成一组键和值，不能是{shown(value)}", "写成{键: 值}"
            return
        for key, one in value.items():
            yield from within(str(key)[:60], inner(one))

    return check


def record(optional=(), **keys):
    """An entry with these keys and no other; `optional` ones may be left out."""

    def check(value):
        if not isinstance(value, dict):
            yield "", f"要写成一组键和值，不能是{shown(value)}", f"写成{{{'、'.join(islice(keys, 3))}等: 值}}"
            return
        for key in value:
            if key not in keys:
                near = difflib.get_close_matches(str(key)[:60], keys, 1)
                yield str(key)[:60], "没有这个键", f"可能是{near[0]}" if near else "删掉这个键"
        for key, inner in keys.items():
            if key in value:
                yield from within(key, inner(value[key]))
            elif key not in optional:
                yield key, "缺少这个键", f"加上{key}，写法见guidance/catalogue/README.md"

    check.keys = frozenset(keys)
    return check


def within(key, findings):
    for path, *said in findings:
        yield key + ("" if not path or path.startswith("[") else ".") + path, *said


def twice(values):
    """The values that stand there more than once, each once, in order."""
    return sorted(value for value, count in Counter(values).items() if count > 1)


def label(entry, place):
    """How people find an entry in a list: by its code, else by its place, counted from 1."""
    code = entry.get("code") if isinstance(entry, dict) else None
    return code if isinstance(code, str) and 0 < len(code) <= 60 else f"第{place}项"


def shown(value):
    words = {None: "空的", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    # All of a list may be millions of characters.
    text = reprlib.repr(value) if isinstance(value, dict | list) else str(value)
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"
