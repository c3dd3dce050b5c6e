"""The map before submission."""

from guidance.roadmap import days_of, roadmap, schedule
from routing.roadmaps.shown import Map, Row
from routing.roadmaps.words import day_text, later_by, limit_of, names_of, nth, provisional, quoted


def before(items, calendar, today, *, committed=()):
    """Return the Map of the chosen items, {code: catalogue item}, if they were submitted today.

    committed: codes of the items to be filed by promise.
    """
    later = later_by(calendar)
    days = {code: days_of(item, by_promise=code in committed) for code, item in items.items()}
    dates = schedule(items, days, today, later)
    found, names = roadmap(items, committed), names_of(items)
    finish_on = max(span.ends for span in dates.values())
    rows = [
        Row(
            step=step,
            begins=f"{quoted(step.barriers, names)}办好以后" if step.barriers else "提交当天",
            waits=quoted(step.gates, names),
            limit=limit_of(step),
            result=f"{nth(step.ends)}出结果，{day_text(dates[step.code].ends, today)}",
        )
        for step in found.steps
    ]
    return Map(
        roadmap=found,
        rows=tuple(rows),
        start=f"今天（{day_text(today, today)}）提交申请",
        finish=f"{nth(found.total)}全部办完，{day_text(finish_on, today)}",
        finish_on=finish_on,
        notes=provisional(calendar, today, finish_on),
        names=names,
    )
