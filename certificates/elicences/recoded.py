"""E-licences after their holder's code was replaced: the code drawn on them opens nothing any more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from certificates.models import LicenceFile, LicenceStatus
from licensing.models import EnterpriseEvent

# A file that was being made just then may have read the old code and be told of a moment later.
_UNDER_WAY = timedelta(minutes=1)
# What is suspended is given back with the file that it has then.
_USABLE = (LicenceStatus.VALID, LicenceStatus.SUSPENDED)


@transaction.atomic
def make_anew(enterprise_event_id):
    """Answer enterprise.recoded: want the files of licences in force again, or suspended; the sweep makes them.

    Those made since are left alone, so that a repeat changes nothing. What was handed out stays sealed and valid.
    """
    event = EnterpriseEvent.objects.get(pk=enterprise_event_id)
    of_holder = LicenceFile.objects.current().filter(licence__holder=event.enterprise_id)
    stale = of_holder.filter(licence__status__in=_USABLE, made_at__lt=event.at + _UNDER_WAY)
    rows = list(stale.select_for_update(of=["self"]).order_by("pk").values_list("pk", "licence"))
    LicenceFile.objects.filter(pk__in=[pk for pk, _ in rows]).update(replaced_at=timezone.now())
    LicenceFile.objects.bulk_create([LicenceFile(licence_id=licence) for _, licence in rows])
