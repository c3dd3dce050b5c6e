"""What must hold for one application after every step, reckoned from its rows in the plainest way.

Nothing of routing's own counting is asked: the days are walked one by one here.
"""

import itertools
from calendar import monthrange
from collections import Counter
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from certificates.models import Licence
from exchange.models import Delivery, Event
from guidance import releases
from guidance.prerequisites import barriers, needed
from licensing import chain
from licensing.models import Application, Status
from portal.invariants.every import INVARIANTS
from portal.invariants.invariant import Moment, ask
from routing.models import (
    AfterCheck,
    ApprovalTask,
    CalendarDay,
    CalendarYear,
    ClockStop,
    Correction,
    Deferral,
    Document,
    Extension,
    Proposal,
)

DAY = timedelta(days=1)
OPEN = {"waiting", "received", "correction", "accepted"}
RUNNING = OPEN - {"waiting"}
STATUTORY = {"hearing", "inspection", "expert_review", "bidding"}
CLOCK = ("committed_due_on", "statutory_due_on", "due_is_provisional", "clock_stopped", "statutory_stopped")
ENDING_PAPER = {
    "refused": "refusal",
    "declined": "non_acceptance",
    "returned": "return",
    "withdrawn": "withdrawal",
    "terminated": "termination",
}
# Everything a move may write: a refused one leaves all of it as it was.
TABLES = [
    "licensing_application",
    "licensing_logentry",
    "licensing_submittedmaterial",
    "licensing_submittedmaterial_files",
    "licensing_storedfile",
    "licensing_enterprise",
    "licensing_untrustworthyentry",
    "routing_approvaltask",
    "routing_clockstop",
    "routing_correction",
    "routing_correctionpoint",
    "routing_deferral",
    "routing_document",
    "routing_extension",
    "routing_proposal",
    "routing_aftercheck",
    "certificates_licence",
    "certificates_licenceevent",
    "exchange_event",
    "exchange_delivery",
]
_FINGERPRINT = " UNION ALL ".join(
    f"SELECT '{table}', count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t" for table in TABLES
)


