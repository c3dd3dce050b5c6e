"""Why this date: a task's two clocks counted aloud, for the applicant and the officer alike."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from guidance.wording import STARTS, UNITS, statutory_limit
from routing.clock import WORKING_DAYS, count
from routing.counting import committed_clock, rules, statutory_clock
from routing.models import STATUTORY_STOPS, Extension, TaskStatus

_DAYS = {"working_days": "个工作日", "natural_days": "天", "months": "天"}


@dataclass(frozen=True)
class Line:
    """Days that follow each other and are counted alike; first and last are the same for a single day."""

    first: date
    last: date
    counts: bool
    text: str


@dataclass(frozen=True)
class Explanation:
    limit: str
    basis: tuple  # sentences: where the limit comes from
    start: date
    start_reason: str
    start_counts: bool  # done on the spot: the day itself counts
    stops: tuple  # ClockStops that this clock stands for
    extension: Extension | None
    lines: tuple  # Lines, from the day after the start to the due date
    due: date
    provisional: bool
    stands: str  # why it does not run now, or ""


def why(task):
    """Return {"committed": Explanation or None, "statutory": Explanation or None, "not_begun": {either: sentence}}.

    A constant number of queries. The dates are counted as recorded, while a stop is open without it.
    """
    by, stops = rules(), list(task.stops.all())
    extension = Extension.objects.filter(task=task).first()
    return {
        "committed": _committed(task, by, stops, extension),
        "statutory": _statutory(task, by, stops, extension),
        "not_begun": {"committed": "还没有收件，收件以后才开始计时。", "statutory": _not_begun(task.as_catalogued)},
    }


def lines_of(clock, calendar, stops=()):
    """Count a counting.Clock aloud; returns its Lines, days that are alike folded into one. Pure."""
    days = list(count(clock.start, clock.days, clock.unit, calendar, clock.pauses))
    of_limit = max((day.number for day in days), default=0)
    if clock.extension:
        days = list(count(clock.start, clock.days, clock.unit, calendar, clock.pauses, clock.extension))
    return tuple(
        _line(list(alike), of_limit, clock)
        for _, alike in groupby(
            ((day, _remark(day, stops)) for day in days),
            key=lambda pair: (pair[0].number > 0, pair[0].number > of_limit, pair[1]),
        )
    )


def _committed(task, by, stops, extension):
    clock = committed_clock(task, stops, extension.days if extension else 0)
    if clock is None:
        return None
    days = task.committed_days
    way = "按告知承诺办理，" if task.by_commitment else ""
    limit = f"{way}承诺 {days} 个工作日办完" if days else f"{way}承诺当天办完"
    corrected = task.complete_at != task.received_at
    return _explanation(
        task,
        clock,
        by,
        stops,
        extension,
        limit=limit,
        basis=("办理机关在办事指南里公布的承诺时限",),
        start_reason="补正后材料收齐" if corrected else "收件，材料收齐",
        stands=_stands(task, task.clock_stopped, stops),
    )


def _statutory(task, by, stops, extension):
    by_law = [stop for stop in stops if stop.kind in STATUTORY_STOPS]
    clock = statutory_clock(task, stops, extension.days if extension else 0)
    if clock is None:
        return None
    item = task.as_catalogued
    start_reason = "收到申请，材料收齐" if item.statutory_from == "receipt" else "受理"
    return _explanation(
        task,
        clock,
        by,
        by_law,
        extension,
        limit=f"法定 {item.statutory_days} {UNITS[item.statutory_unit]}，{STARTS[item.statutory_from]}算",
        basis=_basis(item),
        start_reason=start_reason,
        stands=_stands(task, task.statutory_stopped, by_law),
    )


def _explanation(task, clock, by, stops, extension, **words):
    due = clock.due(by.calendar)
    return Explanation(
        start=clock.start,
        start_counts=clock.days == 0,
        stops=tuple(stops),
        extension=extension,
        lines=lines_of(clock, by.calendar, stops),
        due=due.day,
        provisional=due.provisional,
        **words,
    )


def _basis(item):
    laws = [f"《{law.title}》{law.article}" for law in item.legal_basis]
    note = [item.statutory_note] if item.statutory_note else []
    counted = "《行政许可法》第八十二条（期限按工作日计算，不含法定节假日）"
    return (*laws, *note, *([counted] if item.statutory_unit == WORKING_DAYS else []))


def _not_begun(item):
    if item.statutory_days is None:
        return f"{statutory_limit(item).rstrip('。')}。"
    return f"{statutory_limit(item)}，现在还没有开始计时。"


def _stands(task, stopped, stops):
    if not task.is_open:
        return ""
    if task.status == TaskStatus.CORRECTION:
        return "正在等申请人补正，现在不计时；补正后从收齐那天重新计算。"
    running = "、".join(stop.get_kind_display() for stop in stops if stop.ended_on is None)
    return f"{running}，这段时间不计；结束后日期相应推后。" if stopped and running else ""


def _remark(day, stops):
    """Why the day is counted or not; of a pause its name."""
    if day.number == 0:
        for stop in stops:
            if stop.ended_on and stop.started_on <= day.day <= stop.ended_on:
                return f"{stop.get_kind_display()}，不计"
    why = day.why.removeprefix("延期").removeprefix("，")
    # Saturday and Sunday become one line.
    return f"周末，不计{why.partition('，不计')[2]}" if why.startswith("星期") else why


def _line(alike, of_limit, clock):
    (first, remark), (last, _) = alike[0], alike[-1]
    if not first.number:
        return Line(first.day, last.day, False, remark)
    extended = first.number > of_limit
    word, less = ("个工作日", of_limit) if extended else (_DAYS[clock.unit], 0)
    numbers = [str(number - less) for number in dict.fromkeys((first.number, last.number))]
    counted = f"{'延期' if extended else ''}第 {'–'.join(numbers)} {word}"
    return Line(first.day, last.day, True, f"{counted}，{remark}" if remark else counted)
