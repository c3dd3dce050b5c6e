"""The map after submission: what has happened, what is due, and what follows from these for the rest."""

from django.utils import timezone

from guidance import releases
from guidance.roadmap import Span, roadmap, schedule
from routing.models import OPEN, TaskStatus
from routing.roadmaps.shown import Map
from routing.roadmaps.states import row_of, uncertain
from routing.roadmaps.words import day_text, later_by, names_of, nth, provisional


def progress(application, tracks, calendar, today):
    """Return the Map of a submitted application; tracks: licensing.following.Tracks of all its tasks."""
    by_code = {track.task.item_code: track for track in tracks}
    catalogue = releases.load(application.release_id).items
    items = {code: catalogue[code] for code in catalogue if code in by_code}
    tasks, names = {code: by_code[code].task for code in items}, names_of(items)
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
    ends = f"预计在{day_text(finish_on, today)}全部办完" if moving else f"{day_text(finish_on, today)}已经全部办结"
    return Map(
        roadmap=found,
        rows=tuple(row_of(step, by_code, dates, names, calendar, today) for step in found.steps),
        start=f"{day_text(submitted, today)}提交申请",
        finish=f"{ends}，是提交{f'后{nth(found.total)}' if found.total else '当天'}",
        finish_on=finish_on,
        notes=uncertain(by_code.values(), today) + (provisional(calendar, today, finish_on) if moving else ()),
        names=names,
        today=calendar.between(submitted, max(today, submitted)) if moving else None,
    )


def _dates(items, tasks, calendar, submitted, today):
    """{code: Span of dates}: what has happened, what is due, and for the rest what follows from these."""
    later, days = later_by(calendar), {code: task.committed_days for code, task in tasks.items()}
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
