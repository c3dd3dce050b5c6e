from django.conf import settings
from django.db import models
from django.db.models import Q

from licensing import chain
from licensing.models.application import Application


class ChainedRow(models.Model):
    """A row of an append-only log (a trigger holds it): numbered from 1 and chained to the row before by its hash."""

    sequence = models.PositiveIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=50)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12, blank=True)
    # Facts of the step that are no personal data: reasons, due dates, who was told what.
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    HASHED = ("sequence", "event", "actor_id", "from_status", "to_status", "detail", "at")

    class Meta:
        abstract = True

    def expected_hash(self):
        return chain.link(self.previous_hash, {name: getattr(self, name) for name in self.HASHED})


class LogEntry(ChainedRow):
    """What happened to an application or one of its items."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="log")
    item_code = models.CharField(max_length=60, blank=True)

    HASHED = ("application_id", "item_code", *ChainedRow.HASHED)

    class Meta:
        ordering = ["application", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="log_sequence_has_no_double"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="log_sequence_starts_at_one"),
        ]
