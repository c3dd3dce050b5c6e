"""The window's own log: who opened or did what, at which hall, when."""

from django.utils import timezone

from window.models import Entry


def record(hall, clerk, kind, *, application=None, enterprise=None):
    """Append one row; belongs into the transaction of what it tells."""
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
