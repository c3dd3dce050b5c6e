"""The window's own log: who opened or did what, at which hall, when."""

from django.http import Http404
from django.utils import timezone

from window.models import Entry


def record(hall, clerk, kind, *, application=None, enterprise=None):
    """Append one row; belongs into the transaction of what it tells.

    Raises Http404 for who is no clerk of the hall any more, as the hall's pages do: a place that is taken away while
    an act is under way ends the act, or waits for it.
    """
    if not hall.clerks.select_for_update(no_key=True).filter(user=clerk):
        raise Http404
    owner = enterprise or (application and application.enterprise)
    return Entry.objects.create(
        hall=hall,
        clerk=clerk,
        kind=kind,
        case=application and application.public_id,
        enterprise=enterprise and enterprise.public_id,
        label=application.label if application else enterprise.uscc,
        applicant=owner.name if owner else "",
    )


def todays(hall):
    """What this hall has on record since midnight: what it may go on with without looking it up again."""
    return Entry.objects.filter(
        hall=hall, at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    )
