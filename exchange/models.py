from django.db import models
from django.db.models import Q


class Event(models.Model):
    """A fact that others must learn of, written in the transaction that made it true (the outbox)."""

    kind = models.CharField(max_length=50)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.kind} {self.pk}"


class DeliveryQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(done_at=None, parked_at=None)

    def parked(self):
        return self.filter(parked_at__isnull=False)

    def due(self, now):
        return self.waiting().filter(next_attempt_at__lte=now)

    def claimable(self, now):
        """Waiting and held by no live worker; a claim expires, so a killed worker loses nothing."""
        return self.waiting().filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


class Delivery(models.Model):
    """One event for one handler: waiting, done, or parked after too many attempts."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    handler = models.CharField(max_length=100)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    # The class of the last error only: a message may quote a form.
    error = models.CharField(max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="one_delivery_per_handler"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(parked_at=None), name="a_done_delivery_is_not_parked"),
        ]
        indexes = [
            # The sweeper's question: what is due? Done rows leave it, so it stays small for ever.
            models.Index(fields=["next_attempt_at"], name="due_deliveries", condition=Q(done_at=None, parked_at=None)),
        ]

    def __str__(self):
        return f"{self.event_id} → {self.handler}"
