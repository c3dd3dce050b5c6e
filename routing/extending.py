"""Extending the limits once, by the head of the office (Licensing Law art. 42)."""

from django.db import transaction
from django.utils import timezone

from routing import documents
from routing.counting import recount_as_recorded, rules
from routing.forms import RefusalForm
from routing.models import Extension
from routing.moving import Step, claim, perform
from routing.refusals import cleaned


@transaction.atomic
def extend(task, head, reason):
    """Add the item's `extension_days` working days to both limits and tell the applicant why. Raises NotAllowed."""
    task = claim(task, head, "extend")
    reason = cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    days = task.as_catalogued.extension_days
    task.extension = Extension.objects.create(
        task=task, days=days, reason=reason, granted_by=head, granted_at=timezone.now()
    )
    recount_as_recorded(task, rules())
    perform("extend", Step(task, {"days": days, "reason": reason}, documents.extension(task, days, reason)), head)
    return task
