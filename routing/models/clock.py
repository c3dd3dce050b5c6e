from django.conf import settings
from django.db import models
from django.db.models import F, Q

from routing.models.task import ApprovalTask


class StopKind(models.TextChoices):
    # Licensing Law art. 45: not counted in the statutory limit, so neither in the promised one.
    HEARING = "hearing", "听证"
    INSPECTION = "inspection", "检验、检测、检疫、鉴定"
    EXPERT_REVIEW = "expert_review", "专家评审"
    BIDDING = "bidding", "招标、拍卖"
    # The promised limit only: the law does not know them.
    SURVEY = "survey", "现场核查"
    DEFERRAL = "deferral", "等待容缺材料"
    WAITING = "waiting", "等待前置事项的结果"
    HOLD = "hold", "申请人要求暂停"


STATUTORY_STOPS = [StopKind.HEARING, StopKind.INSPECTION, StopKind.EXPERT_REVIEW, StopKind.BIDDING]


class ClockStop(models.Model):
    """An interval that is not counted (特别程序 and the like), both its days left out; open while ended_on is null."""

    task = models.ForeignKey(ApprovalTask, models.PROTECT, related_name="stops")
    kind = models.CharField("程序", max_length=15, choices=StopKind)
    started_on = models.DateField("开始日期")
    # Art. 45: the applicant is told in writing how long it will take.
    expected_on = models.DateField("预计结束", null=True)
    ended_on = models.DateField("结束日期", null=True)
    reason = models.TextField("事由", blank=True)
    result = models.TextField("结果", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["started_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="a_stop_does_not_end_before_it_starts",
            ),
            models.UniqueConstraint(
                fields=["task", "kind"], condition=Q(ended_on=None), name="one_open_clock_stop_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=StopKind.values), name="a_clock_stop_has_a_known_kind"),
        ]

    @property
    def is_statutory(self):
        return self.kind in STATUTORY_STOPS


class Extension(models.Model):
    """The one extension (延期) that the head of the office may grant (Licensing Law art. 42): days are working days."""

    task = models.OneToOneField(ApprovalTask, models.PROTECT, related_name="extension")
    days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_extension_has_a_reason"),
            models.CheckConstraint(condition=Q(days__gte=1), name="an_extension_adds_days"),
        ]
