"""The words of the decision that ends a licence or a grant (决定书). Pure: facts in, title and paragraphs out."""

from certificates.grounds import BY_THE_HOLDER, FALSE_PROMISE, ground_text
from certificates.models import EndingKind
from guidance.schema import LICENCE
from licensing.wording import day_text
from routing.documents import REMEDIES

# By the item's kind.
_WHAT = {"行政许可": "行政许可", "备案": "备案", "公共服务": "办理结果"}


def title(kind, item_kind=LICENCE):
    """item_kind: one of guidance.schema.KINDS, by which the decision is named."""
    return f"{EndingKind(kind).label}{_WHAT[item_kind]}决定书"


def of_licence(licence):
    """The opening words on a licence."""
    return f"你（单位）持有的“{licence.name}”（编号 {licence.number}，{day_text(licence.issued_on)}发证）"


def of_grant(task):
    """The same on a grant that made no licence."""
    return f"你（单位）申请的“{task.item.name}”（办件编号 {task.application.number}）"


def paragraphs(kind, subject, facts):
    """subject: the opening words; facts: cleaned values of the kind's form, with "ground"."""
    word = EndingKind(kind).label
    lines = [
        f"{subject}，经本机关决定，予以{word}。",
        f"依据：{ground_text(kind, facts['ground'])}。",
        f"事实和理由：{facts['reason']}",
        f"陈述和申辩：{facts['heard']}" if facts.get("heard") else "",
        *_consequences(kind, facts),
        REMEDIES,
    ]
    return [line for line in lines if line]


def _consequences(kind, facts):
    if kind == EndingKind.WITHDRAW:
        yield f"因撤回造成财产损失的，依法给予补偿：{facts['compensation']}"
    if kind == EndingKind.ANNUL and facts["ground"] in BY_THE_HOLDER:
        yield "基于它取得的利益不受保护。"
    elif kind == EndingKind.ANNUL:
        yield "你（单位）的合法权益因此受到损害的，可以依法申请赔偿。"
    if facts["ground"] == FALSE_PROMISE:
        yield "本机关同时将你（单位）列入失信主体名单；修复前不适用告知承诺和容缺受理。"
    yield "本决定自作出之日起生效；持有证照的，请交回本机关。"
