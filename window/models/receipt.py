import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance.models import Hall
from licensing.models import Application


class ReceiptNumber(models.Model):
    """The last serial given out at a hall on a day: its row is locked while one is taken."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "day"], name="one_receipt_serial_per_hall_and_day")]


class Receipt(models.Model):
    """收件凭证: what a hall took in for a case, what is still missing. Never changed nor deleted (a trigger holds it).

    received, missing: [{"code", "name", "original": the clerk saw it, "files": how many scans, "words"}].
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("凭证编号", max_length=20, unique=True)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    day = models.DateField()
    serial = models.PositiveIntegerField()
    # A draft that its owner deletes leaves its receipts behind: what was given at the window was given.
    application = models.ForeignKey(
        Application, models.DO_NOTHING, null=True, db_constraint=False, related_name="receipts"
    )
    # As printed: the code or number it goes by, and whose it is.
    label = models.CharField(max_length=50)
    applicant = models.CharField(max_length=100)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField("交件人", max_length=50)
    received = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    # The receipt before it for the same case: a later hand-in completes it.
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "收件凭证"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "serial"], name="one_receipt_per_hall_day_and_serial"),
            models.CheckConstraint(condition=~Q(received=[]) | ~Q(missing=[]), name="a_receipt_says_something"),
            models.CheckConstraint(condition=~Q(person_name=""), name="a_receipt_names_who_handed_in"),
        ]

    def __str__(self):
        return self.number
