"""What must be so before a move: each condition returns a sentence why not, or "". Reads only."""

from django.db.models import Q
from django.utils import timezone

from guidance import releases
from guidance.prerequisites import needed
from guidance.schema import LICENCE
from licensing.models import UntrustworthyEntry
from licensing.wording import day_text
from routing import terms
from routing.clock import WORKING_DAYS, due_on
from routing.counting import rules
from routing.models import StopKind, TaskStatus
from routing.reissues import not_deemed_granted

# These stand only for the promised clock; a decision they stand in the way of has its own condition.
_NO_HINDRANCE = (StopKind.WAITING, StopKind.DEFERRAL)


def open_prerequisites(task):
    """The application's other tasks, not granted yet, that a grant of this one waits for."""
    siblings = {other.item_code: other for other in task.application.tasks.select_related("item", "office")}
    items = releases.load(task.application.release_id).items
    codes = needed(items[task.item_code], {code: items[code] for code in siblings})
    return [siblings[code] for code in codes if siblings[code].status != TaskStatus.GRANTED]


def prerequisites_granted(task):
    names = "、".join(f"“{other.item.name}”" for other in open_prerequisites(task))
    return f"要先办成{names}，才能作出这项决定。" if names else ""


def prerequisites_stand(task):
    """What was granted and has been annulled, withdrawn or cancelled since is no ground for another grant."""
    items = releases.load(task.application.release_id).items
    chosen = {code: items[code] for code in task.application.tasks.values_list("item_code", flat=True)}
    codes = needed(items[task.item_code], chosen)
    ended = Q(endings__isnull=False) | Q(licence__endings__isnull=False)
    gone = task.application.tasks.filter(ended, item_code__in=codes).distinct() if codes else []
    names = "、".join(f"“{items[other.item_code].name}”" for other in gone)
    return f"前置事项{names}的准予已经撤销、撤回或者注销，不能据此准予。" if names else ""


def nothing_stopped(task):
    running = [
        stop.get_kind_display() for stop in task.stops.all() if not stop.ended_on and stop.kind not in _NO_HINDRANCE
    ]
    return f"还在停钟：{'、'.join(running)}。结束后才能作出决定。" if running else ""


def papers_supplied(task):
    """Plan art. 7: accepted without a secondary paper, but not granted without it."""
    names = "、".join(
        f"“{one.material.name}”" for one in task.deferrals.select_related("material") if not one.supplied_at
    )
    return f"容缺的材料还没有补齐：{names}。" if names else ""


def paper_owed(task):
    return "" if task.deferrals.filter(supplied_at=None).exists() else "没有等待补交的材料。"


def not_barred(task):
    """Plan art. 16: no promise and no deferral for an enterprise on the list, at acceptance and at decision alike."""
    promised = (task.by_commitment and "告知承诺") or (deferred_materials(task) and "容缺受理")
    # What the law deems granted is no favour any more that the list could bar.
    if not promised or not is_barred(task) or not_deemed_granted(task):
        return ""
    instead = "请按一般程序告知补正" if task.status == TaskStatus.RECEIVED else "不能准予"
    return f"这家经营主体现在列入失信主体名单，不能适用{promised}，{instead}。"


def is_barred(task):
    return UntrustworthyEntry.objects.bars(task.application.enterprise)


def nothing_told_in_time(task):
    """Licensing Law art. 32(4): the five days are over; an officer still has the last of them."""
    last = _last_day_to_tell(task)
    return "" if timezone.localdate() > last else f"到{day_text(last)}为止还可以告知补正。"


def still_to_be_told(task):
    """The same days from the other side: then the law has accepted it, whether or not the sweeper has come by."""
    days_gone = (timezone.localdate() - timezone.localdate(task.complete_at)).days
    # Most are looked at within five days of any sort: nothing is read for them.
    if days_gone <= terms.FIRST["silence_days"][2] or task.as_catalogued.kind != LICENCE:
        return ""
    last = _last_day_to_tell(task)
    if timezone.localdate() <= last:
        return ""
    return f"到{day_text(last)}为止没有告知，依法自收到材料之日起已经受理，不能再要求补正或者不予受理。"


def _last_day_to_tell(task):
    by = rules()
    return due_on(timezone.localdate(task.complete_at), by.terms["silence_days"], WORKING_DAYS, by.calendar).day


def deferred_materials(task):
    """The SubmittedMaterials of this item that were left for later and are not there yet."""
    snapshot = task.application.snapshot
    codes = snapshot["items"][task.item_code]["materials"]
    deferred = [code for code in codes if snapshot["materials"][code]["how"] == "deferred"]
    return list(task.application.materials.filter(code__in=deferred, supplied_at=None)) if deferred else []


def nothing_proposed(task):
    return "已经提出了决定，等第二人复核。" if task.proposals.filter(settled_at=None).exists() else ""


def has_term_left_open(task):
    correction = task.corrections.filter(answered_at=None, closed_at=None).first()
    if correction and correction.answer_due_on:
        return f"补正期限到{day_text(correction.answer_due_on)}，到期没有补正的自动退回。"
    return ""


def extendable(task):
    if not task.as_catalogued.extension_days:
        return "法律没有规定这个事项可以延长期限。"
    if hasattr(task, "extension"):
        return "只能延长一次，这件已经延长过。"
    if task.statutory_due_on and timezone.localdate() > task.statutory_due_on and not task.statutory_stopped:
        return "法定期限已经过了，不能再延长。"
    return ""


def by_commitment(task):
    return "" if task.by_commitment else "这件不是按告知承诺办理的。"


def something_stopped(task):
    return "" if any(stop.ended_on is None for stop in task.stops.all()) else "现在没有停钟。"
