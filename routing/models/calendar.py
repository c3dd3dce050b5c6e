from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CalendarYear(models.Model):
    """One yearly notice of holidays. It counts once a second operator has confirmed what the first has entered."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year"]
        verbose_name = verbose_name_plural = "节假日安排"
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
                name="a_calendar_year_is_confirmed_by_a_second_person",
            ),
            # Years that came with the portal were reviewed with its code: entered and confirmed by nobody here.
            models.CheckConstraint(
                condition=Q(entered_by=None) | Q(confirmed_at=None) | Q(confirmed_by__isnull=False),
                name="a_confirmed_calendar_year_names_who_confirmed_it",
            ),
        ]

    def __str__(self):
        return f"{self.year}年"


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday: a holiday, or a make-up working day, by the year's notice."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days")
    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("节日", max_length=30, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = verbose_name_plural = "节假日"

    def __str__(self):
        return f"{self.day} {'上班' if self.is_working else '放假'}"
