from django.db import models
from django.db.models import Q

from certificates.models.licence import Licence


class SigningKeyQuerySet(models.QuerySet):
    def signing(self, moment):
        """Keys that sign at this moment."""
        return self.filter(Q(not_before__lte=moment), Q(not_after__gte=moment), retired_at=None, compromised_at=None)


class SigningKey(models.Model):
    """The public half of a key that seals licences, kept for ever so that old seals can be verified.

    The private half is never here nor in a web process: the workers' environment names where it is.
    """

    key_id = models.CharField(max_length=64, unique=True)
    # As in certificates/seals.py: how it signs, so that another algorithm (SM2 with SM3) can stand beside it.
    algorithm = models.CharField(max_length=30)
    # PEM; its subject is what readers of PDF files show as the signer.
    certificate = models.TextField()
    # Signs samples only: pages and files say 样本.
    development = models.BooleanField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    registered_at = models.DateTimeField(auto_now_add=True)
    # From then on it signs nothing new; what it has signed stays good.
    retired_at = models.DateTimeField(null=True)
    # What it signed from then on is no good.
    compromised_at = models.DateTimeField(null=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(not_after__gt=models.F("not_before")), name="a_key_begins_before_it_ends"
            ),
        ]

    def __str__(self):
        return self.key_id


class LicenceFileQuerySet(models.QuerySet):
    def current(self):
        return self.filter(replaced_at=None)

    def waiting(self):
        return self.current().filter(made_at=None)


class LicenceFile(models.Model):
    """The e-licence (电子证照) of a licence: wanted, then made once by a worker; a trigger keeps it as it was made."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="files")
    wanted_at = models.DateTimeField(auto_now_add=True)
    # Counted before each try; problem: one sentence for the operators why the last one failed.
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True)
    # The canonical JSON that is sealed and lies in the PDF, to the letter, and its seal.
    data = models.TextField(blank=True)
    key = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="files")
    algorithm = models.CharField(max_length=30, blank=True)
    signature = models.TextField(blank=True)
    content = models.FileField(upload_to="licences/%Y/%m/", blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # Made anew, as when a real key follows that of the samples.
    replaced_at = models.DateTimeField(null=True)

    objects = LicenceFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(replaced_at=None), name="one_current_file_per_licence"
            ),
            models.CheckConstraint(
                condition=Q(made_at=None)
                | (
                    Q(key__isnull=False, size__gt=0)
                    & ~Q(data="")
                    & ~Q(algorithm="")
                    & ~Q(signature="")
                    & ~Q(content="")
                    & ~Q(sha256="")
                ),
                name="a_made_file_is_sealed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["wanted_at"], name="licence_files_to_make", condition=Q(made_at=None, replaced_at=None)
            ),
        ]
