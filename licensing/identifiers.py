"""The numbers that name enterprises and people (GB 32100-2015, GB 11714, GB 11643-1999). Pure.

Each check returns the number as it is stored, or raises ValueError with a sentence for the person who typed it. A pass
says "well formed", never "exists". The six division digits are those of the time of coding, many since abolished, so
they are never compared with a list and never taken as a jurisdiction.
"""

from datetime import date

from django.utils import timezone

from guidance.codes import normalise

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Registering department: its categories. GB 32100-2015 with amendment 1 of 2016; older tables are superseded.
USCC_CATEGORIES = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
# Who files here: 企业, 个体工商户, 农民专业合作社.
APPLICANTS = ("91", "92", "93")
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"


def check_uscc(text, *, applicant=False):
    """Return a 统一社会信用代码 as its 18 characters; applicant: only the kinds that may file here.

    Every single wrong character and every swap of two neighbours is found: the weights are distinct and not 0 modulo
    the prime 31. Raises ValueError.
    """
    code = normalise(text)
    _check_uscc_shape(code)
    if code[1] not in USCC_CATEGORIES.get(code[0], ""):
        raise ValueError(f"统一社会信用代码不会以“{code[:2]}”开头，请对照营业执照核对前两位。")
    if applicant and code[:2] not in APPLICANTS:
        raise ValueError(
            "这里为企业、个体工商户和农民专业合作社办理，代码以 91、92 或 93 开头。请核对，或者改填营业执照上的代码。"
        )
    if not _is_digits(code[2:8]):
        raise ValueError("统一社会信用代码的第 3 至 8 位都是数字，请对照营业执照核对。")
    if code[17] != uscc_check_character(code):
        raise ValueError("统一社会信用代码对不上自身的校验码，至少有一位填错了，请对照营业执照逐位核对。")
    if code[16] != organisation_check_character(code[8:16]):
        raise ValueError("统一社会信用代码的第 9 至 17 位（组织机构代码）对不上校验码，请对照营业执照核对这一段。")
    return code


def check_resident_id(text):
    """Return a 公民身份号码 (or 港澳台居民居住证号码) as 18 characters, X upper case. Raises ValueError.

    Every single wrong character and every swap of two neighbours that differ is found.
    """
    code = normalise(text)
    if not code:
        raise ValueError("请填写身份证号码。")
    if len(code) == 15 and _is_digits(code):
        raise ValueError("15 位身份证号码已经停用，请填写现在身份证上的 18 位号码。")
    if len(code) != 18:
        raise ValueError(f"身份证号码是 18 位，您填了 {len(code)} 位，请核对。")
    _check_alphabet(code[:17], "0123456789", "身份证号码的前 17 位都是数字")
    _check_birth(code[6:14])
    if code[17] != resident_check_character(code):
        raise ValueError("身份证号码对不上自身的校验码，至少有一位填错了，请对照身份证逐位核对。")
    return code


def uscc_check_character(code):
    """The 18th character for the first 17. The outer % 31 makes remainder 0 a "0" and keeps it on the table."""
    total = sum(USCC_ALPHABET.index(character) * weight for character, weight in zip(code, USCC_WEIGHTS, strict=False))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(code):
    values = (ORGANISATION_ALPHABET.index(character) for character in code)
    total = sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=False))
    return "0X987654321"[total % 11]


def resident_check_character(code):
    return RESIDENT_CHECKS[sum(int(digit) * weight for digit, weight in zip(code, RESIDENT_WEIGHTS, strict=False)) % 11]


def _check_uscc_shape(code):
    if not code:
        raise ValueError("请填写统一社会信用代码。")
    if len(code) == 15 and _is_digits(code):
        raise ValueError("这是旧的 15 位注册号，请填写营业执照上 18 位的统一社会信用代码。")
    if len(code) != 18:
        raise ValueError(f"统一社会信用代码是 18 位，您填了 {len(code)} 位，请核对。")
    rule = "统一社会信用代码由数字和大写字母组成，不用 I、O、S、V、Z，看着像的多半是数字 1、0、5、2"
    _check_alphabet(code, USCC_ALPHABET, rule)


def _check_alphabet(code, alphabet, rule):
    for place, character in enumerate(code, start=1):
        if character not in alphabet:
            shown = character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
            raise ValueError(f"第 {place} 位的“{shown}”不能用：{rule}。")


def _check_birth(digits):
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError(f"身份证号码第 7 至 14 位“{digits}”不是一个存在的日期，请对照身份证核对。") from None
    if born_on > timezone.localdate():
        raise ValueError(f"身份证号码里的出生日期“{digits}”还没有到，请对照身份证核对。")


def _is_digits(text):
    return text.isascii() and text.isdecimal()
