from django.conf import settings
from django.db import models
from django.db.models import Q

from licensing.models.application import Application


class LogEntry(models.Model):
    """What happened to an application or one of its items: append-only (a trigger holds it) and hash-chained."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="log")
    sequence = models.PositiveIntegerField()
    item_code = models.CharField(max_length=60, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=50)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, blank=True)
    # Facts of the step that are no personal data: reasons, due dates, who was told what.
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["application", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="log_sequence_has_no_double"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="log_sequence_starts_at_one"),
        ]
