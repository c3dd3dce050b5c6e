"""视为准予延续 (Licensing Law art. 50(2)): a renewal that was applied for in time counts as granted on the last day.

The licence stays in force from the day after, until its next version is issued; it cannot be refused any more.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from certificates import log
from certificates.models import Licence, LicenceStatus, Reissue
from certificates.moving import lock_licence
from licensing.models import Purpose
from routing.models import TaskStatus
from routing.moving import lock


def sweep():
    """Deem granted what the law does as of today. Those filed late are not among them: the law says nothing of them."""
    for reissue in _undecided():
        if not reissue.application.filed_late:
            deem(reissue)


@transaction.atomic
def deem(reissue):
    """Keep one licence in force, unless it was decided or ended meanwhile; whoever does so waits for the same locks."""
    # Whoever decides the renewal locks its application, and the licence only to grant it.
    lock(reissue.application_id)
    licence = lock_licence(reissue.licence)
    if not _undecided().filter(pk=reissue.pk).exists():
        return
    licence.deemed_renewed_on = licence.valid_until + timedelta(days=1)
    Licence.objects.filter(pk=licence.pk).update(deemed_renewed_on=licence.deemed_renewed_on)
    detail = {"deemed_renewed_on": licence.deemed_renewed_on.isoformat(), "application": reissue.application.number}
    log.record(licence, "deemed_renewed", actor=None, from_status=licence.status, detail=detail)


def _undecided():
    """The renewals under way of licences past their last day: as many as there are late offices, never the register."""
    return Reissue.objects.filter(
        application__purpose=Purpose.RENEW,
        application__tasks__status=TaskStatus.ACCEPTED,
        licence__status=LicenceStatus.VALID,
        licence__valid_until__lt=timezone.localdate(),
        licence__deemed_renewed_on=None,
    ).select_related("application", "licence")
