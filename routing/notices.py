"""The State Council's yearly notice of holidays as an operator types it, read strictly: every fault is named at once.

    年份: 2026
    依据: 国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）
    放假:
      元旦: 2026-01-01 至 2026-01-03
      ...
      国庆节: 2026-10-01 至 2026-10-07
    调休上班: [2026-01-04, 2026-02-14]

Pure, but for the files of `shipped`. Checked by 全国年节及纪念日放假办法 as revised in 2024.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from guidance.reading import StrictLoader, explain
from routing import statutory_holidays

HOLIDAYS = Path(__file__).resolve().parent / "holidays"
# A real notice has some 700 characters.
MAX_LENGTH = 10_000
YEARS = range(2025, 2100)
FIELDS = YEAR, SOURCE, HOLIDAYS_OFF, MAKE_UP_DAYS = "年份", "依据", "放假", "调休上班"
_RANGE = re.compile(r"(\S+)\s*至\s*(\S*)")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NoticeRefused(ValueError):
    """faults: sentences for the operator, each with its line."""

    def __init__(self, faults):
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Holiday:
    """Days off in a row; name may join two festivals: 国庆节、中秋节."""

    name: str
    first: date
    last: date
    line: int = 0

    @property
    def festivals(self):
        return self.name.split("、")

    def days(self):
        return [self.first + timedelta(days=later) for later in range((self.last - self.first).days + 1)]

    def __contains__(self, day):
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Notice:
    year: int
    source: str
    holidays: tuple
    make_up_days: tuple

    def days(self):
        """Return {date: (is it worked, name)} of the days that differ from Monday to Friday."""
        off = {day: (False, holiday.name) for holiday in self.holidays for day in holiday.days()}
        return off | dict.fromkeys(self.make_up_days, (True, ""))


def shipped():
    """Return the Notices that come with the portal, by year."""
    return [read(file.read_text(encoding="utf-8")) for file in sorted(HOLIDAYS.glob("*.yaml"))]


def read(text):
    """Return the Notice written in the text. Raises NoticeRefused with all its faults."""
    faults = []
    fields = _mapping(_root(text), "", faults)
    for key in set(FIELDS) - fields.keys():
        faults.append((0, f"没有写“{key}”。"))
    for key in fields.keys() - set(FIELDS):
        faults.append((_line(fields[key]), f"不认识“{_short(key)}”，只写 {'、'.join(FIELDS)}。"))
    year = _year(fields.get(YEAR), faults)
    source = _source(fields.get(SOURCE), faults)
    holidays = _holidays(fields.get(HOLIDAYS_OFF), faults)
    make_up_days = _make_up_days(fields.get(MAKE_UP_DAYS), faults)
    if year:
        sound = not faults
        faults += statutory_holidays.faults(year, holidays, make_up_days, in_balance=sound)
    if faults:
        raise NoticeRefused([f"第{line}行：{why}" if line else why for line, why in sorted(faults, key=_by_line)])
    return Notice(year, source, tuple(holidays), tuple(sorted(day for day, _ in make_up_days)))


def _root(text):
    if len(text) > MAX_LENGTH:
        raise NoticeRefused([f"内容太长了（{len(text)}个字），请只粘贴一年的安排。"])
    try:
        root = yaml.compose(text, StrictLoader)
    except yaml.YAMLError as error:
        raise NoticeRefused([explain(error)]) from None
    except RecursionError:
        raise NoticeRefused(["嵌套太深。"]) from None
    if not isinstance(root, yaml.MappingNode):
        raise NoticeRefused([f"请按格式写 {'、'.join(FIELDS)} 四项。"])
    return root


def _mapping(node, what, faults):
    """{key: value node}; a key that is no text or written twice is a fault."""
    if not isinstance(node, yaml.MappingNode):
        faults.append((_line(node), f"{what}要写成“节日: 开始日期 至 结束日期”，一行一个。"))
        return {}
    values = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.append((_line(key), "冒号前只能是文字。"))
        elif key.value in values:
            faults.append((_line(key), f"“{_short(key.value)}”写了两次。"))
        else:
            values[key.value] = value
    return values


def _year(node, faults):
    if node is None:
        return None
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    if re.fullmatch("[0-9]{4}", text) and int(text) in YEARS:
        return int(text)
    faults.append((_line(node), f"年份要写四位数字的年份，{YEARS[0]} 至 {YEARS[-1]}。"))
    return None


def _source(node, faults):
    text = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
    if node is not None and not 0 < len(text) <= 200:
        faults.append((_line(node), "依据要写通知的名称和文号，不超过 200 字。"))
    return text


def _holidays(node, faults):
    if node is None:
        return []
    holidays = []
    for name, value in _mapping(node, HOLIDAYS_OFF, faults).items():
        text = value.value.strip() if isinstance(value, yaml.ScalarNode) else ""
        written = _RANGE.fullmatch(text)
        if not written or not written[2]:
            why = "没有写结束日期" if written or _ISO.fullmatch(text) else "要写成“2026-05-01 至 2026-05-05”"
            faults.append((_line(value), f"{_short(name)}：{why}；只放一天也写“开始日期 至 结束日期”。"))
            continue
        first, last = (_date(one, value, _short(name), faults) for one in written.groups())
        if first and last:
            holidays.append(Holiday(name, first, last, _line(value)))
    return holidays


def _make_up_days(node, faults):
    """[(date, line)]; none in a year without is written []."""
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        faults.append((_line(node), "调休上班要写成 [日期, 日期]，没有就写 []。"))
        return []
    days = [
        (_date(one.value if isinstance(one, yaml.ScalarNode) else "", one, MAKE_UP_DAYS, faults), _line(one))
        for one in node.value
    ]
    return [(day, line) for day, line in days if day]


def _date(text, node, where, faults):
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    faults.append((_line(node), f"{where}：没有“{_short(text)}”这一天，日期要写成 2026-05-01 这样。"))
    return None


def _by_line(fault):
    return fault[0]


def _line(node):
    return node.start_mark.line + 1


def _short(text):
    return text if len(text) <= 20 else f"{text[:20]}…"
