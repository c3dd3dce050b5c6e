"""What the logs say of states: each follows from the one before by a lawful move, and the last one is today's."""

# ruff: noqa: S608 - SQL put together from these modules' own texts; what comes from outside is a parameter.
from portal.invariants.invariant import LICENCE, TASK, TASKS, Invariant
from routing.models import ENDED
from routing.moves import MOVES

_TASK_ROWS = "licensing_logentry WHERE event LIKE 'task.%%'"
_CREATED = ["task.created  waiting", "task.created  received"]


def _lawful():
    """Every change of state that a row of the log may tell of, as "event before after"."""
    changes = {
        f"{move.event} {source} {move.target or source}" for move in MOVES.values() for source in map(str, move.sources)
    }
    return {"lawful": [*changes, *_CREATED]}


def _ended():
    return {"ended": [str(status) for status in ENDED]}


INVARIANTS = [
    Invariant(
        "I3",
        "task_is_where_its_log_ends",
        "The last row of a task's log is the state it is in.",
        TASKS,
        f"""
        SELECT {TASK}, 'is ' || t.status || ', its log ends with ' || coalesce(l.to_status, 'nothing')
        FROM {TASKS} LEFT JOIN (
            SELECT DISTINCT ON (application_id, item_code) application_id, item_code, to_status
            FROM {_TASK_ROWS} ORDER BY application_id, item_code, sequence DESC
        ) l ON l.application_id = t.application_id AND l.item_code = t.item_code
        WHERE l.to_status IS DISTINCT FROM t.status
        """,
    ),
    Invariant(
        "I3",
        "only_lawful_moves",
        "Each change of a task's state in the log begins where the last one ended, and is a lawful move.",
        _TASK_ROWS,
        f"""
        SELECT concat_ws(' ', a.number, l.item_code), concat_ws(' ', 'row', l.sequence, l.event,
            'from', l.from_status, 'to', l.to_status, CASE WHEN l.from_status <> l.before THEN 'after ' || l.before END)
        FROM (
            SELECT *, lag(to_status, 1, '') OVER (PARTITION BY application_id, item_code ORDER BY sequence) AS before
            FROM {_TASK_ROWS}
        ) l JOIN licensing_application a ON a.id = l.application_id
        WHERE l.from_status <> l.before
            OR concat(l.event, ' ', l.from_status, ' ', l.to_status) NOT IN (SELECT unnest(%(lawful)s))
        """,
        _lawful,
    ),
    Invariant(
        "I4",
        "one_end_per_task",
        "The log of a task knows at most one end.",
        _TASK_ROWS,
        f"""
        SELECT concat_ws(' ', a.number, l.item_code), l.number || ' ends in its log' FROM (
            SELECT application_id, item_code, count(*) AS number FROM {_TASK_ROWS} AND to_status = ANY(%(ended)s)
            GROUP BY 1, 2 HAVING count(*) > 1
        ) l JOIN licensing_application a ON a.id = l.application_id
        """,
        _ended,
    ),
    Invariant(
        "I14",
        "who_decided_is_who_the_log_names",
        "The officer a task names for its end is the one whom the log names.",
        TASKS,
        f"""
        SELECT {TASK}, 'decided by user ' || coalesce(t.decided_by_id::text, 'nobody') || ', the log names '
            || coalesce(l.actor_id::text, 'nobody')
        FROM {TASKS} JOIN licensing_logentry l
            ON l.application_id = t.application_id AND l.item_code = t.item_code AND l.to_status = t.status
        WHERE t.status = ANY(%(ended)s) AND l.event LIKE 'task.%%' AND l.event <> 'task.withdrawn'
            AND l.actor_id IS DISTINCT FROM t.decided_by_id
        """,
        _ended,
    ),
    Invariant(
        "I5",
        "licence_is_where_its_log_ends",
        "The last row of a licence's log is the state it is in.",
        "certificates_licence",
        f"""
        SELECT {LICENCE}, 'is ' || c.status || ', its log ends with ' || coalesce(e.to_status, 'nothing')
        FROM certificates_licence c LEFT JOIN (
            SELECT DISTINCT ON (licence_id) licence_id, to_status FROM certificates_licenceevent
            WHERE to_status <> '' ORDER BY licence_id, sequence DESC
        ) e ON e.licence_id = c.id
        WHERE e.to_status IS DISTINCT FROM c.status
        """,
    ),
]
