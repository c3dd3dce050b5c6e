"""The numbers printed on licences (证照编号), where it is known how they are made up. Pure.

Such a rule warns and never refuses: numbers of earlier years and of other places were made by other rules.
"""

import re

from guidance.codes import normalise

# 食品经营许可证: form of business, province, city, county, sequence, check digit.
_FOOD = re.compile(r"JY([0-9])([0-9]{12})([0-9])")
_FOOD_FORMS = {"1": "食品销售", "2": "餐饮服务", "3": "集中用餐单位食堂"}


def warning(item_code, number):
    """Return why the number does not look like one of this item's licences, a sentence for an officer, or ""."""
    rule = _RULES.get(item_code)
    return rule(normalise(number)) if rule and number else ""


def check_digit(digits):
    """Return the check digit that follows the digits, ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return str((11 - product) % 10)


def _food_operation(number):
    parts = _FOOD.fullmatch(number)
    if not parts:
        return f"食品经营许可证编号一般是“JY”加 14 位数字，“{number}”不是这样。"
    form, place, check = parts.groups()
    if form not in _FOOD_FORMS:
        known = "、".join(f"{code} {name}" for code, name in _FOOD_FORMS.items())
        return f"食品经营许可证编号“JY”后的第一位是经营形式（{known}），“{form}”不是其中一个。"
    if check != check_digit(form + place):
        return f"食品经营许可证编号“{number}”的最后一位对不上校验码，可能有一位填错了。"
    return ""


_RULES = {"food-operation": _food_operation}
