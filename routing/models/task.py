import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from guidance import releases
from guidance.models import Item, Office
from licensing.models import Application
from routing.wording import STATUS_WORDS


class TaskStatus(models.TextChoices):
    WAITING = "waiting", "等待前置事项"
    RECEIVED = "received", "已收件"
    CORRECTION = "correction", "待补正"
    ACCEPTED = "accepted", "已受理"
    GRANTED = "granted", "准予许可"
    REFUSED = "refused", "不予许可"
    DECLINED = "declined", "不予受理"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "终止办理"


OPEN = [TaskStatus.WAITING, TaskStatus.RECEIVED, TaskStatus.CORRECTION, TaskStatus.ACCEPTED]
# Ended without the result that others may be waiting for.
FAILED = [
    TaskStatus.REFUSED,
    TaskStatus.DECLINED,
    TaskStatus.RETURNED,
    TaskStatus.WITHDRAWN,
    TaskStatus.TERMINATED,
]
ENDED = [TaskStatus.GRANTED, *FAILED]
# With an officer's decision on the matter itself, or on whether to take it.
BY_AN_OFFICER = [TaskStatus.GRANTED, TaskStatus.REFUSED, TaskStatus.DECLINED]
# True in the face of the next version of a licence, under the number that was given once.
KEEPS_NUMBER = "keeps_number"


class ApprovalTaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN)

    def for_officer(self, user):
        """Tasks of the offices where the user holds a post now."""
        return self.filter(office__posts__user=user)

    def for_applicant(self, user):
        """Tasks of the applications that the user may follow."""
        return self.filter(application__in=Application.objects.for_applicant(user))

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
    # The officer in charge (承办人): who accepted it, or whom the head named. A correction comes back to them.
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assigned_tasks")
    status = models.CharField("状态", max_length=12, choices=TaskStatus, default=TaskStatus.RECEIVED)
    # The applicant chose 告知承诺 for this item: its own committed days, and a check after the grant.
    by_commitment = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    received_at = models.DateTimeField("收件时间", null=True)
    # When the papers were complete: at receipt, or when the last correction was answered. Clocks count from here.
    complete_at = models.DateTimeField("材料收齐时间", null=True)
    accepted_at = models.DateTimeField("受理时间", null=True)
    decided_at = models.DateTimeField("办结时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    statutory_due_on = models.DateField("法定到期日", null=True)
    committed_due_on = models.DateField("承诺到期日", null=True)
    # The first day on which it is due soon (预警), by the thresholds when the due date was counted.
    warns_on = models.DateField("预警日", null=True)
    # True while counted beyond the last published calendar year.
    due_is_provisional = models.BooleanField(default=False)
    # A stop is open that began before the clock ran out; only a matter of art. 45 stops the statutory one.
    clock_stopped = models.BooleanField(default=False)
    statutory_stopped = models.BooleanField(default=False)
    reason = models.TextField("理由", blank=True)
    # Licensing Law art. 32(2): who declines names the authority to turn to.
    right_authority = models.CharField("应当受理的机关", max_length=100, blank=True)
    # What the licence shows: number, issued_on, valid_until, scope; for 设立登记 also uscc and name.
    face = models.JSONField(null=True)

    objects = ApprovalTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分办件"
        ordering = ["committed_due_on", "pk"]
        constraints = [
            # The task that splits an application may be retried; it must not double the work.
            models.UniqueConstraint(fields=["application", "item_code"], name="one_task_per_item"),
            # Licensing Law arts. 32, 38: who refuses or declines says why; so does an end without a decision.
            models.CheckConstraint(
                condition=~Q(status__in=FAILED) | Q(status=TaskStatus.WITHDRAWN) | ~Q(reason=""),
                name="refusal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.GRANTED) | Q(face__isnull=False), name="a_grant_has_a_face"
            ),
            # NULL for services without a certificate, and NULLs do not collide.
            models.UniqueConstraint(
                "office",
                "item_code",
                KT("face__number"),
                condition=~Q(face__has_key=KEEPS_NUMBER),
                name="one_number_per_office_and_item",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ENDED) | Q(decided_at__isnull=False), name="an_end_has_its_time"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=BY_AN_OFFICER) | Q(decided_by__isnull=False),
                name="a_decision_has_its_officer",
            ),
            # Plan art. 7: no clock runs behind a barrier, since nothing has arrived yet.
            models.CheckConstraint(
                condition=~Q(status=TaskStatus.WAITING) | (Q(received_at=None) & Q(committed_due_on=None)),
                name="a_waiting_task_has_no_clock",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.RECEIVED, TaskStatus.CORRECTION, TaskStatus.ACCEPTED])
                | (Q(received_at__isnull=False) & Q(complete_at__isnull=False)),
                name="a_running_task_was_received",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[TaskStatus.ACCEPTED, TaskStatus.GRANTED, TaskStatus.REFUSED])
                | Q(accepted_at__isnull=False),
                name="what_was_decided_was_accepted",
            ),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="a_task_has_a_known_status"),
        ]
        indexes = [
            # An office's queue by due date: what is open, and what is decided, newest first.
            models.Index(fields=["office", "status", "committed_due_on"], name="queue_of_an_office"),
            models.Index(fields=["office", "-decided_at"], name="decided_by_an_office", condition=Q(status__in=ENDED)),
            # The counts beside the filters of the queue: what has ended is counted without reading its rows.
            models.Index(
                fields=["office", "status", "item_code", "assignee"],
                name="counts_of_ended",
                condition=Q(status__in=ENDED),
            ),
            # The sweeper: received and not accepted in time.
            models.Index(fields=["complete_at"], name="tasks_to_accept", condition=Q(status=TaskStatus.RECEIVED)),
        ]

    def __str__(self):
        return f"{self.application.number} {self.item.name}"

    @property
    def as_catalogued(self):
        """The item as the application's release says it (guidance.schema.Item)."""
        return releases.load(self.application.release_id).items[self.item_code]

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def committed_days(self):
        """The promised limit, in working days: its own on the commitment path."""
        item = self.as_catalogued
        return item.commitment.committed_days if self.by_commitment else item.committed_days

    @property
    def is_due_today(self):
        return self.is_open and not self.clock_stopped and self.committed_due_on == timezone.localdate()

    @property
    def status_text(self):
        """The status in the words of the item's kind: a 备案 is not 准予许可."""
        words = STATUS_WORDS.get(self.status)
        return words[self.item.definition["kind"]] if words else self.get_status_display()
