"""What has become of an item, in words: its state and lamp, when its result came or is expected."""

from routing.clock import Lamp
from routing.lamps import STOPPED, lamp_of
from routing.models import FAILED, OPEN, TaskStatus
from routing.roadmaps.shown import Row
from routing.roadmaps.words import day_text, limit_of, quoted

LAMPS = {
    Lamp.NONE: "",
    Lamp.WARNING: "预警：快到承诺的日期",
    Lamp.YELLOW: "黄牌：过了承诺的日期",
    Lamp.RED: "红牌：过了法定的日期",
}


def uncertain(tracks, today):
    """What may still move the date, as sentences."""
    running = [track for track in tracks if track.is_open]
    notes = []
    if any(track.task.status == TaskStatus.CORRECTION for track in running):
        notes.append("有事项等您补正，按今天补正算；晚一天补正，就可能晚一天办完。")
    if any(track.task.clock_stopped and track.task.status != TaskStatus.CORRECTION for track in running):
        notes.append("有事项停着不计时间，恢复以后日期会推后。")
    if any(_is_late(track.task, today) for track in running):
        notes.append("有事项过了承诺的日期还没办完，按今天办完算，实际会更晚。")
    return tuple(notes)


def row_of(step, tracks, dates, names, calendar, today):
    """Return the Row of one item. tracks, dates, names: of all items by code; dates: guidance.roadmap.Spans of days."""
    track = tracks[step.code]
    task, span = track.task, dates[step.code]
    open_gates = [code for code in step.gates if tracks[code].is_open] if task.is_open else []
    failed = [code for code in (*step.barriers, *step.gates) if tracks[code].task.status in FAILED]
    return Row(
        step=step,
        begins=_begins(step, task, tracks, names, span, today),
        waits=quoted(open_gates, names),
        limit=limit_of(step),
        # For the moment in which the other's end has not been carried over to it.
        result=f"{quoted(failed, names)}没有办成，将终止办理"
        if failed and task.is_open
        else _result(task, span, calendar, today),
        state="，".join(filter(None, (task.status_text, _lamp(track, today)))),
        tone=_tone(task),
    )


def _begins(step, task, tracks, names, span, today):
    if task.received_at:
        return f"{day_text(span.starts, today)}收件"
    if not task.is_open:
        return "没有收件"
    waits = [code for code in step.barriers if tracks[code].task.status != TaskStatus.GRANTED]
    return f"{quoted(waits, names)}办好以后" if waits else "马上转来"


def _tone(task):
    if task.status == TaskStatus.GRANTED:
        return "done"
    if task.status in FAILED:
        return "failed"
    return "stands" if task.status in (TaskStatus.WAITING, TaskStatus.CORRECTION) or task.clock_stopped else "works"


def _lamp(track, today):
    """The lamp in words; what stands says so, unless the law's limit is over."""
    lamp = lamp_of(track.task, today)
    if track.held:
        return "暂停，等您决定"
    stands = track.task.is_open and track.task.clock_stopped and track.task.status != TaskStatus.CORRECTION
    return STOPPED if stands and not lamp else LAMPS[lamp]


def _result(task, span, calendar, today):
    day = day_text(span.ends, today)
    if task.status not in OPEN:
        if task.received_at is None:
            return f"{day}结束"
        used = calendar.between(span.starts, span.ends)
        took = f"，用了 {used} 个工作日" if used else ""
        return f"{day}办结{took}" if task.status == TaskStatus.GRANTED else f"{day}结束{took}，没有办成"
    if task.status == TaskStatus.CORRECTION:
        return f"今天补正的话，预计{day}"
    if task.status == TaskStatus.WAITING or span.ends > span.worked:
        return f"预计{day}"
    if task.clock_stopped:
        return f"原定最晚{day_text(task.committed_due_on or span.ends, today)}，会推后"
    return f"最晚{day_text(task.committed_due_on or span.ends, today)}"


def _is_late(task, today):
    return bool(task.committed_due_on and task.committed_due_on < today and not task.clock_stopped)
