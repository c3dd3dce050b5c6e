import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guidance.models import Office
from licensing.models import ChainedRow, Enterprise, Premises
from routing.models import ApprovalTask


class LicenceStatus(models.TextChoices):
    """The law's own words: each ends a licence's force in another way (行政许可法 arts. 8, 69, 70)."""

    VALID = "valid", "有效"
    SUSPENDED = "suspended", "暂扣"
    WITHDRAWN = "withdrawn", "撤回"
    ANNULLED = "annulled", "撤销"
    CANCELLED = "cancelled", "注销"
    LAPSED = "lapsed", "失效"
    REVOKED = "revoked", "吊销"
    TRANSFERRED = "transferred", "办理转出"


class LicenceQuerySet(models.QuerySet):
    def valid(self, today=None):
        """In force today: expiry is computed, nobody has to tick it."""
        today = today or timezone.localdate()
        return self.filter(status=LicenceStatus.VALID).filter(Q(valid_until=None) | Q(valid_until__gte=today))


class Licence(models.Model):
    """A licence an enterprise holds (证照), granted here or held before. Never deleted."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(Enterprise, models.PROTECT, related_name="licences")
    # None: held for the enterprise as a whole, like the business licence.
    premises = models.ForeignKey(Premises, models.PROTECT, null=True, blank=True, related_name="licences")
    item_code = models.CharField(max_length=60)
    name = models.CharField("证照名称", max_length=100)
    number = models.CharField("证照编号", max_length=60)
    # GB/T 36904 identifier; given when the e-licence is made.
    identifier = models.CharField("电子证照标识", max_length=120, unique=True, null=True, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="licences")
    # The issuing authority as the licence prints it: an authority outside the portal has no office here.
    authority = models.CharField("发证机关", max_length=80)
    issued_on = models.DateField("发证日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    scope = models.TextField("许可范围", blank=True)
    # Values of the licence by element code, for prefilling later forms.
    face = models.JSONField(default=dict)
    status = models.CharField("状态", max_length=12, choices=LicenceStatus, default=LicenceStatus.VALID)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    source_task = models.OneToOneField(ApprovalTask, models.PROTECT, null=True, blank=True, related_name="licence")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证照"
        ordering = ["issued_on", "pk"]
        constraints = [
            # By office, as a grant is checked: names of offices may change, or be the same in two districts, and a
            # grant that passed there must not fail when its licence is issued.
            models.UniqueConstraint(
                fields=["office", "item_code", "number", "version"], name="one_licence_per_office_number_and_version"
            ),
            models.UniqueConstraint(
                fields=["item_code", "authority", "number", "version"],
                condition=Q(office=None),
                name="one_licence_per_number_and_version_from_outside",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("issued_on")),
                name="a_licence_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="a_licence_has_a_known_status"),
        ]

    def __str__(self):
        return f"{self.name} {self.number}"


class EndingKind(models.TextChoices):
    """How an authority ends a licence, each by its own article of the Licensing Law."""

    ANNUL = "annul", "撤销"
    WITHDRAW = "withdraw", "撤回"
    CANCEL = "cancel", "注销"


class EndingProposal(models.Model):
    """An ending that one person proposes and another takes: 撤销 always needs two."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=EndingKind)
    ground = models.CharField(max_length=40)
    reason = models.TextField("事实和理由")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        ordering = ["licence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(settled_at=None), name="one_open_ending_per_licence"
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(approved=True) | ~Q(settled_by=models.F("proposed_by")),
                name="an_annulment_takes_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_ending_has_a_reason"),
        ]


class LicenceEvent(ChainedRow):
    """What happened to a licence."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="events")

    HASHED = ("licence_id", *ChainedRow.HASHED)

    class Meta:
        ordering = ["licence", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "sequence"], name="licence_event_sequence_has_no_double"),
        ]
