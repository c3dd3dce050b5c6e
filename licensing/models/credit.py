from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class UntrustworthyQuerySet(models.QuerySet):
    def in_force(self, day=None):
        """Entries that bar their enterprise on that day, today unless told."""
        day = day or timezone.localdate()
        return self.filter(listed_on__lte=day).filter(Q(until=None) | Q(until__gte=day))

    def bars(self, enterprise, day=None):
        """Is the enterprise listed? A founder without a USCC cannot be."""
        return self.barring(enterprise, day) is not None

    def barring(self, enterprise, day=None):
        """The newest entry that bars the enterprise, or None."""
        return self.in_force(day).filter(uscc=enterprise.uscc).first() if enterprise.uscc else None


class UntrustworthyEntry(models.Model):
    """An enterprise barred from 告知承诺 and 容缺受理 (plan art. 16). Ended by `until`, never deleted."""

    uscc = models.CharField("统一社会信用代码", max_length=18, db_index=True)
    name = models.CharField("名称", max_length=100)
    reason = models.TextField("事由")
    source = models.CharField("来源", max_length=200)
    listed_on = models.DateField("列入日期", default=timezone.localdate)
    until = models.DateField("至", null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = UntrustworthyQuerySet.as_manager()

    class Meta:
        ordering = ["-listed_on", "-pk"]
        verbose_name = verbose_name_plural = "失信主体"
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("listed_on")),
                name="an_entry_does_not_end_before_it_begins",
                violation_error_message="截止日期不能早于列入日期。",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(source=""), name="an_entry_has_reason_and_source"),
        ]

    def __str__(self):
        return self.name
