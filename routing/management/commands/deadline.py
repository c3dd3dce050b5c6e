import json
import re
from datetime import date
from itertools import pairwise

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from routing import calendar
from routing.calendar import WEEKDAYS
from routing.clock import UNITS, WORKING_DAYS, Pause, count, due_on

# Far beyond any limit of any law; it keeps the printed count short of endless.
MOST_DAYS = 3650
YEARS = range(1950, 2101)
NAMES = dict(zip(UNITS, ("个工作日", "个自然日", "个月"), strict=True))


class Command(BaseCommand):
    help = (
        "计算一个期限到哪一天为止：第一行是到期日，后面逐日列出怎样数到这一天。开始的当天不算；停钟的日子（首尾都包括）不算。"
        "用数据库里已经复核生效的节假日安排；没有数据库或者还没有安排时，用随系统提供的安排。"
        "所用年份还没有公布安排时，暂按周一至周五计算，并注明暂定。输入有错时说明原因，退出码2。"
        "例：manage.py deadline --start 2026-04-28 --days 20 --pause 2026-05-11:2026-05-15"
    )
    # Nothing here depends on what the checks look at.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--start", metavar="日期", help="从哪一天起算（例如受理之日），写成2026-04-28")
        parser.add_argument("--days", metavar="数", help="期限的长度，0或者正整数")
        parser.add_argument(
            "--unit",
            metavar="单位",
            default=WORKING_DAYS,
            help="working_days（工作日，默认）、natural_days（自然日）或者months（月）",
        )
        parser.add_argument(
            "--pause",
            metavar="起:止",
            nargs="+",
            action="extend",
            default=[],
            help="停钟的日子，例如2026-05-11:2026-05-15；可以写几段，不能重叠",
        )
        parser.add_argument("--extension", metavar="数", default="0", help="延长的工作日数")
        parser.add_argument("--json", action="store_true", help="输出JSON")

    def handle(self, *args, **options):
        limit = {
            "start": _date(options["start"], "--start"),
            "days": _number(options["days"], "--days"),
            "unit": _unit(options["unit"]),
            "pauses": _pauses(options["pause"]),
            "extension": _number(options["extension"], "--extension"),
        }
        work_calendar = _calendar()
        due = due_on(**limit, calendar=work_calendar)
        lines = list(count(**limit, calendar=work_calendar))
        self.stdout.write(_as_json(limit, due, lines) if options["json"] else "\n".join(_as_text(limit, due, lines)))


def _calendar():
    try:
        confirmed = calendar.load()
    except (OperationalError, ProgrammingError):
        # No server, no database or no tables: the count needs none of them.
        return calendar.shipped()
    return confirmed if confirmed.years else calendar.shipped()


def _as_text(limit, due, lines):
    yield due.day.isoformat()
    if due.provisional:
        yield f"（暂定：{due.day.year}年的节假日安排还没有全部公布，公布后要重新计算）"
    extension = f"，延长{limit['extension']}个工作日" if limit["extension"] else ""
    length = f"{limit['days']}{NAMES[limit['unit']]}{extension}"
    yield f"从{limit['start']}（{_weekday(limit['start'])}）起{length}，当天不算："
    for line in lines:
        number = f"第{line.number}天" if line.number else "不计"
        why = "" if line.why == "不计" else line.why.removesuffix("，不计")
        yield f"{line.day}  {_weekday(line.day)}  {number}{'  ' + why if why else ''}"


def _as_json(limit, due, lines):
    pauses = [{"first": str(pause.first), "last": str(pause.last)} for pause in limit["pauses"]]
    days = [
        {"day": str(line.day), "weekday": _weekday(line.day), "number": line.number, "why": line.why} for line in lines
    ]
    answer = {"due_on": str(due.day), "provisional": due.provisional}
    answer |= limit | {"start": str(limit["start"]), "pauses": pauses, "count": days}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _weekday(day):
    return f"星期{WEEKDAYS[day.weekday()]}"


def _date(text, option):
    if text is None:
        raise _refusal(f"请写 {option}，例如 {option} 2026-04-28")
    try:
        day = date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise _refusal(f"{option}：没有“{text[:30]}”这一天；日期写成 2026-04-28 这样，{YEARS[0]} 年至 {YEARS[-1]} 年")
    return day


def _number(text, option):
    if text is None:
        raise _refusal(f"请写 {option}，例如 {option} 20")
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) > MOST_DAYS:
        raise _refusal(f"{option}：“{text[:30]}”不是 0 至 {MOST_DAYS} 的整数")
    return int(text)


def _unit(text):
    if text not in UNITS:
        raise _refusal(f"--unit：不认识“{text[:30]}”，只能是 {'、'.join(UNITS)}")
    return text


def _pauses(texts):
    pauses = sorted(map(_pause, texts))
    for earlier, later in pairwise(pauses):
        if later.first <= earlier.last:
            raise _refusal(f"--pause：{earlier.first}:{earlier.last} 和 {later.first}:{later.last} 重叠")
    return tuple(pauses)


def _pause(text):
    first, separator, last = text.partition(":")
    if not separator:
        raise _refusal(f"--pause：“{text[:30]}”要写成 2026-05-11:2026-05-15 这样")
    try:
        return Pause(_date(first, "--pause"), _date(last, "--pause"))
    except ValueError as error:
        raise _refusal(f"--pause：{error}") from None


def _refusal(sentence):
    return CommandError(f"{sentence}。", returncode=2)
