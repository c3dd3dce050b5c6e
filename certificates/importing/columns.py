"""The columns of a file of held licences, and which of a file's headings names which. Pure, and free of Django."""

import re
import unicodedata
from dataclasses import dataclass

MAX_ROWS = 100_000
ERRORS = "错误"
# Titles and remarks that people put above the headings.
_LINES_ABOVE = 5


class Refused(ValueError):
    """The whole file cannot be taken; the message is one sentence for the officer."""


@dataclass(frozen=True)
class Column:
    field: str
    heading: str
    hint: str
    required: bool = False
    also: tuple = ()


COLUMNS = (
    Column(
        "holder",
        "持证主体名称",
        "营业执照上的全称",
        True,
        ("持证主体", "持证人", "持证人名称", "持证单位", "企业名称", "单位名称", "主体名称", "经营者名称", "名称"),
    ),
    Column("uscc", "统一社会信用代码", "18 位", True, ("信用代码", "社会信用代码", "持证主体代码", "uscc")),
    Column("number", "证照编号", "证上印的编号", True, ("许可证编号", "许可证号", "证书编号", "证号", "编号")),
    Column("issued_on", "发证日期", "例如 2024-05-06", True, ("颁发日期", "签发日期", "发证时间", "颁证日期")),
    Column("valid_until", "有效期至", "日期，或者 长期", True, ("有效期", "有效期止", "有效截止日期", "有效期限至")),
    Column("scope", "许可范围", "没有的不填", also=("许可内容", "许可项目", "经营项目", "经营范围")),
    Column("premises", "经营场所名称", "没有店名的不填", also=("场所名称", "门店名称", "店名")),
    Column("address", "经营场所地址", "不限场所的证不填", also=("经营场所", "场所地址", "经营地址", "地址")),
    Column("division", "所在区县", "例如 江城区", also=("区县", "所属区县", "所在区", "行政区划", "所属区域")),
    Column("status", "状态", "空着就是有效", also=("证照状态", "证件状态", "证书状态")),
    Column("status_on", "状态日期", "状态不是有效时填", also=("状态变更日期", "失效日期", "注销日期")),
    Column("document", "决定文号", "状态不是有效时填", also=("文号", "决定书文号", "文书编号")),
    Column("identifier", "电子证照标识", "有电子证照时填", also=("证照标识", "电子证照标识码", "identifier")),
)
_BY_NAME = {name: column for column in COLUMNS for name in (column.heading, column.field, *column.also)}


@dataclass(frozen=True)
class Headings:
    """What a file's heading row says. names: one for each of its columns, no two alike; fields: {field: name}."""

    names: tuple
    fields: dict
    unknown: tuple

    def cells(self, texts):
        """{name: text} of a row, {"": …} for what stands to the right of all headings."""
        named, further = dict(zip(self.names, texts, strict=False)), texts[len(self.names) :]
        return named | ({"": "、".join(filter(None, further))} if any(further) else {})


class Finder:
    """Looks for the heading row among the first rows that are not empty."""

    def __init__(self):
        self._seen = 0

    def heading_of(self, texts):
        """Return the Headings that this row holds, or None. Raises Refused."""
        self._seen += 1
        found = [_BY_NAME.get(plain(text)) for text in texts]
        known = sum(map(bool, found))
        # At least three, and half of what is written: a title above names one at most.
        if known >= 3 and 2 * known >= sum(map(bool, texts)):
            return _headings(texts, found)
        if self._seen >= _LINES_ABOVE:
            raise Refused(no_heading())
        return None


def no_heading():
    wanted = "、".join(column.heading for column in COLUMNS if column.required)
    return f"前 {_LINES_ABOVE} 行里没有找到表头。请在第一行写上每一栏的名称（{wanted}等），或者用模板填写"


def plain(text):
    """A heading without what people add to it: spaces, stars, remarks in brackets; full width folded."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\(.*?\)|[\s*:]", "", text).casefold()


def key(number):
    """What two numbers have in common that are one, however they were typed."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).casefold()


def _headings(texts, found):
    places = {}
    for place, column in enumerate(found):
        if column:
            places.setdefault(column, []).append(place)
    for column, several in places.items():
        if len(several) > 1:
            where = "、".join(f"第 {place + 1} 栏“{texts[place]}”" for place in several)
            raise Refused(f"“{column.heading}”有不止一栏（{where}），请只留一栏再传")
    if missing := [column.heading for column in COLUMNS if column.required and column not in places]:
        raise Refused(f"缺少“{'”“'.join(missing)}”这一栏，请在表头补上这一栏并填好每一行再传")
    names = _distinct(texts)
    fields = {column.field: names[place] for column, (place,) in places.items()}
    mistaken = [
        name
        for name, column, text in zip(names, found, texts, strict=True)
        if text and not column and plain(text) != ERRORS
    ]
    return Headings(tuple(names), fields, tuple(mistaken))


def _distinct(texts):
    names = []
    for place, text in enumerate(texts, start=1):
        name = text[:60] or f"第 {place} 栏"
        names.append(name if name not in names else f"{name}（第 {place} 栏）")
    return names
