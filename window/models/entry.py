from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance.models import Hall


class Kind(models.TextChoices):
    LOOKED_UP = "looked_up", "查找"
    ASSISTED = "assisted", "开始帮办"
    TAKEN_OVER = "taken_over", "接手帮办"
    STOPPED = "stopped", "结束帮办"
    RECEIVED = "received", "收件"
    SUBMITTED = "submitted", "提交"
    HANDED_OVER = "handed_over", "交付"


class Entry(models.Model):
    """What a clerk did at a hall's window, on whose case. Never changed nor deleted (a trigger holds it).

    The case is named, not linked: a draft that its owner deletes leaves its entries behind.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    # public_id of the application, and of the enterprise where it was an enterprise's page that was opened.
    case = models.UUIDField(null=True)
    enterprise = models.UUIDField(null=True)
    # The code or number it goes by, and whose it is, as they were then.
    label = models.CharField(max_length=50, blank=True)
    applicant = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "窗口记录"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(enterprise__isnull=False), name="a_window_entry_is_about_something"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_window_entry_is_of_a_known_kind"),
        ]
        indexes = [
            # A hall's day, newest first.
            models.Index(fields=["hall", "-at"], name="entries_of_a_hall"),
            # May this hall open the case today?
            models.Index(fields=["case", "hall", "at"], name="entries_of_a_case"),
        ]
