import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from certificates.models.licence import Licence
from guidance.models import Department, Office
from licensing.models import Enterprise


class DepartmentClient(models.Model):
    """A department's system that may ask for licences (GB/T 36906 sharing); only the hash of its token is kept."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="clients", verbose_name="部门")
    name = models.CharField("系统名称", max_length=80)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["department__code", "name"]
        verbose_name = verbose_name_plural = "部门系统"
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_client_names_who_did_it",
            ),
        ]

    def __str__(self):
        return self.name


class OfficialLookup(models.Model):
    """That staff or a department's system looked at an enterprise's licences, and why (用证); a trigger keeps it."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="official_lookups")
    # None: all of the enterprise's.
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="official_lookups")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client = models.ForeignKey(DepartmentClient, models.PROTECT, null=True, related_name="lookups")
    # Of an officer the office for which they looked; a clerk's hall has none.
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("用证事由", max_length=200)
    case_number = models.CharField("办件编号", max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_official_lookup_has_its_reason"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, client=None) | Q(user=None, client__isnull=False),
                name="an_official_lookup_is_by_a_person_or_a_system",
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "-at"], name="lookups_of_enterprise")]
