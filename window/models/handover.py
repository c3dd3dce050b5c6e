from django.conf import settings
from django.db import models
from django.db.models import Q

from certificates.models import Licence
from guidance.models import Hall
from licensing.models import Authority, StoredFile
from routing.models import Document


class Handover(models.Model):
    """A licence or document given out at a window, to whom, by whom: once. Never changed (a trigger holds it)."""

    # The unique keys are what keeps two windows from giving the same paper out twice.
    licence = models.OneToOneField(Licence, models.PROTECT, null=True, related_name="handover")
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="handover")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authority = models.CharField("取件人", max_length=10, choices=Authority)
    person_name = models.CharField("取件人姓名", max_length=50)
    person_id_number = models.CharField("取件人身份证号码", max_length=18)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # The scan of the signed slip; without one the clerk says that it was signed and keeps the paper.
    slip = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    signed_on_paper = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "取件记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(licence__isnull=False, document=None) | Q(licence=None, document__isnull=False),
                name="a_handover_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(slip__isnull=False) | Q(signed_on_paper=True), name="a_handover_was_signed_for"
            ),
            models.CheckConstraint(
                condition=~Q(authority=Authority.ENTRUSTED) | Q(proof__isnull=False),
                name="an_entrusted_collector_brings_proof",
            ),
            models.CheckConstraint(condition=~Q(person_name=""), name="a_handover_names_who_came"),
        ]
        indexes = [models.Index(fields=["hall", "-at"], name="handovers_of_a_hall")]
