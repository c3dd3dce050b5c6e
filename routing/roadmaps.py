"""The map of a filing with its dates: before submission as it would go from today, afterwards as it goes. Pure.

A day of the map is a working day after submission, by the calendar handed in; due dates of tasks are those they carry.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from guidance import releases
from guidance.drawing import NARROW, WIDE, Card, draw
from guidance.roadmap import Roadmap, Span, Step, days_of, roadmap, schedule
from routing.calendar import WEEKDAYS
from routing.clock import WORKING_DAYS, Lamp, due_on
from routing.lamps import STOPPED, lamp_of
from routing.models import FAILED, OPEN, TaskStatus

LAMPS = {
    Lamp.NONE: "",
    Lamp.WARNING: "预警：快到承诺的日期",
    Lamp.YELLOW: "黄牌：过了承诺的日期",
    Lamp.RED: "红牌：过了法定的日期",
}


@dataclass(frozen=True)
class Row:
    """One item in words: a box of the picture and a row of the table, which say the same."""

    step: Step
    begins: str  # what its work starts after
    waits: str  # what its result waits for besides, or ""
    limit: str
    result: str  # when it is there, or will be
    state: str = ""
    tone: str = ""  # done / failed / stands: the class of its box

    @property
    def card(self):
        return Card(tuple(filter(None, (self.state, self.limit, self.result))), self.tone)


@dataclass(frozen=True)
class Map:
    """What the page shows. rows: in the picture's order; finish: when all results are there, a sentence."""

    roadmap: Roadmap
    rows: tuple
    start: str
    finish: str
    finish_on: date
    notes: tuple  # what may still move the date, sentences
    names: dict  # {code: name}
    today: int | None = None

    @property
    def chain(self):
        """The names of one longest chain, in its order."""
        return [self.names[code] for code in self.roadmap.chain]

    @property
    def has_ties(self):
        """Does what is critical reach beyond that chain: is there another as long?"""
        return not {step.code for step in self.roadmap.steps if step.critical} <= set(self.roadmap.chain)

    @property
    def pictures(self):
        """[(name, Picture)]: one for a phone, one for where there is room."""
        return [(name, self._draw(frame)) for name, frame in (("narrow", NARROW), ("wide", WIDE))]

    @property
    def has_barriers(self):
        return any(link.is_barrier for link in self.roadmap.links)

    @property
    def has_gates(self):
        return not all(link.is_barrier for link in self.roadmap.links)

    def _draw(self, frame):
        cards = {row.step.code: row.card for row in self.rows}
        return draw(self.roadmap, cards, frame, start=(self.start,), end=(self.finish,), today=self.today)


def before(items, calendar, today, *, committed=()):
    """Return the Map of the chosen items, {code: catalogue item}, if they were submitted today.

    committed: codes of the items to be filed by promise.
    """
    later = _later(calendar)
    days = {code: days_of(item, by_promise=code in committed) for code, item in items.items()}
    dates = schedule(items, days, today, later)
    found, names = roadmap(items, committed), _names(items)
    finish_on = max(span.ends for span in dates.values())
    rows = [
        Row(
            step=step,
            begins=f"{_quoted(step.barriers, names)}办好以后" if step.barriers else "提交当天",
            waits=_quoted(step.gates, names),
            limit=_limit(step),
            result=f"{_nth(step.ends)}出结果，{_day(dates[step.code].ends, today)}",
        )
        for step in found.steps
    ]
    return Map(
        roadmap=found,
        rows=tuple(rows),
        start=f"今天（{_day(today, today)}）提交申请",
        finish=f"{_nth(found.total)}全部办完，{_day(finish_on, today)}",
        finish_on=finish_on,
        notes=_provisional(calendar, today, finish_on),
        names=names,
    )


