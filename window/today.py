"""A hall's day: what was done at its windows, and how often."""

from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from licensing.models import EnterpriseEvent
from window.models import Entry, Kind

_CONFIRMING = [EnterpriseEvent.Kind.CONFIRMED, EnterpriseEvent.Kind.MERGED, EnterpriseEvent.Kind.REJECTED]


def entries_of(hall, day):
    """What the hall's clerks did that day but look up, newest first."""
    return Entry.objects.filter(hall=hall, at__range=_span(day)).exclude(kind=Kind.LOOKED_UP).select_related("clerk")


def counts_of(hall, day):
    """[(what, how often)] of that day, in the order of a case; two queries."""
    rows = Entry.objects.filter(hall=hall, at__range=_span(day)).order_by()
    by_kind = dict(rows.values_list("kind").annotate(Count("pk")))
    return [(kind.label, by_kind.get(kind, 0)) for kind in Kind] + [("确认企业", confirmations_of(hall, day).count())]


def confirmations_of(hall, day):
    """Enterprises that clerks of this hall confirmed or sent back that day."""
    return EnterpriseEvent.objects.filter(
        kind__in=_CONFIRMING, at__range=_span(day), actor__in=hall.clerks.values("user")
    )


def _span(day):
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1, microseconds=-1)