def fingerprint():
    """{table: (rows, hash of all of them)}."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        return {table: (rows, digest) for table, rows, digest in cursor.fetchall()}


class Seen:
    """All rows of one application, read once for all checks."""

    def __init__(self, application_id):
        self.application = Application.objects.get(pk=application_id)
        self.items = releases.load(self.application.release_id).items
        self.tasks = list(ApprovalTask.objects.filter(application=application_id).order_by("pk"))
        self.log = list(self.application.log.order_by("sequence"))
        ids = [task.pk for task in self.tasks]
        self.stops = _by_task(ClockStop, ids)
        self.corrections = _by_task(Correction, ids)
        self.deferrals = _by_task(Deferral, ids)
        self.proposals = _by_task(Proposal, ids)
        self.documents = _by_task(Document, ids)
        self.extensions = _by_task(Extension, ids)
        self.checks = _by_task(AfterCheck, ids)
        self.licences = _by_task(Licence, ids, "source_task_id")
        self.supplied = dict(self.application.materials.values_list("pk", "supplied_at"))
        self.told = Counter(Event.objects.filter(kind="task.decided").values_list("payload__task_id", flat=True))


def _by_task(model, ids, key="task_id"):
    rows = {task_id: [] for task_id in ids}
    if not ids:
        return rows
    for row in model.objects.filter(**{f"{key}__in": ids}).order_by("pk"):
        rows[getattr(row, key)].append(row)
    return rows


def check(application_id, *, at_rest=False, calendar_is_new=False):
    """Assert all of it. at_rest: the outbox is empty and the sweepers have run; calendar_is_new: they have not yet."""
    seen = Seen(application_id)
    _application(seen, at_rest)
    _log(seen)
    for task in seen.tasks:
        _log_of(task, seen)
        _clock(task, seen, calendar_is_new)
        _papers(task, seen)
        _end(task, seen) if task.status not in OPEN else _waits_for_what_is_open(task, seen, at_rest)
        _licence(task, seen, at_rest)
    return seen


def _application(seen, at_rest):
    application, statuses = seen.application, [task.status for task in seen.tasks]
    codes = sorted(task.item_code for task in seen.tasks)
    if application.status == Status.SUBMITTED:
        assert codes == []
        assert not at_rest
        return
    assert codes == sorted(application.chosen), "one task per item"
    is_open = any(status in OPEN for status in statuses)
    if application.status in (Status.COMPLETED, Status.WITHDRAWN):
        assert not is_open, "nothing is open in a completed application"
    elif at_rest:
        assert is_open, "an application without open tasks is completed"
    if application.status == Status.WITHDRAWN:
        assert set(statuses) == {"withdrawn"}
    closings = [row for row in seen.log if row.event in ("application.completed", "application.withdrawn")]
    assert len(closings) == (application.status != Status.IN_PROGRESS), "one closing row in the log"


def _log(seen):
    previous = chain.FIRST
    for number, row in enumerate(seen.log, start=1):
        assert row.sequence == number
        assert row.previous_hash == previous
        assert row.hash == row.expected_hash()
        assert row.at <= timezone.now()
        previous = row.hash
    last = [row.to_status for row in seen.log if not row.item_code and row.to_status]
    assert last[-1] == seen.application.status, "the last log row says the application's state"


def _log_of(task, seen):
    rows = [row for row in seen.log if row.item_code == task.item_code and row.event.startswith("task.")]
    for before, row in itertools.pairwise(rows):
        assert row.from_status == before.to_status, f"{row.event} follows {before.event}"
    assert rows[-1].to_status == task.status, "the last log row says the task's state"
    kept = next(row.detail for row in reversed(rows) if "clock_stopped" in row.detail)
    assert {name: kept[name] for name in CLOCK} == {name: _text(getattr(task, name)) for name in CLOCK}
    ends = [row for row in rows if row.to_status not in OPEN]
    assert len(ends) <= 1, "one end"


def _text(value):
    return value.isoformat() if isinstance(value, date) else value


def _clock(task, seen, calendar_is_new):
    if task.status == "waiting":
        assert task.received_at is None
        assert task.committed_due_on is None
    if task.status not in RUNNING or (calendar_is_new and task.due_is_provisional):
        return
    stops, item = seen.stops[task.pk], seen.items[task.item_code]
    calendar = Days()
    extra = sum(extension.days for extension in seen.extensions[task.pk])
    promised = item.commitment.committed_days if task.by_commitment else item.committed_days
    ended = [stop for stop in stops if stop.ended_on]
    due = calendar.end(timezone.localdate(task.complete_at), promised, "working_days", ended, extra)
    assert task.committed_due_on == due, f"promised: {task.committed_due_on}, by hand {due}"
    begins = task.complete_at if item.statutory_from == "receipt" else task.accepted_at
    legal = None
    if item.statutory_days is not None and begins:
        by_law = [stop for stop in ended if stop.kind in STATUTORY]
        legal = calendar.end(timezone.localdate(begins), item.statutory_days, item.statutory_unit, by_law, extra)
    assert task.statutory_due_on == legal, f"statutory: {task.statutory_due_on}, by hand {legal}"
    running = [stop for stop in stops if not stop.ended_on]
    by_law = any(stop.kind in STATUTORY and (legal is None or stop.started_on <= legal) for stop in running)
    stands = task.status == "correction" or any(stop.started_on <= due for stop in running)
    assert (task.statutory_stopped, task.clock_stopped) == (by_law, stands), "a clock stands while a stop is open"


class Days:
    """The work calendar, walked day by day."""

    def __init__(self):
        confirmed = CalendarYear.objects.filter(confirmed_at__isnull=False)
        self.noticed = dict(CalendarDay.objects.filter(year__in=confirmed).values_list("day", "is_working"))

    def works(self, day):
        return self.noticed.get(day, day.weekday() < 5)

    def end(self, start, days, unit, stops, extension):
        out = {day for stop in stops for day in _span(stop.started_on, stop.ended_on)}
        if unit == "months":
            months = start.year * 12 + start.month - 1 + days
            year, month = divmod(months, 12)
            last = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
            days, unit = (last - start).days, "natural_days"
        if unit == "natural_days":
            day = self._walk(start, days, lambda day: day not in out)
        else:
            first = start - DAY if days == 0 else start
            day = self._walk(first, days or 1, lambda day: day not in out and self.works(day))
        return self._walk(day, extension, lambda day: day not in out and self.works(day))

    def _walk(self, day, left, counts):
        while left:
            day += DAY
            left -= counts(day)
        return day


def _span(first, last):
    return [first + n * DAY for n in range((last - first).days + 1)]


def _papers(task, seen):
    deferrals, stops = seen.deferrals[task.pk], seen.stops[task.pk]
    for one in deferrals:
        assert (one.supplied_at is None) or seen.supplied[one.material_id] == one.supplied_at
    missing = [one for one in deferrals if one.supplied_at is None]
    if task.status in OPEN:
        standing = [stop for stop in stops if stop.kind == "deferral" and not stop.ended_on]
        assert len(standing) == bool(missing), "the promised clock stands while a paper is missing"
    if task.status == "granted":
        assert missing == [], "nothing is granted without its papers"


def _end(task, seen):
    assert task.decided_at
    assert not task.clock_stopped
    assert not task.statutory_stopped
    assert all(stop.ended_on for stop in seen.stops[task.pk]), "no stop stays open at an end"
    assert all(one.answered_at or one.closed_at for one in seen.corrections[task.pk]), "no correction stays open"
    assert all(one.settled_at for one in seen.proposals[task.pk]), "no proposal stays open at an end"
    assert seen.told[task.pk] == 1, "an end is told once"
    kinds = [document.kind for document in seen.documents[task.pk]]
    if task.status in ENDING_PAPER:
        assert kinds.count(ENDING_PAPER[task.status]) == 1, f"{task.status} has its paper, {kinds}"
    is_licence = seen.items[task.item_code].kind == "行政许可"
    assert kinds.count("grant") == (task.status == "granted" and is_licence)
    assert kinds.count("acceptance") + kinds.count("deferred_acceptance") == (task.accepted_at is not None)
    if task.status == "granted":
        verify = task.by_commitment and seen.items[task.item_code].commitment.verify_within
        assert len(seen.checks[task.pk]) == bool(verify), "a promise granted is to be checked"
        assert _others(task, seen, needed) <= {"granted"}, "no grant before its prerequisites"


def _waits_for_what_is_open(task, seen, at_rest):
    assert seen.told[task.pk] == 0
    assert (task.status == "correction") == any(
        not one.answered_at and not one.closed_at for one in seen.corrections[task.pk]
    )
    if task.status != "accepted":
        assert all(one.settled_at for one in seen.proposals[task.pk])
    if not at_rest:
        return
    assert _others(task, seen, needed) <= OPEN | {"granted"}, "what failed ends what needs it"
    if task.status == "waiting":
        assert _others(task, seen, barriers) & OPEN, "a waiting task waits for something open"


def _others(task, seen, relation):
    statuses = {other.item_code: other.status for other in seen.tasks}
    chosen = {code: seen.items[code] for code in statuses}
    return {statuses[code] for code in relation(chosen[task.item_code], chosen)}


def _licence(task, seen, at_rest):
    licences = seen.licences[task.pk]
    wanted = task.status == "granted" and bool(seen.items[task.item_code].certificate_name)
    assert len(licences) <= wanted, "a licence has its grant"
    if at_rest or seen.application.status == Status.COMPLETED:
        assert len(licences) == wanted, "a grant has its licence"
    for licence in licences:
        assert (licence.item_code, licence.number) == (task.item_code, task.face["number"])
        assert licence.holder_id == seen.application.enterprise_id


def nothing_is_left_undone():
    """Every delivery is done or given up; the sweepers do the work of those given up."""
    assert not Delivery.objects.filter(done_at=None, parked_at=None).exists()


def ask_the_portal(settle):
    """Everything `manage.py check_invariants` asks holds, but for what a worker has `settle` seconds to do."""
    moment = Moment.at(settle)
    outcomes = [ask(invariant, moment) for invariant in INVARIANTS]
    broken = [(outcome.invariant.name, outcome.first) for outcome in outcomes if not outcome.holds]
    assert broken == [], broken
