"""A sample (范例表) of an item's own form: every field filled in with what is plainly an example. Pure.

The values stand the form's own checks and the item's own conditions, so whoever fills in the like is not sent back.
"""

from decimal import Decimal

from guidance import wording
from licensing.identifiers import resident_check_character
from licensing.models import Application
from licensing.printed import Filing
from licensing.snapshots import PROMISE
from licensing.values import computed_value

_DAY = "2026-03-01"
# No person is given the number 000 of a day.
_NOBODY = "44170219900101000"
_ID = _NOBODY + resident_check_character(_NOBODY)
_PERSON = "样例张三"
_APPLICANT = {
    "name": "样例有限公司",
    "uscc": "91441702EX00000108",
    "legal_representative": _PERSON,
    "place": "样例店",
    "division": "江城区",
    "address": "漠江路样例1号",
}
# By what the label ends with, for people know a field by its label; else the label itself says what stands there.
_TEXTS = {
    "姓名": _PERSON,
    "姓名或名称": _PERSON,
    "产权人": "样例李四",
    "主体名称": "样例有限公司",
    "经营范围": "（样例）食品销售；餐饮服务；日用百货销售",
    "经营项目": "（样例）现做奶茶、咖啡，卖原包装零食",
    "楼层": "1层",
    "营业时间": "9:00—22:00",
    "身份证号或统一社会信用代码": _ID,
    "岗位": "（样例）店员",
    "车牌号（拟购置的可不填）": "粤Q样例01",
    "准驾车型": "B2",
}


def sample_of(release, catalogue, code):
    """Return the Filing of an item's form filled in as a sample; nothing of it is in the database. Raises KeyError."""
    item = catalogue.items[code]
    values = example_values(catalogue, item)
    return Filing(
        application=Application(release=release),
        values=values,
        signed=values,
        disputes={},
        applicant=_APPLICANT,
        elements={code: list(item.form_fields)},
        papers=tuple(_paper(material, code) for material in item.materials if not material.only_when_committed),
        commitments={},
        deferral="",
        promise=PROMISE,
        is_sample=True,
    )


def example_values(catalogue, item):
    """Return {element code: an example}, as an application keeps values; what the system fills stays empty."""
    elements = [catalogue.elements[code] for code in item.form_fields]
    wanted = {condition.check["field"]: condition.check["value"] for condition in item.conditions if condition.check}
    # A number that is counted from a table asks for as many rows.
    wanted |= {
        one.computed["rows"]: wanted[one.code]
        for one in elements
        if one.computed and one.computed["op"] == "count" and one.code in wanted
    }
    values = {one.code: _value(one, wanted.get(one.code)) for one in elements if not one.system_filled}
    for element in elements:
        if element.computed and (value := computed_value(element, values)) is not None:
            values[element.code] = value
    return values


def _value(element, wanted=None):
    """wanted: what a condition of the item asks of it, or None."""
    kinds = {
        "boolean": lambda: True if wanted is None else wanted,
        "choice": lambda: element.choices[0].value if wanted is None else wanted,
        "multichoice": lambda: [element.choices[0].value],
        "date": lambda: _DAY,
        "integer": lambda: int(_number(element, wanted)),
        "decimal": lambda: f"{_number(element, wanted):f}",
        "id_number": lambda: _ID,
        "uscc": lambda: _APPLICANT["uscc"],
        "phone": lambda: "13800138000",
        "address": lambda: "广东省阳江市江城区漠江路样例1号",
        "rows": lambda: [_row(element)] * max(element.validation.get("min_rows", 1), wanted or 1),
        "text": lambda: _text(element),
    }
    return kinds[element.type]()


def _row(element):
    """A row of a table; what is listed in it is called as the table is."""
    row = {column.code: _value(column) for column in element.columns}
    return row | {column.code: f"（样例）{element.label}" for column in element.columns if column.label == "名称"}


def _number(element, wanted):
    """What the condition asks for, or a small number, within what the form takes."""
    low, high = element.validation.get("min", 0), element.validation.get("max")
    number = Decimal(str(wanted if wanted is not None else max(low, 10)))
    return min(number, Decimal(str(high))) if high is not None else number


def _text(element):
    if "@" in element.validation.get("pattern", ""):
        return "yangli@example.com"
    fitting = [ending for ending in _TEXTS if element.label.endswith(ending)]
    text = _TEXTS[max(fitting, key=len)] if fitting else f"（样例）{element.label}"
    return text[: element.validation.get("max_length", len(text))]


def _paper(material, code):
    how, due = wording.usual_provider(material), wording.when_due(material)
    note = "" if due in ("必交", "不用您准备") else due
    return {"code": material.code, "name": material.name, "how": how, "note": note, "items": (code,)}
