from django.conf import settings
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


class Source(models.Model):
    """A register of another authority that answers about licences (数据共享, GB/T 36906); operators keep the list.

    `code` is the catalogue's code of a certificate or material; the key to sign in with comes from the environment.
    """

    code = models.CharField("证照或材料代码", max_length=60, unique=True)
    name = models.CharField("数据来源", max_length=80)
    url = models.URLField("接口地址")
    # The licence's type in the directory (证照类型代码), as the source wants it.
    type_code = models.CharField("证照类型代码", max_length=30, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "数据共享来源"

    def __str__(self):
        return self.name


class Message(models.Model):
    """One thing told to one person: in the inbox here, and sent on by mail and SMS. Nothing private stands in it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    # What it is about, so that an event told twice stands here once.
    key = models.CharField(max_length=100)
    subject = models.CharField(max_length=80)
    text = models.TextField(max_length=500)
    # Where to go on: a path of ours, "" for none.
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="each_thing_is_told_once")]
        indexes = [
            # The number beside "消息" on every page.
            models.Index(fields=["user"], name="unread_messages", condition=Q(read_at=None)),
        ]

    def __str__(self):
        return self.subject


class Call(models.Model):
    """An answered call of the API that its caller named by a key, kept for who asks again; see exchange.once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="each_call_is_answered_once")]

    def __str__(self):
        return f"{self.key} {self.status}"
