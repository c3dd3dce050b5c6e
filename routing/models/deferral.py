from django.db import models
from django.db.models import Q

from licensing.models import SubmittedMaterial
from routing.models.task import ApprovalTask


class Deferral(models.Model):
    """A paper that an accepted task still waits for (容缺受理): supplied by due_on, or the task ends (plan art. 7)."""

    task = models.ForeignKey(ApprovalTask, models.PROTECT, related_name="deferrals")
    material = models.ForeignKey(SubmittedMaterial, models.PROTECT, related_name="deferrals")
    due_on = models.DateField("补交期限")
    supplied_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "material"], name="each_paper_is_deferred_once_per_task"),
        ]
        indexes = [
            # The sweeper: to remind of, and missed.
            models.Index(fields=["due_on"], name="deferrals_running", condition=Q(supplied_at=None)),
        ]
