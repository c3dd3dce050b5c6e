"""The words of the documents that a move issues. Plain Chinese; each names the item, the reason and what can be done.

Pure: a task in, an unsaved Document out; routing.moving numbers and keeps it.
"""

from django.utils.timezone import localdate

from guidance.schema import LICENCE
from licensing.wording import day_text
from routing.models import Document, DocumentKind

# 行政复议法 art. 20, 行政诉讼法 art. 46: counted from the day the applicant knows.
REMEDIES = (
    "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，"
    "或者自收到本决定书之日起六个月内向人民法院提起行政诉讼。"
)
# Titles for what is no 行政许可: a filing or service has no 决定书.
_PLAIN_TITLES = {
    DocumentKind.ACCEPTANCE: "收件通知书",
    DocumentKind.DEFERRED_ACCEPTANCE: "容缺收件通知书",
    DocumentKind.CORRECTION: "补齐材料告知书",
    DocumentKind.NON_ACCEPTANCE: "不予办理通知书",
    DocumentKind.REFUSAL: "不予办理通知书",
}


def acceptance(task, *, by_silence=False):
    paragraphs = [f"{_whose(task)}{_taken(task, '材料齐全，符合规定形式', by_silence)}"]
    if task.committed_due_on:
        paragraphs.append(f"本机关承诺在{_until(task.committed_due_on)}办结。")
    if task.statutory_due_on:
        paragraphs.append(f"法定办结期限到{day_text(task.statutory_due_on)}为止。")
    return _document(task, DocumentKind.ACCEPTANCE, paragraphs)


def deferred_acceptance(task, deferrals, *, by_silence=False):
    """deferrals: (name of the paper, last day to supply it) each."""
    lines = [f"{name}：请在{_until(due_on)}补交。" for name, due_on in deferrals]
    paragraphs = [
        f"{_whose(task)}{_taken(task, '主要材料齐全，次要材料暂缺，按容缺受理办理', by_silence)}",
        *lines,
        f"补齐前不作出{'准予决定' if _is_licence(task) else '办理结果'}；到期没有补齐的，终止办理。",
    ]
    return _document(task, DocumentKind.DEFERRED_ACCEPTANCE, paragraphs)


def _taken(task, why, by_silence):
    if by_silence:
        # Licensing Law art. 32(4).
        return (
            f"在规定期限内没有告知需要补正，自收齐申请材料之日（{day_text(localdate(task.accepted_at))}）起即为受理。"
        )
    return f"{why}，{'现予受理' if _is_licence(task) else '已经收下，开始办理'}。"


def correction(task, points, answer_due_on=None):
    """points: the CorrectionPoints, all at once (Licensing Law art. 32(4))."""
    lines = [f"{point.number}. {point.label}：{point.text}" for point in points]
    closing = (
        f"请在{_until(answer_due_on)}补正，逾期没有补正的，退回申请。" if answer_due_on else "补正后重新计算办理期限。"
    )
    return _document(
        task, DocumentKind.CORRECTION, [f"{_whose(task)}需要补正，现将全部内容一次性告知：", *lines, closing]
    )


def non_acceptance(task):
    word = "不予受理" if _is_licence(task) else "不予办理"
    to = f"请向{task.right_authority}申请。" if task.right_authority else ""
    return _document(
        task, DocumentKind.NON_ACCEPTANCE, [f"{_whose(task)}{word}。", f"理由：{task.reason}", to, _remedies(task)]
    )


def grant(task):
    """None for a filing or a service: they have no 决定书."""
    if not _is_licence(task):
        return None
    face, prior = task.face, task.application.prior_licence
    what = f"准予{task.application.get_purpose_display()}{prior.text}" if prior else "准予行政许可"
    paragraphs = [f"{_whose(task)}经审查，符合法定条件，{what}。"]
    if face.get("number"):
        paragraphs.append(f"证照编号：{face['number']}。")
    if face.get("scope"):
        paragraphs.append(f"许可范围：{face['scope']}。")
    paragraphs.append("证照自作出决定之日起十个工作日内送达。")
    return _document(task, DocumentKind.GRANT, paragraphs)


def refusal(task):
    word = "经审查，不予行政许可。" if _is_licence(task) else "经核对，不予办理。"
    return _document(task, DocumentKind.REFUSAL, [f"{_whose(task)}{word}", f"理由：{task.reason}", _remedies(task)])


def extension(task, days, reason):
    due = task.statutory_due_on or task.committed_due_on
    return _document(
        task,
        DocumentKind.EXTENSION,
        [
            f"{_whose(task)}在期限内不能作出决定，经本机关负责人批准，延长{days}个工作日，到{day_text(due)}为止。",
            f"延长的理由：{reason}",
        ],
    )


def special_procedure(task, stop):
    expected = f"预计到{day_text(stop.expected_on)}结束。" if stop.expected_on else ""
    return _document(
        task,
        DocumentKind.SPECIAL_PROCEDURE,
        [
            f"{_whose(task)}需要进行{stop.get_kind_display()}，自{day_text(stop.started_on)}开始，{expected}",
            f"事由：{stop.reason}",
            # Art. 45 knows only the statutory kinds: a survey stops what was promised, not what the law allows.
            "所需时间依法不计算在办理期限内。"
            if stop.is_statutory
            else "所需时间不计算在承诺期限内；法定期限照常计算。",
        ],
    )


def returned(task):
    return _document(task, DocumentKind.RETURN, [f"{_whose(task)}退回。", f"理由：{task.reason}", _AGAIN])


def withdrawal(task):
    return _document(task, DocumentKind.WITHDRAWAL, [f"{_whose(task)}已按申请人的要求撤回，不再办理。", _AGAIN])


def termination(task):
    return _document(task, DocumentKind.TERMINATION, [f"{_whose(task)}终止办理。", f"理由：{task.reason}", _AGAIN])


def rectification(task, finding, rectify_by):
    return _document(
        task,
        DocumentKind.RECTIFICATION,
        [
            f"{_whose(task)}是按告知承诺办理的。经核查，实际情况与承诺不符：{finding}",
            f"请在{_until(rectify_by)}整改。逾期没有整改或者整改后仍不符合的，依法撤销。",
        ],
    )


_AGAIN = "需要办理的，可以重新申请。"


def _whose(task):
    return f"你（单位）申请的“{task.item.name}”（办件编号 {task.application.number}），"


def _remedies(task):
    return REMEDIES if _is_licence(task) else ""


def _is_licence(task):
    return task.as_catalogued.kind == LICENCE


def _until(day):
    return f"{day_text(day)}（含当日）前"


def _document(task, kind, paragraphs):
    plain = not _is_licence(task) and kind in _PLAIN_TITLES
    return Document(
        task=task,
        kind=kind,
        title=_PLAIN_TITLES[kind] if plain else kind.label,
        addressee=task.application.snapshot["enterprise"]["name"],
        paragraphs=[paragraph for paragraph in paragraphs if paragraph],
    )
