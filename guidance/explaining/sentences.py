"""Answers somebody might give instead, as half a sentence behind 如果: "经营面积不到 300 平方米". Pure."""

import re

from guidance import wording

# What a question asks for, where the answer can be put in its place: 雇几个人, 多少间客房, 大约是多少, 有多大.
_AMOUNT = re.compile(r"(大约|大概)?(是|有)?(几个?|多少|多[大长高宽远重])")
# The verb right before 哪些商品, 什么: 卖, and its denial.
_VERB = re.compile(r"(办好|卖|做|办|印|是|有)(哪|什么)")
_DENIALS = {"是": "不是", "有": "没有"}
# Of what would do, so many are named.
MOST_NAMED = 4
# 商店：货架卖东西为主（便利店、超市）
_EXAMPLES = re.compile(r"：.*|（[^（）]*）$")
# 住宿是哪一种？ takes the answer in the place of 哪一种.
_KIND = re.compile(r"哪一?[种档类]？$")


def span_in_words(question, span, less="不到"):
    """Return "不到 300 平方米", "不少于 300 平方米", "超过 800 平方米", "不少于 50 米、不到 100 米"."""
    only = span.only(question)
    if only is not None:
        return ("" if question.validation.get("integer") else "正好") + _number(question, only)
    parts = []
    if span.low is not None:
        parts.append(("不少于" if span.low_included else "超过") + _number(question, span.low))
    if span.high is not None:
        parts.append(("不超过" if span.high_included else less) + _number(question, span.high))
    return "、".join(parts) or "是别的数"


def _number(question, value):
    return f" {wording.answer_text(question, value)}"


def answered(question, instead):
    """Return half a sentence for all the answers `instead` (guidance.explaining.changes.Way)."""
    return _IN_WORDS[question.type](question, instead)


def _number_answered(question, span):
    """The question's own words with the amount in the place of what is asked for."""
    text = question.text.rstrip("？")
    asked = _AMOUNT.search(text)
    if asked is None:
        return f"“{question.text}”答的是{span_in_words(question, span)}"
    # Right behind a verb 不到 says that it fails: 雇不到 50 人, cannot find 50 people to hire.
    words = span_in_words(question, span, less="不到" if asked[1] or asked[2] else "少于")
    rest = text[asked.end() :].removeprefix(question.unit)
    return f"{text[: asked.start()]}{words}{rest}"


def _boolean_answered(question, values):
    [value] = values
    text = question.text.removesuffix("吗？")
    if text == question.text or (not value and "会" not in text):
        return f"“{question.text}”答“{wording.answer_text(question, value)}”"
    return text if value else text.replace("会", "不会", 1)


def _single_answered(question, values):
    """values: all answers that do the same. Where they are most of the choice, the others are named instead."""
    others = [value for value in question.values if value not in values]
    if len(values) > 2 and len(others) < len(values):
        return f"“{question.text}”答的不是{_labels(question, others)}"
    labels = _labels(question, values)
    asked = _KIND.search(question.text)
    if asked and question.text[: asked.start()].endswith(("是", "到", "像")):
        return f"{question.text[: asked.start()]}{labels}"
    return f"“{question.text}”答的是{labels}"


def _multi_answered(question, ways):
    """ways: pairs (options added, options taken away), each doing the same."""
    singly = all(len(added) + len(removed) == 1 for added, removed in ways)
    if singly and not any(removed for _, removed in ways):
        return _chosen(question, [one for added, _ in ways for one in added], "或者")
    added, removed = ways[0]
    if not added and not removed:
        return f"“{question.text}”什么都不选"
    parts = [_chosen(question, added, "和")] if added else []
    if removed:
        parts.append(_left_out(question, removed))
    return "，".join(parts)


def _chosen(question, values, link):
    verb, labels = _verb(question), _labels(question, values, link)
    return f"{verb}{labels}" if verb else f"“{question.text}”选上{labels}"


def _left_out(question, values):
    verb, labels = _verb(question), _labels(question, values, "和")
    return f"{_DENIALS.get(verb, f'不{verb}')}{labels}" if verb else f"“{question.text}”不选{labels}"


def _verb(question):
    found = _VERB.search(question.text)
    return found and found[1].removesuffix("好")


def _labels(question, values, link="或者"):
    """Return "“甲”、“乙”或者“丙”"; of a long list the first three."""
    short = _short_labels(question)
    if link == "或者" and len(values) > MOST_NAMED:
        return "、".join(short[value] for value in values[: MOST_NAMED - 1]) + f"等 {len(values)} 种里的一种"
    *first, last = (short[value] for value in values)
    return f"{'、'.join(first)}{link}{last}" if first else last


def _short_labels(question):
    """The options' labels without the examples behind them, where that leaves them apart."""
    short = {option.value: _EXAMPLES.sub("", option.label) for option in question.options}
    apart = len(set(short.values())) == len(short)
    return {option.value: f"“{short[option.value] if apart else option.label}”" for option in question.options}


_IN_WORDS = {
    "number": _number_answered,
    "boolean": _boolean_answered,
    "single": _single_answered,
    "multi": _multi_answered,
}
