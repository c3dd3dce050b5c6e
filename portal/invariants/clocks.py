"""Due dates: counted from what is on record, moved only for a recorded cause; stops and the flags that follow."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
import functools

from portal.invariants.invariant import TASK, TASKS, Invariant
from routing.counting import committed_clock, rules, statutory_clock
from routing.models import OPEN, STATUTORY_STOPS, ApprovalTask, CalendarYear, TaskStatus
from routing.stopping import BY_OFFICERS

_RUNNING = [status for status in OPEN if status != TaskStatus.WAITING]
_CHUNK = 2000
# Each of these counts the due dates anew (routing.counting); nothing else may move one.
MAY_MOVE = [
    "task.received",
    "task.accepted",
    "task.accepted_by_silence",
    # Where an untrustworthy enterprise's promise counts no more.
    "task.correction_asked",
    "task.correction_answered",
    "task.stopped",
    "task.resumed",
    "task.held",
    "task.went_on",
    "task.hold_ended",
    "task.supplied",
    "task.paper_taken",
    "task.extended",
    "task.recounted",
]


def _wrong_due_dates(moment):
    # Counted anew by the sweeper within its next minutes.
    fresh_notice = CalendarYear.objects.filter(confirmed_at__gte=moment.settled).exists()
    work_calendar = rules().calendar
    due = functools.lru_cache(1 << 16)(lambda clock: clock and clock.due(work_calendar))
    for task in _running_tasks():
        expected = _due_dates(task, due)
        stored = (task.committed_due_on, task.statutory_due_on, task.due_is_provisional)
        if stored != expected and not (fresh_notice and (task.due_is_provisional or expected[2])):
            name = f"{task.application.number} {task.item_code} {task.public_id}"
            yield name, f"is due on {_words(stored)}, counted anew on {_words(expected)}"


def _running_tasks():
    """Open tasks that were received, with what their clocks are counted from and nothing else."""
    fields = ("public_id", "item_code", "by_commitment", "complete_at", "accepted_at")
    dates = ("committed_due_on", "statutory_due_on", "due_is_provisional")
    tasks = ApprovalTask.objects.filter(status__in=_RUNNING).select_related("application")
    tasks = tasks.only(*fields, *dates, "application__number", "application__release_id")
    return tasks.prefetch_related("stops", "extension").order_by("pk").iterator(_CHUNK)


def _due_dates(task, due):
    extension = getattr(task, "extension", None)
    days, stops = extension.days if extension else 0, task.stops.all()
    ends = due(committed_clock(task, stops, days)), due(statutory_clock(task, stops, days))
    return *(end and end.day for end in ends), any(end.provisional for end in ends if end)


def _words(dates):
    committed, statutory, provisional = dates
    return f"{committed or 'no day'} / {statutory or 'no day'}{' provisionally' if provisional else ''}"


def _flags():
    return {
        "open": [str(status) for status in OPEN],
        "statutory": [str(kind) for kind in STATUTORY_STOPS],
        "by_officers": [str(kind) for kind in BY_OFFICERS],
        "may_move": MAY_MOVE,
    }


INVARIANTS = [
    Invariant(
        "I9",
        "due_dates_follow_from_the_record",
        "The due dates of an open task are what is counted from its times, stops, extension and the calendar.",
        "routing_approvaltask WHERE status IN ('received', 'correction', 'accepted')",
        _wrong_due_dates,
    ),
    Invariant(
        "I9",
        "due_dates_move_for_a_cause",
        "A due date moves only with a recorded cause, and earlier only when counted anew after a calendar notice.",
        "licensing_logentry WHERE event LIKE 'task.%%'",
        """
        SELECT concat_ws(' ', a.number, l.item_code), concat_ws(' ', 'row', l.sequence, l.event, 'moves',
            coalesce(l.due_before, 'no day'), '/', coalesce(l.legal_before, 'no day'), 'to',
            coalesce(l.due, 'no day'), '/', coalesce(l.legal, 'no day'))
        FROM (
            SELECT *, lag(sequence) OVER w AS before, lag(due) OVER w AS due_before, lag(legal) OVER w AS legal_before,
                lag(provisional) OVER w AS was_provisional, lag(stopped) OVER w AS was_stopped
            FROM (
                SELECT application_id, item_code, sequence, event, detail->>'committed_due_on' AS due,
                    detail->>'statutory_due_on' AS legal, detail->>'due_is_provisional' = 'true' AS provisional,
                    detail->>'clock_stopped' = 'true' AS stopped
                FROM licensing_logentry WHERE event LIKE 'task.%%' AND detail ? 'committed_due_on'
            ) entry WINDOW w AS (PARTITION BY application_id, item_code ORDER BY sequence)
        ) l JOIN licensing_application a ON a.id = l.application_id
        WHERE l.before IS NOT NULL AND (l.due, l.legal) IS DISTINCT FROM (l.due_before, l.legal_before) AND (
            -- A stop that ends with the task moves its dates too.
            (l.event <> ALL(%(may_move)s) AND NOT l.was_stopped)
            OR ((l.due < l.due_before OR l.legal < l.legal_before)
                AND l.event <> 'task.recounted' AND NOT l.was_provisional)
        )
        """,
        _flags,
    ),
    Invariant(
        "I9",
        "due_dates_are_on_record",
        "The due dates of a task are those that its log last recorded.",
        TASKS,
        f"""
        SELECT {TASK}, concat_ws(' ', 'is due on', t.committed_due_on, '/', t.statutory_due_on, 'but on record',
            l.due, '/', l.legal)
        FROM {TASKS} JOIN (
            SELECT DISTINCT ON (application_id, item_code) application_id, item_code,
                detail->>'committed_due_on' AS due, detail->>'statutory_due_on' AS legal
            FROM licensing_logentry WHERE event LIKE 'task.%%' AND detail ? 'committed_due_on'
            ORDER BY application_id, item_code, sequence DESC
        ) l ON l.application_id = t.application_id AND l.item_code = t.item_code
        WHERE (t.committed_due_on::text, t.statutory_due_on::text) IS DISTINCT FROM (l.due, l.legal)
        """,
    ),
    Invariant(
        "I9",
        "a_clock_stands_while_stopped",
        "A clock stands exactly while a stop that began before its end is open, or a correction is awaited.",
        TASKS,
        f"""
        SELECT {TASK}, CASE WHEN t.statutory_stopped <> s.statutory THEN 'statutory clock ' ELSE 'promised clock ' END
            || 'stands or runs wrongly'
        FROM (
            SELECT t.id, coalesce(bool_or(s.kind = ANY(%(statutory)s)
                    AND s.started_on <= coalesce(t.statutory_due_on, 'infinity')), false) AS statutory,
                coalesce(bool_or(s.started_on <= coalesce(t.committed_due_on, 'infinity')), false) AS promised
            FROM routing_approvaltask t LEFT JOIN routing_clockstop s
                ON s.task_id = t.id AND s.ended_on IS NULL AND t.status = ANY(%(open)s)
            GROUP BY t.id
        ) s JOIN routing_approvaltask t ON t.id = s.id JOIN licensing_application a ON a.id = t.application_id
        WHERE t.statutory_stopped <> s.statutory
            OR t.clock_stopped <> (s.promised OR t.status = 'correction')
        """,
        _flags,
    ),
    Invariant(
        "I9",
        "officers_stops_do_not_overlap",
        "The stops that officers ordered for a task do not overlap.",
        "routing_clockstop",
        f"""
        SELECT {TASK}, one.kind || ' of ' || one.started_on || ' overlaps ' || two.kind || ' of ' || two.started_on
        FROM routing_clockstop one JOIN routing_clockstop two ON two.task_id = one.task_id AND two.id > one.id
            AND one.started_on <= coalesce(two.ended_on, 'infinity')
            AND two.started_on <= coalesce(one.ended_on, 'infinity')
        JOIN routing_approvaltask t ON t.id = one.task_id JOIN licensing_application a ON a.id = t.application_id
        WHERE one.kind = ANY(%(by_officers)s) AND two.kind = ANY(%(by_officers)s)
        """,
        _flags,
    ),
    Invariant(
        "I9",
        "nothing_stays_open_after_the_end",
        "A task that has ended has no open stop and awaits no correction.",
        TASKS,
        f"""
        SELECT {TASK}, 'is ' || t.status || ' with an open ' || o.what FROM (
            SELECT task_id, 'stop: ' || kind AS what FROM routing_clockstop WHERE ended_on IS NULL
            UNION ALL
            SELECT task_id, 'correction' FROM routing_correction WHERE answered_at IS NULL AND closed_at IS NULL
        ) o JOIN routing_approvaltask t ON t.id = o.task_id JOIN licensing_application a ON a.id = t.application_id
        WHERE t.status <> ALL(%(open)s)
        """,
        _flags,
    ),
]
