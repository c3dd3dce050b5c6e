"""One number from what a person types into a question: 三百, 两百五十平, 约300, 1.5万, 四吨半. Pure.

Only where exactly one number is meant. 300多, 不到300 and 300-400 may lie on either side of a line that decides what
is needed, so they are asked back. The form's own fields take what guidance.quantities takes, and no more.
"""

import re
import unicodedata
from decimal import Decimal

from guidance.quantities import bare_number, plain, without_unit

_DIGITS = {digit: value for value, digits in enumerate(("〇零", *"一二三四五六七八九")) for digit in digits}
_DIGITS |= {"两": 2, "俩": 2} | {digit: value for value, digit in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_SIZES = {"亿": 10**8, "万": 10**4, "千": 1000, "仟": 1000, "百": 100, "佰": 100, "十": 10, "拾": 10}
_SPOKEN = f"[{''.join(_DIGITS)}{''.join(_SIZES)}]"
_ARABIC = re.compile(r"[0-9]+(\.[0-9]+)?")
_ABOUT = re.compile(
    "^(大概|大约|大致|差不多|估计|预计|约|共|总共|一共|合计|有|是)+|(左右|上下|的样子|吧|呢|哦|，|。|!)+$"
)
_NONE = re.compile("没有?|无|不用|不雇人?")
_UNKNOWN = re.compile("不知道|不清楚|不确定|不了解|不晓得|没量过|说不准|忘了|不记得|待定|还没定|没定")
_RANGE = re.compile(
    rf"([0-9]|{_SPOKEN}).*(-|~|－|—|–|到|至|或|、|/)+.*([0-9]|{_SPOKEN})"
    "|以[上下内]|不到|不足|不超过?|超过|多于|少于|大于|小于|至少|最少|最多|至多|近|几|多|余|来"
    "|(?<![〇零点])[一二两三四五六七八九]{2}(?![〇零一二三四五六七八九])"
)


class NotOneNumber(ValueError):
    """Its text is what to tell the person."""


def number_meant(typed, unit="", example=20):
    """Return digits with at most a sign and a point, in this unit. Raises NotOneNumber."""
    exact = bare_number(typed, unit)
    if exact is not None:
        return exact
    text = _ABOUT.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).lower())
    number = bare_number(text, unit) or _spoken(text, unit)
    if number is None:
        raise NotOneNumber(_told(typed.strip(), text, unit, example))
    return number


def _spoken(text, unit):
    if _NONE.fullmatch(text):
        return "0"
    bare, half = text.removesuffix("半"), text.endswith("半")
    bare, times = without_unit(bare, unit)
    if half and bare == text.removesuffix("半"):
        # 四吨半 is 4.5 吨; of a number without its unit nobody knows what half is meant.
        return None
    number = _whole(bare) if half else _value(bare)
    return None if number is None else plain((number + (Decimal("0.5") if half else 0)) * times)


def _value(text):
    """The Decimal that Chinese numerals, or Arabic ones mixed with 万 and 千, stand for, or None."""
    whole, point, decimals = text.partition("点")
    if not point:
        return _whole(whole) if any(sign in _DIGITS or sign in _SIZES for sign in text) else None
    if not decimals or any(sign not in _DIGITS for sign in decimals):
        return None
    number = _whole(whole)
    return None if number is None else number + Decimal("0." + "".join(str(_DIGITS[sign]) for sign in decimals))


def _whole(text):
    if len(text) > 1 and all(sign in _DIGITS for sign in text):
        # Read out digit by digit: 三〇〇. But 三五 is "three to five".
        return Decimal("".join(str(_DIGITS[sign]) for sign in text)) if len(text) > 2 or _DIGITS[text[1]] == 0 else None
    return _counted(text)


def _counted(text):
    """三百五 is 350 and 三百零五 is 305; 一万五 is 15000, 1.5万 too."""
    for sign, size in _SIZES.items():
        if sign in text:
            head, _, tail = text.partition(sign)
            count = _counted(head) if head else Decimal(1) if size == 10 else None
            rest = _rest(tail, size)
            fits = count is not None and rest is not None and 0 < count < (10**4 if size >= 10**4 else 10)
            return count * size + rest if fits else None
    if text in _DIGITS:
        return Decimal(_DIGITS[text])
    return Decimal(text) if _ARABIC.fullmatch(text) else None


def _rest(tail, size):
    """What follows 百, 千, 万: a lone digit counts the next smaller size, unless 零 stands before it."""
    if not tail:
        return Decimal(0)
    rest = _counted(tail.lstrip("〇零"))
    if rest is None or rest >= size or rest != int(rest):
        return None
    is_lone = len(tail) == 1 and size > 10
    return rest * size / 10 if is_lone else rest


def _told(typed, text, unit, example):
    if _UNKNOWN.search(text):
        return f"不知道准数，请按租赁合同、产权证或实际打算估一个数再填，例如 {example}；以后可以回来改"
    if _RANGE.search(text):
        return f"“{typed}”不是一个确切的数，请只填一个数，例如 {example}；差一点，要办的事项就可能不一样"
    return f"“{typed}”不是数字，请只填数字，例如 {example}" + (f"，单位是{unit}" if unit else "")
