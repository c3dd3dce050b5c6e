"""Word to the holder before a licence ends: 90, 60 and 30 days before, each once.

Walked by the index of what is in force and ends, in its order: the work grows with what ends in the next 90 days, never
with what has ended or was told before. Told days that were missed are caught up with by the nearest stage alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from certificates.models import ExpiryReminder, Licence, LicenceStatus, Reissue
from exchange.messages import tell
from licensing.models import Membership, Purpose, Status
from licensing.prior import BEFORE_THE_END
from licensing.wording import day_text

STAGES = (30, 60, 90)
_BATCH = 500


@dataclass(frozen=True)
class Place:
    """Where a walk stands: the last licence looked at."""

    valid_until: date
    licence_id: int


def stage_of(days_left):
    """Return the nearest stage that has begun, None while the end is further off."""
    return next((stage for stage in STAGES if days_left <= stage), None)


def remind_some(after=None, size=_BATCH):
    """Tell of the next licences; return the Place to go on from, None at the end. after: a Place.

    A constant number of queries for those that need no telling.
    """
    today = timezone.localdate()
    batch = list(ending_soon(today, after)[:size])
    told = _told(batch, today)
    people = _people_of([licence for licence in batch if licence.pk not in told])
    for licence in batch:
        # Whom nobody acts for yet is told when somebody does.
        if licence.pk not in told and (users := _acting_for(licence, people)):
            remind(licence, stage_of((licence.valid_until - today).days), users)
    return Place(batch[-1].valid_until, batch[-1].pk) if len(batch) == size else None


def ending_soon(today, after=None):
    """Licences in force that end within the first stage, in the order of their index, from a Place on."""
    last = today + timedelta(days=STAGES[-1])
    # The one that was superseded has lapsed, so it is not among them.
    ending = Licence.objects.filter(status=LicenceStatus.VALID, valid_until__range=(today, last))
    if after:
        later = Q(valid_until__gt=after.valid_until) | Q(pk__gt=after.licence_id)
        ending = ending.filter(later, valid_until__gte=after.valid_until)
    return ending.only("public_id", "holder", "premises", "valid_until").order_by("valid_until", "pk")


@transaction.atomic
def remind(licence, stage, users):
    """Tell these users of the end, once for each stage, whoever does it at the same time."""
    _, fresh = ExpiryReminder.objects.get_or_create(licence=licence, days=stage)
    if fresh:
        holder = licence.holder
        page = reverse("certificates:register", args=[holder.public_id])
        tell(users, f"licence.{licence.pk}.ends.{stage}", "有一份证照快到期了", _text(licence.valid_until), page)


def _text(until):
    renew_by = until - BEFORE_THE_END
    ends = f"您有一份证照 {day_text(until)} 到期。到期以后不能再凭它经营。还要继续做的，"
    if timezone.localdate() < renew_by:
        return f"{ends}请最晚 {day_text(renew_by)} 在“我的企业”里申请延续。长期不做的，不用办。"
    return f"{ends}请马上在“我的企业”里申请延续：法律要求在到期三十日前提出，再晚可能来不及在到期前决定。"


def _told(licences, today):
    """Keys of those told at their stage already, or with a 延续 handed in; a draft may have been forgotten."""
    stages = {licence.pk: stage_of((licence.valid_until - today).days) for licence in licences}
    reminders = ExpiryReminder.objects.filter(licence__in=stages).values_list("licence", "days")
    renewing = Reissue.objects.filter(
        licence__in=stages,
        application__purpose=Purpose.RENEW,
        application__status__in=[Status.SUBMITTED, Status.IN_PROGRESS],
    )
    told = {pk for pk, days in reminders if days == stages[pk]}
    return told | set(renewing.values_list("licence", flat=True))


def _people_of(licences):
    """The current Memberships of their holders, {enterprise: [Membership with its user]}."""
    members = Membership.objects.current().filter(
        enterprise__in={licence.holder_id for licence in licences}, user__is_active=True
    )
    people = {}
    for member in members.select_related("user").order_by("pk"):
        people.setdefault(member.enterprise_id, []).append(member)
    return people


def _acting_for(licence, people):
    """Who acts for the holder there: of agents for one shop those of this one."""
    members = people.get(licence.holder_id, [])
    return [member.user for member in members if member.premises_id in (None, licence.premises_id)]
