"""The licences of an enterprise as the people who act for it see them: by premises, by state, each with its past."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, Value, When
from django.utils import timezone

from certificates.advice import advice_on
from certificates.expiring import STAGES
from certificates.models import Licence, LicenceEvent, LicenceFile, LicenceStatus, Reissue
from certificates.reissuing import OPEN
from certificates.wording import EVENTS, facts_of
from licensing.models import Application
from licensing.registration import REGISTRATION

# From the first reminder on.
SOON = max(STAGES)
# What the page lets people pick, in the order in which licences stand on it.
STATES = {"valid": "有效", "soon": f"{SOON} 天内到期", "suspended": "暂扣", "expired": "已过期", "ended": "已失效"}
_RANKS = ("valid", "suspended", "expired", "ended")
# Their documents are linked, or the newer version stands above.
_TOLD_ELSEWHERE = {"annulled", "withdrawn", "cancelled", "superseded"}


@dataclass(frozen=True)
class Change:
    """What happened to a licence on a day, without a document of its own here. facts: pairs of label and text."""

    day: date
    what: str
    reason: str
    facts: list


@dataclass(frozen=True)
class Held:
    """A licence as its holder's page shows it.

    days_left: only of one in force, when they are few. advice: see advice.py. filing: the open one to renew or change
    it. earlier: its older versions, newest first.
    """

    licence: Licence
    state: str
    days_left: int | None
    advice: tuple | None
    changes: tuple
    filing: Application | None
    file: LicenceFile | None
    earlier: tuple

    @property
    def ours(self):
        """Is it in force and issued by an office of the portal, so that something can be done about it here?"""
        return self.licence.is_valid and self.licence.office_id is not None

    @property
    def may_reissue(self):
        # The business licence is altered by registration, with all that hangs on it; see reissuing.objection.
        return self.ours and not self.filing and self.licence.item_code != REGISTRATION


def held_by(enterprise, user):
    """Today's version of each licence of the enterprise that the user sees, in the page's order, each with `rank`."""
    today = timezone.localdate()
    rank = Case(
        When(status=LicenceStatus.SUSPENDED, then=Value(1)),
        When(~Q(status=LicenceStatus.VALID), then=Value(3)),
        When(valid_until__lt=today, deemed_renewed_on=None, then=Value(2)),
        default=Value(0),
        output_field=IntegerField(),
    )
    newest = Licence.objects.for_applicant(user).filter(holder=enterprise, next=None)
    order = (
        F("premises__name").asc(nulls_first=True),
        "premises_id",
        "rank",
        F("valid_until").asc(nulls_last=True),
        "pk",
    )
    return newest.annotate(rank=rank).order_by(*order)


def in_state(licences, state):
    """Those in one of STATES."""
    return licences.filter(_which(state))


def counts(licences):
    """{state: how many}, for all of STATES; one query."""
    return licences.order_by().aggregate(**{state: Count("pk", filter=_which(state)) for state in STATES})


def _which(state):
    if state == "soon":
        last = timezone.localdate() + timedelta(days=SOON)
        return Q(rank=_RANKS.index("valid"), valid_until__lte=last, deemed_renewed_on=None)
    return Q(rank=_RANKS.index(state))


def shown(licences, user):
    """[Held] for a page of held_by(); the queries are the same few for one licence and for fifty."""
    today = timezone.localdate()
    filings = Reissue.objects.filter(
        application__status__in=OPEN, application__in=Application.objects.for_applicant(user)
    )
    rows = licences.select_related("premises", "office").prefetch_related(
        *_past(),
        Prefetch("reissues", filings.select_related("application").order_by("-pk"), to_attr="open_reissues"),
    )
    rows = list(rows)
    earlier = _earlier(rows, user)
    return [_held(row, today, tuple(earlier[row.pk])) for row in rows]


def _past():
    """What each version has of its own: its current file, what changed its status, the documents that ended it."""
    files = LicenceFile.objects.current().select_related("key").defer("data", "signature", "key__certificate")
    return (Prefetch("files", files, to_attr="current_files"), changes_of_status(), "endings")


def changes_of_status():
    """Prefetch for licences: `changes`, the rows of their log that changed the status, in order."""
    changes = LicenceEvent.objects.exclude(from_status__in=["", F("to_status")]).order_by("sequence")
    return Prefetch("events", changes, to_attr="changes")


def _earlier(rows, user):
    """{pk of a newest version: [older versions, newest first]}."""
    found = defaultdict(list)
    if not any(row.previous_id for row in rows):
        return found
    # A chain may be of any length; all older versions of one holder are few enough to be read at once.
    older = Licence.objects.for_applicant(user).filter(holder=rows[0].holder_id).exclude(next=None)
    by_pk = {licence.pk: licence for licence in older.select_related("office").prefetch_related(*_past())}
    for row in rows:
        step = by_pk.get(row.previous_id)
        while step:
            found[row.pk].append(step)
            step = by_pk.get(step.previous_id)
    return found


def _held(licence, today, earlier):
    ends = licence.is_valid and licence.valid_until and not licence.deemed_renewed_on
    days = (licence.valid_until - today).days if ends else None
    return Held(
        licence=licence,
        state=_RANKS[licence.rank],
        days_left=days if days is not None and days <= SOON else None,
        advice=advice_on(licence),
        changes=tuple(_change(event) for event in licence.changes if event.event not in _TOLD_ELSEWHERE),
        filing=licence.open_reissues[0].application if licence.open_reissues else None,
        file=licence.current_files[0] if licence.current_files else None,
        earlier=earlier,
    )


def _change(event):
    words = EVENTS.get(event.event) or LicenceStatus(event.to_status).label
    return Change(timezone.localdate(event.at), words, event.detail.get("reason", ""), facts_of(event.detail))
