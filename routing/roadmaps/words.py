"""Days, limits and names in the words of the map."""

from routing.clock import WORKING_DAYS, due_on


def later_by(calendar):
    """later(day, number of working days) as routing.clock counts a promised limit."""
    return lambda day, number: due_on(day, number, WORKING_DAYS, calendar).day


def provisional(calendar, start, end):
    """The note that some of these days are not known to be worked yet, in a tuple; else an empty one."""
    return () if calendar.covers(start, end) else (f"{end.year}年的放假安排还没有公布，日期可能调整。",)


def limit_of(step):
    """The promised limit; on the commitment path its own, and said to be that."""
    days = f"{step.days} 个工作日" if step.days else "当天办好"
    if step.by_promise:
        return f"告知承诺，{days}"
    return f"承诺 {days}" if step.days else f"承诺{days}"


def nth(number):
    return f"第 {number} 个工作日" if number else "当天"


def day_text(day, today):
    """The day as 12月8日, with its year where that is not today's."""
    text = f"{day.month}月{day.day}日"
    return text if day.year == today.year else f"{day.year}年{text}"


def names_of(items):
    return {code: item.name for code, item in items.items()}


def quoted(codes, names):
    return "、".join(f"“{names[code]}”" for code in codes)
