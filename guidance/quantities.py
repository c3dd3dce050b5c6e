"""A number as people type it on a phone: full-width digits, spaces, thousands marks, its unit. Pure."""

import re
import unicodedata
from decimal import Decimal

# How people write a unit beside the official word, and how many of the official one it is. What is exact is counted
# over, so that "50万元" where yuan are asked is not taken for 50 yuan.
_LENGTHS = {"厘米": "0.01", "cm": "0.01", "公里": "1000", "千米": "1000", "km": "1000"}
UNITS = {
    "平方米": {"平方米": "1", "平方": "1", "平米": "1", "平": "1", "方": "1", "m2": "1"},
    "立方米": {"立方米": "1", "立方": "1", "方": "1", "m3": "1"},
    "万元": {"万元": "1", "万": "1", "亿元": "10000", "亿": "10000", "元": "0.0001"},
    "元": {"元": "1", "块": "1", "万元": "10000", "万": "10000", "亿元": "100000000", "亿": "100000000"},
    "米": {"米": "1", "m": "1"} | _LENGTHS,
    "千克": {"千克": "1", "公斤": "1", "kg": "1", "吨": "1000", "斤": "0.5"},
    "%": {"%": "1"},
    "人": {"个人": "1", "人": "1", "名": "1", "位": "1", "个": "1"},
    "间": {"间": "1", "间房": "1", "个房间": "1"},
    "层": {"层": "1", "层楼": "1"},
}
# Written before an amount of money.
_BEFORE = re.compile(r"^(人民币|rmb|cny|¥)")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
# A comma that parts no thousands may be somebody's decimal point: "1,5" is not 15.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def bare_number(typed, unit=""):
    """Return what was typed as digits with at most a sign and a point, in this unit, or None.

    "1,200 平方米" is "1200"; where 万元 are asked "50万" is "50" and "500000元" too. Trailing zeros stay as typed.
    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).lower()
    if unit in ("元", "万元"):
        text = _BEFORE.sub("", text)
    text, times = without_unit(text, unit)
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    return text if times == 1 else plain(Decimal(text) * times)


def without_unit(text, unit):
    """The text before the unit, and what its number is to be multiplied by."""
    written = UNITS.get(unit, {unicodedata.normalize("NFKC", unit).lower(): "1"})
    for word in sorted(filter(None, written), key=len, reverse=True):
        if text.endswith(word):
            return text.removesuffix(word), Decimal(written[word])
    return text, Decimal(1)


def plain(number):
    """A Decimal as digits, without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
