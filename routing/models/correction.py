from django.conf import settings
from django.db import models
from django.db.models import Q

from licensing.models import StoredFile
from routing.models.task import ApprovalTask


class Correction(models.Model):
    """One 补正告知: all points at once (Licensing Law art. 32(4)). Open until answered or closed."""

    task = models.ForeignKey(ApprovalTask, models.PROTECT, related_name="corrections")
    round = models.PositiveSmallIntegerField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    # The last day for the answer; none where no term is set, then the officer closes it by notice.
    answer_due_on = models.DateField(null=True)
    term_basis = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["task", "round"]
        constraints = [
            models.UniqueConstraint(fields=["task", "round"], name="corrections_are_numbered"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(answered_at=None, closed_at=None), name="one_open_correction"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(closed_at=None), name="a_correction_is_answered_or_closed"
            ),
        ]
        indexes = [
            # The sweeper: unanswered past the term.
            models.Index(
                fields=["answer_due_on"], name="corrections_running", condition=Q(answered_at=None, closed_at=None)
            ),
        ]


class About(models.TextChoices):
    ELEMENT = "element", "填写的内容"
    MATERIAL = "material", "材料"
    OTHER = "other", "其他"


class CorrectionPoint(models.Model):
    """What is to be put right, and how it was: a new value, new files or words."""

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    # As the correction's, so that the rule on second notices can stand in this table.
    round = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=10, choices=About)
    code = models.CharField(max_length=60, blank=True)
    label = models.CharField(max_length=100)
    text = models.TextField()
    arises_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="later_points")
    answer = models.TextField(blank=True)
    value = models.JSONField(null=True)
    files = models.ManyToManyField(StoredFile, related_name="correction_points", blank=True)

    class Meta:
        ordering = ["correction", "number"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "number"], name="points_are_numbered"),
            # Art. 32(4): everything at once. A second notice may only name what the resubmission itself raised.
            models.CheckConstraint(
                condition=Q(round=1, arises_from=None) | Q(round__gt=1, arises_from__isnull=False),
                name="a_later_point_arises_from_a_resubmission",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_point_says_what_to_put_right"),
            models.CheckConstraint(condition=Q(about=About.OTHER) | ~Q(code=""), name="a_point_names_what_it_is_about"),
        ]
