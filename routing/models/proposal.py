from django.conf import settings
from django.db import models
from django.db.models import F, Q

from routing.models.task import ApprovalTask, TaskStatus


class Proposal(models.Model):
    """A decision that one officer proposes and a second takes (复核), where the office asks for two."""

    task = models.ForeignKey(ApprovalTask, models.PROTECT, related_name="proposals")
    outcome = models.CharField(
        max_length=12, choices=[(s.value, s.label) for s in (TaskStatus.GRANTED, TaskStatus.REFUSED)]
    )
    face = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["task", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(settled_at=None), name="one_open_proposal"),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(approved=True) | ~Q(settled_by=F("proposed_by")),
                name="nobody_approves_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, approved=None)
                | Q(settled_at__isnull=False, approved__isnull=False),
                name="a_settled_proposal_has_its_outcome",
            ),
        ]
