"""告知承诺 (plan art. 9): what the applicant is told before choosing it, and the words of the promise. Pure."""

from dataclasses import dataclass

from guidance.requirements import conditions_of, is_promised, materials_of
from guidance.wording import committed_limit, span

# A new wording gets a new version: what was promised stands in each snapshot.
VERSION = "2026-01"
_CHECKS = {
    "after": "到现场核查",
    "none": "通过书面材料、数据比对等方式核查",
    "before": "先到现场核查，再作决定；办成以后再核查一次",
}
CONSEQUENCES = (
    "作出决定以前发现承诺不实的，终止办理。",
    "办成以后发现承诺不实的，责令限期整改；到期没有整改，或者整改后仍不符合条件的，撤销办理结果，并依法处理。",
    "承诺不实的记入失信记录，信用修复以前不再适用告知承诺和容缺受理。",
)
PROMISES = (
    "已经知道上面告知的全部内容；",
    "已经符合上面列出的条件，能够按要求提供由承诺代替的材料；",
    "填写的内容和提交的材料真实、合法、有效；",
    "接受并配合核查，核查发现问题的，在期限内整改；",
    "愿意承担承诺不实的后果和相应的法律责任；",
    "以上承诺是真实意思表示。",
)


@dataclass(frozen=True)
class Notice:
    """告知: each attribute is a sentence or a tuple of sentences or names, the same on the page and in the snapshot."""

    basis: tuple
    conditions: tuple
    replaced: tuple  # papers for which the promise stands
    papers: tuple  # papers that the item asks for all the same
    limit: str
    check: str
    consequences: tuple


def notice_of(plan, code):
    """Return the Notice of an item that may be filed by promise, whether or not it is yet."""
    item, facts = plan.catalogue.items[code], plan.situation.facts
    asked = materials_of(item, facts, plan.values, committed=True)
    return Notice(
        basis=tuple(f"《{basis.title}》{basis.article}" for basis in item.legal_basis),
        conditions=tuple(condition.text for condition in conditions_of(item, plan.situation)),
        replaced=tuple(material.name for material in asked if is_promised(material, facts)),
        papers=tuple(material.name for material in asked if not is_promised(material, facts)),
        limit=_limit(item),
        check=_check(item),
        consequences=CONSEQUENCES,
    )


def text_of(plan, code):
    """Return the paragraphs of the item's 告知承诺书."""
    item, notice = plan.catalogue.items[code], notice_of(plan, code)
    return [
        f"“{item.name}”告知承诺书",
        "一、告知",
        f"办理依据：{'、'.join(notice.basis)}。",
        "应当符合的条件：",
        *[f"{number}. {text}" for number, text in enumerate(notice.conditions, start=1)],
        f"由承诺代替、不用提交的材料：{'、'.join(notice.replaced) or '没有'}。",
        f"仍然要有的材料：{'、'.join(notice.papers) or '没有'}。",
        notice.limit,
        notice.check,
        *notice.consequences,
        "二、承诺",
        f"我（单位）自愿选择按告知承诺办理“{item.name}”，并承诺：",
        *PROMISES,
    ]


def commitments(plan):
    """Return {item code: {"version", "text": [paragraphs]}} of the items filed by promise."""
    return {code: {"version": VERSION, "text": text_of(plan, code)} for code in plan.committed}


def _limit(item):
    limit = committed_limit(item, by_promise=True)
    return f"材料收齐以后{limit}。" if limit == "当天办结" else f"材料收齐以后 {limit}内作出决定。"


def _check(item):
    within, how = item.commitment.verify_within, _CHECKS[item.commitment.survey_timing]
    if not within:
        return "办成以后不再专门核查，按日常监管检查。"
    return f"办成以后 {span(within)}内，按规定的比例抽取，由{item.department}{how}。"
