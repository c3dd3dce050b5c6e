from django.conf import settings
from django.db import models
from django.db.models import Q

from routing.models.task import ApprovalTask


class CheckStatus(models.TextChoices):
    PENDING = "pending", "待核查"
    NOT_SAMPLED = "not_sampled", "没有抽中"
    PASSED = "passed", "核查属实"
    RECTIFYING = "rectifying", "限期整改"
    RECTIFIED = "rectified", "整改合格"
    FAILED = "failed", "承诺不实，应当撤销"
    ANNULLED = "annulled", "已撤销"


class AfterCheck(models.Model):
    """The check of a promise (告知承诺) after the grant, due within the catalogue's term."""

    task = models.OneToOneField(ApprovalTask, models.PROTECT, related_name="after_check")
    status = models.CharField(max_length=12, choices=CheckStatus, default=CheckStatus.PENDING)
    due_on = models.DateField("核查期限")
    finding = models.TextField("核查情况", blank=True)
    rectify_by = models.DateField("整改期限", null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[CheckStatus.PENDING, CheckStatus.NOT_SAMPLED, CheckStatus.PASSED])
                | ~Q(finding=""),
                name="a_false_promise_is_described",
            ),
            models.CheckConstraint(
                condition=~Q(status=CheckStatus.RECTIFYING) | Q(rectify_by__isnull=False),
                name="a_rectification_has_its_term",
            ),
        ]
