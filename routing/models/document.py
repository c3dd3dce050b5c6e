import uuid

from django.conf import settings
from django.db import models

from routing.models.task import ApprovalTask


class DocumentKind(models.TextChoices):
    """The papers that the law has an authority give (Licensing Law arts. 32, 38, 42, 45; plan art. 7)."""

    ACCEPTANCE = "acceptance", "受理通知书"
    DEFERRED_ACCEPTANCE = "deferred_acceptance", "容缺受理通知书"
    CORRECTION = "correction", "补正告知书"
    NON_ACCEPTANCE = "non_acceptance", "不予受理决定书"
    GRANT = "grant", "准予行政许可决定书"
    REFUSAL = "refusal", "不予行政许可决定书"
    EXTENSION = "extension", "延期办理告知书"
    SPECIAL_PROCEDURE = "special_procedure", "特别程序告知书"
    RETURN = "return", "退回通知书"
    WITHDRAWAL = "withdrawal", "撤回申请确认书"
    TERMINATION = "termination", "终止办理通知书"
    RECTIFICATION = "rectification", "限期整改通知书"


class Document(models.Model):
    """A document as it was issued; a trigger keeps it so. Its number is the application's and the log row's."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(ApprovalTask, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    number = models.CharField("文号", max_length=60, unique=True)
    title = models.CharField(max_length=60)
    addressee = models.CharField(max_length=100)
    paragraphs = models.JSONField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["issued_at", "pk"]

    def __str__(self):
        return f"{self.title} {self.number}"
