"""Replaying what people answered and filed on a draft of the catalogue: who would be asked for something else.

Nothing is written. Rows are read in slices, newest first, each slice by the same few queries; what is kept are counts
and the distinct differences.
"""

import functools
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from guidance import releases
from guidance.models import GuidanceSession
from licensing import papers
from licensing.comparing import Effect, Owed, compare, compare_answers, effect
from licensing.models import Application, Enterprise, Status
from licensing.plan import make_plan, plan_on
from licensing.values import allowed_answers

SLICE = 200
# PostgreSQL counts no further.
MOST = 2**63 - 1
LARGEST = 10
# Of the cases that differ alike so many are named.
NAMED = 20
_OPEN = (Status.DRAFT, Status.SUBMITTED, Status.IN_PROGRESS)


@dataclass
class Cases:
    """Counts of the sessions or of the applications replayed."""

    replayed: int = 0
    unfinished: int = 0  # of these, with questions still open: only their answers are judged
    other: Counter = field(default_factory=Counter)  # {"any", "items", "papers", "fields", "days", "answers": cases}
    totals: Counter = field(default_factory=Counter)  # {"items", "papers", "fields", "days": how many more in all}
    differences: dict = field(default_factory=dict)  # {Difference: [how many cases, labels of the first]}

    def add(self, difference, label=None):
        self.replayed += 1
        if not difference:
            return
        self.other["any"] += 1
        for kind in ("items", "papers", "fields"):
            came, went = getattr(difference, kind)
            self.other[kind] += bool(came or went)
            self.totals[kind] += len(came) - len(went)
        self.other["days"] += bool(difference.days or difference.item_days)
        self.totals["days"] += difference.days
        self.other["answers"] += bool(difference.asked or difference.refused)
        _note(self.differences, difference, label)


@dataclass
class Findings:
    sessions: Cases = field(default_factory=Cases)
    applications: Cases = field(default_factory=Cases)
    # {Effect: {Difference: [how many, labels]}} of the open applications.
    open: dict = field(default_factory=lambda: {one: {} for one in Effect})

    def largest(self):
        """[(Difference, sessions, applications, labels of applications)], the ten largest."""
        both = {**self.sessions.differences, **self.applications.differences}
        ranked = sorted(both, key=lambda one: (one.weight, self._count(one)), reverse=True)[:LARGEST]
        return [(one, *self._counts(one)) for one in ranked]

    def _counts(self, difference):
        sessions, _ = self.sessions.differences.get(difference, (0, ()))
        applications, labels = self.applications.differences.get(difference, (0, ()))
        return sessions, applications, labels

    def _count(self, difference):
        return sum(self._counts(difference)[:2])


def what_if(draft, last, told=lambda done: None):
    """Return the Findings of the last sessions and applications, and of all open applications, on the draft Catalogue.

    told(sentence): called after each slice.
    """
    findings, last = Findings(), min(last, MOST)
    recent = GuidanceSession.objects.order_by("-pk")[:last]
    for session in _sliced(recent, told, "问答"):
        before, after = (_answered(catalogue, session) for catalogue in (releases.load(session.release_id), draft))
        findings.sessions.unfinished += before.open_question is not None
        findings.sessions.add(_difference(before, after))
    oldest = Application.objects.order_by("-pk").values_list("pk", flat=True)[:last]
    since = min(oldest, default=0)
    for application in _sliced(_applications(since), told, "申请"):
        _add(findings, application, draft, recent=application.pk >= since)
    return findings


def _add(findings, application, draft, *, recent):
    own = releases.load(application.release_id)
    before, after = _filed(own, application, ()), _filed(draft, application, _stale(own, draft))
    difference = _difference(before, after)
    if recent:
        findings.applications.unfinished += before.open_question is not None
        findings.applications.add(difference, application.label)
    if application.status in _OPEN:
        met = effect(difference, is_draft=application.status == Status.DRAFT)
        _note(findings.open[met], difference if met != Effect.UNAFFECTED else None, application.label)


def _note(differences, difference, label):
    kept = differences.setdefault(difference, [0, []])
    kept[0] += 1
    if label and len(kept[1]) < NAMED:
        kept[1].append(label)


def _difference(before, after):
    return compare_answers(before, after) if before.open_question else compare(before, after)


def _sliced(rows, told, kind):
    for done, row in enumerate(rows.iterator(chunk_size=SLICE), start=1):
        yield row
        if not done % SLICE:
            told(f"已重放 {done} 件{kind}")


def _applications(since):
    """Of that key and newer, and all open ones, with all that a plan reads."""
    rows = Application.objects.filter(Q(pk__gte=since) | Q(status__in=_OPEN)).order_by("-pk")
    return rows.select_related("enterprise", "premises__division", "reissue").prefetch_related("enterprise__licences")


def _answered(catalogue, session):
    """The Owed of a session, as of somebody with nothing but a business licence, or without even that."""
    answers, refused = allowed_answers(catalogue, session.answers)
    plan = make_plan(catalogue, answers, {}, declined=session.declined)
    holder = Enterprise(uscc="" if answers.get("has_licence") == "have" else None)
    return Owed.of(plan, papers.ways_ahead(Application(enterprise=holder), plan, []), refused)


def _filed(catalogue, application, stale):
    """The Owed of an application, with the licences held before it was submitted, or now while it is a draft."""
    answers, refused = allowed_answers(catalogue, application.answers)
    values = {code: value for code, value in application.values.items() if code not in stale}
    case = _copy(application, answers, values)
    licences = _held(application)
    plan = plan_on(catalogue, case, licences)
    return Owed.of(plan, papers.ways_ahead(case, plan, licences), refused)


def _copy(application, answers, values):
    kept = {one.attname: getattr(application, one.attname) for one in Application._meta.concrete_fields}
    case = Application(**kept | {"answers": answers, "values": values})
    case._state.fields_cache = application._state.fields_cache
    return case


def _held(application):
    """What plan_for() would find, without a query: the slice brought the licences along."""
    if application.enterprise_id is None:
        return []
    valid = (one for one in application.enterprise.licences.all() if one.is_valid)
    here = [one for one in valid if one.premises_id in (None, application.premises_id)]
    if application.submitted_at is None:
        return here
    # What it was granted itself is held now, and was asked for all the same.
    filed_on = timezone.localdate(application.submitted_at)
    return [one for one in here if one.issued_on < filed_on]


@functools.lru_cache(maxsize=8)
def _stale(own, draft):
    """Codes of the elements whose values the draft could not read."""
    return {
        code
        for code, one in own.elements.items()
        if code not in draft.elements or draft.elements[code].type != one.type
    }