def progress(application, tracks, calendar, today):
    """Return the Map of a submitted application; tracks: licensing.following.Tracks of all its tasks."""
    by_code = {track.task.item_code: track for track in tracks}
    catalogue = releases.load(application.release_id).items
    items = {code: catalogue[code] for code in catalogue if code in by_code}
    tasks, names = {code: by_code[code].task for code in items}, _names(items)
    submitted = timezone.localdate(application.submitted_at)
    dates = _dates(items, tasks, calendar, submitted, today)
    found = roadmap(
        items,
        [code for code, task in tasks.items() if task.by_commitment],
        lanes={code: task.office.name for code, task in tasks.items()},
        spans={code: _counted(span, calendar, submitted) for code, span in dates.items()},
        settled=[code for code, task in tasks.items() if not task.is_open],
    )
    finish_on = max(span.ends for span in dates.values())
    moving = any(task.is_open for task in tasks.values())
    ends = f"预计在{_day(finish_on, today)}全部办完" if moving else f"{_day(finish_on, today)}已经全部办结"
    return Map(
        roadmap=found,
        rows=tuple(_row(step, by_code, dates, names, calendar, today) for step in found.steps),
        start=f"{_day(submitted, today)}提交申请",
        finish=f"{ends}，是提交{f'后{_nth(found.total)}' if found.total else '当天'}",
        finish_on=finish_on,
        notes=_uncertain(by_code.values(), today) + (_provisional(calendar, today, finish_on) if moving else ()),
        names=names,
        today=calendar.between(submitted, max(today, submitted)) if moving else None,
    )


def _later(calendar):
    return lambda day, number: due_on(day, number, WORKING_DAYS, calendar).day


def _dates(items, tasks, calendar, submitted, today):
    """{code: Span of dates}: what has happened, what is due, and for the rest what follows from these."""
    later, days = _later(calendar), {code: task.committed_days for code, task in tasks.items()}
    known = {code: _known(task, later, submitted, today) for code, task in tasks.items()}
    # What waits begins when it is let go: not in the past, however early its barriers fell.
    return schedule(items, days, today, later, known)


def _known(task, later, submitted, today):
    """(start, end, is it over?) of the task's own work, or None while it waits behind a barrier."""
    if task.status == TaskStatus.WAITING:
        return None
    received = timezone.localdate(task.received_at) if task.received_at else None
    if task.status not in OPEN:
        ended = timezone.localdate(task.decided_at)
        return received or ended, ended, True
    if task.status == TaskStatus.CORRECTION:
        # Both limits begin anew when the answer comes: today at the earliest.
        return received, later(today, task.committed_days), False
    due = task.committed_due_on or later(received or submitted, task.committed_days)
    return received, max(due, today), False


def _counted(span, calendar, submitted):
    return Span(*(calendar.between(submitted, max(day, submitted)) for day in (span.starts, span.worked, span.ends)))


def _row(step, tracks, dates, names, calendar, today):
    track = tracks[step.code]
    task, span = track.task, dates[step.code]
    open_gates = [code for code in step.gates if tracks[code].is_open] if task.is_open else []
    return Row(
        step=step,
        begins=_begins(step, task, tracks, names, span, today),
        waits=_quoted(open_gates, names),
        limit=_limit(step),
        result=_result(task, span, calendar, today),
        state="，".join(filter(None, (task.status_text, _lamp(track, today)))),
        tone=_tone(task),
    )


def _begins(step, task, tracks, names, span, today):
    if task.received_at:
        return f"{_day(span.starts, today)}收件"
    if not task.is_open:
        return "没有收件"
    waits = [code for code in step.barriers if tracks[code].task.status != TaskStatus.GRANTED]
    return f"{_quoted(waits, names)}办好以后" if waits else "马上转来"


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
    day = _day(span.ends, today)
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
        return f"原定最晚{_day(task.committed_due_on or span.ends, today)}，会推后"
    return f"最晚{_day(task.committed_due_on or span.ends, today)}"


def _uncertain(tracks, today):
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


def _is_late(task, today):
    return bool(task.committed_due_on and task.committed_due_on < today and not task.clock_stopped)


def _provisional(calendar, start, end):
    return () if calendar.covers(start, end) else (f"{end.year}年的放假安排还没有公布，日期可能调整。",)


def _limit(step):
    days = f"{step.days} 个工作日" if step.days else "当天"
    return f"告知承诺，{days}" if step.by_promise else f"承诺{days}办好" if not step.days else f"承诺 {days}"


def _nth(number):
    return f"第 {number} 个工作日" if number else "当天"


def _day(day, today):
    """ "12月8日"; with its year where that is not today's."""
    text = f"{day.month}月{day.day}日"
    return text if day.year == today.year else f"{day.year}年{text}"


def weekday(day):
    return f"星期{WEEKDAYS[day.weekday()]}"


def _names(items):
    return {code: item.name for code, item in items.items()}


def _quoted(codes, names):
    return "、".join(f"“{names[code]}”" for code in codes)
