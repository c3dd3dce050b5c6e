"""The lists that a city publishes of its items, each made from the catalogue's own keys. Pure.

马上办、网上办、就近办、一次办: 中办、国办《关于深入推进审批服务便民化的指导意见》(2018), part 2 (1). Where a list holds
all items by its definition, it says so.
"""

from collections.abc import Callable
from dataclasses import dataclass

from guidance import wording

_COUNTY_LEVEL = "县级"
# 即办件: decided on the spot or on the next working day.
_AT_ONCE = 1
_POLICY = "《关于深入推进审批服务便民化的指导意见》（中办、国办，2018年）“马上办、网上办、就近办、一次办”"


@dataclass(frozen=True)
class Row:
    item: object
    texts: tuple  # what stands under the headings after 事项
    included: bool = True  # False: it is only said why it is not on the list


@dataclass(frozen=True)
class List:
    code: str
    name: str
    what: str  # what puts an item on it
    basis: str
    headings: tuple  # the first is the item's name
    rows_of: Callable  # Catalogue -> Rows, in the catalogue's order

    def rows(self, catalogue):
        return [row for item in catalogue.items.values() for row in self.rows_of(item)]

    def table(self, catalogue):
        """The rows as lists of texts, one under each heading: what is downloaded."""
        return [[row.item.name, *row.texts] for row in self.rows(catalogue)]


def _at_once(item):
    """Those decided within a working day that nobody has to look at beforehand, by promise or without one."""
    if item.committed_days <= _AT_ONCE and item.survey_timing != "before":
        yield Row(item, (*_where(item), wording.committed_limit(item), "不用"))
    elif item.commitment and item.commitment.committed_days <= _AT_ONCE and item.commitment.survey_timing != "before":
        yield Row(item, (*_where(item), wording.committed_limit(item, by_promise=True), "要选择告知承诺"))


def _online(item):
    """All: whatever is asked for is filed, mended, followed and given out here."""
    yield Row(item, (*_where(item), item.certificate_name or "不发证，办好后通知您", wording.fee(item)))


def _nearby(item):
    """Those decided in the county or district where the premises are, not by the city."""
    if item.level == _COUNTY_LEVEL:
        yield Row(item, (*_where(item), "经营场所所在县（市、区）的办事大厅"))


def _once(item):
    """Those for which nothing is due from the applicant between handing in and the result."""
    if item.survey_timing != "before":
        yield Row(item, (*_where(item), wording.survey(item.survey_timing)))


def _deferrable(item):
    """The papers that may follow: 广东省优化营商环境条例 art. 32; item and paper must both allow it."""
    if not item.deferrable:
        return
    for material in item.materials:
        if material.deferrable:
            yield Row(item, (item.department, material.name, f"{material.defer_days} 个工作日", material.defer_method))


def _by_promise(item):
    """All items: those filed by promise (广东省优化营商环境条例 art. 36), the rest with their reason (plan art. 9)."""
    if item.commitment_allowed:
        narrowed = "符合条件的可以，回答问题后告诉您" if item.commitment_when else "可以，由您选择"
        limit = wording.committed_limit(item, by_promise=True)
        yield Row(item, (item.department, narrowed, limit, wording.verified(item.commitment), item.commitment_reason))
    else:
        yield Row(item, (item.department, "不实行", "", "", wording.why_no_promise(item)), included=False)


def _where(item):
    return item.department, item.level


_PLACE = ("事项", "办理部门", "层级")
LISTS = {
    one.code: one
    for one in (
        List(
            "at-once",
            "马上办",
            "材料齐全的，当天或者 1 个工作日内办结，决定之前不用到现场看。",
            _POLICY,
            (*_PLACE, "多久办好", "要不要承诺"),
            _at_once,
        ),
        List(
            "online",
            "网上办",
            "全部事项。每一项都能在这里申请、补正、看进度、领结果，不用到现场；愿意到窗口办的也可以。",
            _POLICY,
            (*_PLACE, "结果", "收费"),
            _online,
        ),
        List(
            "nearby",
            "就近办",
            "由经营场所所在的县（市、区）办理，到附近的办事大厅就行；其余的由市级办理，可以在网上办。",
            _POLICY,
            (*_PLACE, "在哪里办"),
            _nearby,
        ),
        List(
            "once",
            "一次办",
            "材料齐全的，交一次就办结，决定之前不用等人到现场看。其余的也只交一次材料，现场由工作人员上门看。",
            _POLICY,
            (*_PLACE, "现场查看"),
            _once,
        ),
        List(
            "deferrable",
            "容缺受理",
            "主要材料齐全、只缺这些材料的，写下承诺就先受理，在期限内补交。",
            "《广东省优化营商环境条例》第三十二条",
            ("事项", "办理部门", "可后补的材料", "补交期限", "怎样补交"),
            _deferrable,
        ),
        List(
            "by-promise",
            "告知承诺",
            "能按告知承诺办的，先看清条件、作出承诺，就按承诺办理，办好后核查；不实行的写明理由。选不选由您决定。",
            "《广东省优化营商环境条例》第三十六条；阳江市“一照通行”改革实施方案第九条",
            ("事项", "办理部门", "能不能承诺", "承诺后多久办好", "什么时候核查", "说明"),
            _by_promise,
        ),
    )
}
