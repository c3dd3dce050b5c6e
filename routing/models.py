import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from guidance import releases
from guidance.models import Item, Office
from licensing.models import Application
from routing.wording import DECISIONS


class TaskStatus(models.TextChoices):
    WAITING = "waiting", "等待前置事项"
    RECEIVED = "received", "已收件"
    ACCEPTED = "accepted", "已受理"
    GRANTED = "granted", "准予许可"
    REFUSED = "refused", "不予许可"
    TERMINATED = "terminated", "终止办理"


OPEN = [TaskStatus.WAITING, TaskStatus.RECEIVED, TaskStatus.ACCEPTED]


class ApprovalTaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN)

    def for_officer(self, user):
        """Tasks of the offices where the user holds a post now."""
        return self.filter(office__posts__user=user)

    def matching(self, text):
        """Tasks of the application or enterprise that an officer looks for by number, name or USCC."""
        return self.filter(
            Q(application__number__icontains=text)
            | Q(application__enterprise__name__icontains=text)
            | Q(application__enterprise__uscc__istartswith=text)
        )


class ApprovalTask(models.Model):
    """One department's share of an application (分办件): one item, one decision."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="tasks")
    item = models.ForeignKey(Item, models.PROTECT, related_name="tasks")
    item_code = models.CharField(max_length=60)
    office = models.ForeignKey(Office, models.PROTECT, related_name="tasks")
    status = models.CharField("状态", max_length=12, choices=TaskStatus, default=TaskStatus.RECEIVED)
    created_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField("收件时间", null=True)
    accepted_at = models.DateTimeField("受理时间", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    statutory_due_on = models.DateField("法定到期日", null=True)
    committed_due_on = models.DateField("承诺到期日", null=True)
    # True while counted beyond the last published calendar year.
    due_is_provisional = models.BooleanField(default=False)
    clock_stopped = models.BooleanField(default=False)
    reason = models.TextField("理由", blank=True)
    # What the licence shows: number, issued_on, valid_until, scope; for 设立登记 also uscc and name.
    face = models.JSONField(null=True)

    objects = ApprovalTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分办件"
        ordering = ["committed_due_on", "pk"]
        constraints = [
            # The task that splits an application may be retried; it must not double the work.
            models.UniqueConstraint(fields=["application", "item_code"], name="one_task_per_item"),
            # Licensing Law art. 38: a refusal states its reason; so does an end without a decision.
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.REFUSED, TaskStatus.TERMINATED]) | ~Q(reason=""),
                name="refusal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.GRANTED) | Q(face__isnull=False), name="a_grant_has_a_face"
            ),
            # NULL for services without a certificate, and NULLs do not collide.
            models.UniqueConstraint("office", "item_code", KT("face__number"), name="one_number_per_office_and_item"),
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.GRANTED, TaskStatus.REFUSED])
                | (Q(decided_at__isnull=False) & Q(decided_by__isnull=False)),
                name="a_decision_has_its_officer_and_time",
            ),
            # Plan art. 7: no clock runs behind a barrier, since nothing has arrived yet.
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.WAITING) | (Q(received_at=None) & Q(committed_due_on=None)),
                name="a_waiting_task_has_no_clock",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.RECEIVED, TaskStatus.ACCEPTED]) | Q(received_at__isnull=False),
                name="a_running_task_was_received",
            ),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="a_task_has_a_known_status"),
        ]
        indexes = [
            # An office's queue by due date.
            models.Index(fields=["office", "status", "committed_due_on"], name="queue_of_an_office"),
        ]

    def __str__(self):
        return f"{self.application.number} {self.item.name}"

    @property
    def as_catalogued(self):
        """The item as the application's release says it (guidance.schema.Item)."""
        return releases.load(self.application.release_id).items[self.item_code]

    @property
    def is_overdue(self):
        return self._is_running and self.committed_due_on < timezone.localdate()

    @property
    def is_due_today(self):
        return self._is_running and self.committed_due_on == timezone.localdate()

    @property
    def _is_running(self):
        return self.status in OPEN and self.committed_due_on is not None and not self.clock_stopped

    @property
    def status_text(self):
        """The status in the words of the item's kind: a 备案 is not 准予许可."""
        words = DECISIONS.get(self.status)
        return words[self.item.definition["kind"]] if words else self.get_status_display()


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a make-up working day, by the yearly notice."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    source = models.CharField("依据", max_length=100)

    class Meta:
        ordering = ["day"]
        verbose_name = verbose_name_plural = "节假日安排"

    def __str__(self):
        return f"{self.day} {'上班' if self.is_working else '放假'}"
