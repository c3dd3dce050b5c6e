"""Does an address say in which district it lies? Pure.

Which office is competent hangs on the district of the premises, and that is chosen, never read out of a text; here is
only told what a text leaves out or says otherwise.
"""

import re

# 区, 县, 旗, 市 as the end of a division's name: not 小区, 园区, 工业区, 超市, 市场.
_DIVISION = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:(?<![小社园业景校厂住库])区(?![域间位])|县|旗(?!舰)|(?<![超门城都夜])市(?![场政民区]))"
)
_PROVINCE = re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:省|自治区|特别行政区)")
_PREFECTURE = re.compile(r"^[\u4e00-\u9fff]{2,6}?(?:市|自治州|地区|盟)(?=[\u4e00-\u9fff]{2,12}?(?:区|县|旗|市))")


def names_a_division(address):
    """Does it name a county, a district or a city?"""
    return _DIVISION.search(_PROVINCE.sub("", address)) is not None


def division_named(address):
    """The innermost division that the address names first ("广东省阳江市阳东区始兴路8号" is in "阳东区"), or ""."""
    rest = _PREFECTURE.sub("", _PROVINCE.sub("", address))
    found = _DIVISION.match(rest)
    return found.group() if found else ""


def named_elsewhere(address, division):
    """The division that the address names instead of this one, or ""."""
    return "" if division in address else division_named(address)
