"""One cell of a held licence: its text becomes the value that the register keeps, or a sentence. No database."""

import re
import unicodedata
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from certificates.models import LicenceStatus
from licensing.addresses import division_named
from licensing.forms.dates import day_of
from licensing.forms.text import AddressField, folded, tidied
from licensing.identifiers import check_uscc

FOR_EVER = "长期"
LONGEST = {"holder": 100, "number": 60, "scope": 2000, "premises": 100, "address": 200, "document": 60}
_FOR_EVER = {"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"}
# What programs write where a date has to stand.
_NEVER = {date(2099, 12, 31), date(9999, 12, 31)}
_SERIAL, _DAY_ZERO = re.compile(r"\d{5}"), date(1899, 12, 30)
_MIDNIGHT = re.compile(r"(.*\d[日号]?)[ T]+0?0:00(:00(\.0+)?)?")
_SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
# Marks that show nothing and change nothing: they come along when text is copied from pages.
_HARMLESS = re.compile("[\xad\u200b-\u200d\u2060\ufeff]")
_ADDRESS = AddressField()
_STATUSES = {status.label: status for status in LicenceStatus} | {
    "": LicenceStatus.VALID,
    "正常": LicenceStatus.VALID,
    "在用": LicenceStatus.VALID,
    "过期": LicenceStatus.VALID,
    "转出": LicenceStatus.TRANSFERRED,
}
_STATUSES |= {f"已{word}": status for word, status in _STATUSES.items() if word}


def visible(text):
    """Return the text without harmless marks. Raises ValueError for what cannot be read as it stands."""
    text = _HARMLESS.sub("", text)
    # Nearly all are: asked at once it takes a tenth of the time.
    if text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text:
        return text
    for place, character in enumerate(text, start=1):
        if character == "\N{REPLACEMENT CHARACTER}":
            raise ValueError(f"第 {place} 个字是乱码，请改正")
        if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\t\r\n":
            raise ValueError(f"第 {place} 个字是看不见的控制字符，请删去这一格重新填写")
    return text


def name(text, field):
    text = tidied(text)
    return _short_enough(text, field)


def number(text):
    """A 证照编号, cleaned as that of a grant is, so that one number is one licence."""
    return _short_enough(tidied(_whole(text)), "number")


def uscc(text):
    return check_uscc(_whole(text))


def scope(text):
    return _short_enough(
        "\n".join(line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()), "scope"
    )


def address(text):
    return _short_enough(_ADDRESS.tidy(text), "address")


def past_day(text, today):
    """Return a day on which something has happened."""
    day = _day(text)
    if day > today:
        raise ValueError(f"{_said(day)}还没有到，这里不能晚于今天，请核对")
    return day


def valid_until(text):
    """Return the last day, or None for 长期."""
    if re.sub(r"\s", "", text) in _FOR_EVER:
        return None
    day = _day_or_never(text)
    return None if day in _NEVER else day


def status(text):
    word = re.sub(r"\s", "", folded(text))
    if word not in _STATUSES:
        known = "、".join(status.label for status in LicenceStatus)
        raise ValueError(f"“{text[:20]}”不是认得的状态，请填{known}之一，有效的可以空着")
    return _STATUSES[word]


def division(text, where, divisions):
    """Return the code of the division that the text names, or the address where it is empty.

    where: the address; divisions: {name: code}, codes among the names.
    """
    said = re.sub(r"\s", "", folded(text))
    said = re.sub(r"^(广东省)?(阳江市(?=.))?", "", said) or said
    found = said or division_named(where)
    if found not in divisions:
        if not said:
            raise ValueError("请填写所在区县，从地址里看不出来")
        names = "、".join(each for each in divisions if not each.isdecimal())
        raise ValueError(f"“{text[:20]}”不是本市的区县，请填{names}之一")
    named = division_named(where)
    if said and named in divisions and divisions[named] != divisions[found]:
        raise ValueError(f"填的是{found}，地址里写的却是{named}，请核对")
    return divisions[found]


def _day_or_never(text):
    if re.sub(r"\D", "", folded(text)) == "99991231":
        return date(9999, 12, 31)
    return _day(text)


def _day(text):
    plain = folded(text).strip()
    if midnight := _MIDNIGHT.fullmatch(plain):
        plain = midnight[1]
    if _SERIAL.fullmatch(plain):
        # A day as spreadsheets count it, when the cell was not formatted as one.
        return _DAY_ZERO + timedelta(days=int(plain))
    try:
        return day_of(plain[:40])
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None


def _whole(text):
    if _SHORTENED.fullmatch(text.strip()):
        raise ValueError(f"“{text[:30]}”是被表格软件缩写的数字，位数已经丢失，请把这一列设成“文本”格式再重新填写")
    return text


def _short_enough(text, field):
    longest = LONGEST[field]
    if len(text) > longest:
        raise ValueError(f"最多 {longest} 个字，这里有 {len(text)} 个，请写短一些")
    return text


def _said(day):
    return f"{day.year}年{day.month}月{day.day}日"
