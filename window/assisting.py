"""帮办代办: a clerk fills a draft for the person at the window, whose right to it is on record (plan art. 14)."""

from django.db import transaction
from django.utils import timezone

from guidance import releases
from guidance.models import GuidanceSession
from licensing import drafts
from licensing.models import Application, AssistedFiling, Enterprise
from window import entries
from window.models import Kind
from window.people import is_own


class NotAssistable(Exception):
    """The message is a sentence for the clerk."""


@transaction.atomic
def start(hall, clerk, person, *, enterprise=None, founder="", theme=None, guide=None):
    """Return a new draft for a confirmed enterprise, or for one still to be founded by that name, filled by the clerk.

    theme: a catalogue Theme whose answers it begins with; guide: the GuidanceSession that it goes on from instead.
    Raises NotAssistable.
    """
    draft = _gone_on_from(guide, clerk) if guide else None
    if enterprise is None:
        # The clerk is no member of it: what he may do hangs on the assistance alone, and ends with it.
        enterprise = Enterprise.objects.create(name=founder, added_by=clerk)
    if draft:
        draft = drafts.apply_for(draft, enterprise)
    else:
        answers = dict(theme.seed_answers) if theme else {}
        draft = Application.objects.create(
            filer=clerk, release=releases.current(), enterprise=enterprise, answers=answers
        )
    begin(draft, hall, clerk, person)
    return draft


def _gone_on_from(guide, clerk):
    """The draft of this session, which must be its first: what somebody began is opened by its own code only."""
    guide = GuidanceSession.objects.select_for_update(no_key=True).select_related("release").get(pk=guide.pk)
    if Application.objects.filter(guidance=guide).exists():
        raise NotAssistable("这次问答已经有一份申请了，请用那份申请的申请码打开；要另办一份的，不带导办码新办。")
    return drafts.start(guide, clerk)


@transaction.atomic
def begin(draft, hall, clerk, person):
    """From now on the clerk fills this draft for that person. Raises NotAssistable, Application.DoesNotExist."""
    draft = _locked(draft)
    if is_own(draft.enterprise, clerk):
        raise NotAssistable("这是您自己的经营主体，请同事来办理。")
    standing = AssistedFiling.objects.filter(application=draft).select_related("hall", "clerk").first()
    if standing and _busy(standing, hall):
        raise NotAssistable(f"{standing.hall}的{standing.clerk}正在帮办这份申请，请先请那边结束帮办。")
    begun = person.facts() | {"hall": hall, "clerk": clerk, "started_at": timezone.now(), "ended_at": None}
    filing = AssistedFiling.objects.update_or_create(application=draft, defaults=begun)[0]
    entries.record(hall, clerk, Kind.ASSISTED, application=draft)
    return filing


@transaction.atomic
def take_over(draft, hall, clerk):
    """Go on where a colleague of the same hall stopped for now. Raises NotAssistable."""
    draft = _locked(draft)
    standing = AssistedFiling.objects.filter(application=draft, hall=hall, ended_at=None).first()
    if standing is None:
        raise NotAssistable("这份申请现在没有人在帮办，请先登记到场办理人。")
    if is_own(draft.enterprise, clerk):
        raise NotAssistable("这是您自己的经营主体，请同事来办理。")
    if standing.clerk_id != clerk.pk:
        standing.clerk = clerk
        standing.save(update_fields=["clerk"])
        entries.record(hall, clerk, Kind.TAKEN_OVER, application=draft)
    return standing


@transaction.atomic
def stop(draft, hall, clerk):
    """Give the assistance up; the draft stays its applicant's. A second time changes nothing."""
    draft = _locked(draft)
    if AssistedFiling.objects.filter(application=draft, hall=hall, ended_at=None).update(ended_at=timezone.now()):
        entries.record(hall, clerk, Kind.STOPPED, application=draft)


def standing_for(draft, hall):
    """The open AssistedFiling of the draft at this hall, or None."""
    return AssistedFiling.objects.filter(application=draft, hall=hall, ended_at=None).select_related("clerk").first()


def _busy(standing, hall):
    """Is somebody else at it? Another hall's that was left open yesterday keeps nobody out."""
    if standing.ended_at or standing.hall_id == hall.pk:
        return False
    return timezone.localdate(standing.started_at) == timezone.localdate()


def _locked(draft):
    drafts = Application.objects.drafts().select_related("enterprise", "premises")
    drafts.lock(pk=draft.pk)
    return drafts.get(pk=draft.pk)
