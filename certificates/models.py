import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guidance.models import Office
from licensing.models import ChainedRow, Enterprise, Premises
from routing.models import AfterCheck, ApprovalTask


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
    def for_officer(self, user):
        """Licences of the offices where the user holds a post now; one from outside the portal has no office."""
        return self.filter(office__in=user.posts.values("office"))

    def matching(self, text):
        """Licences that an officer looks for by number, or by name or USCC of the holder."""
        return self.filter(
            Q(number__icontains=text) | Q(holder__name__icontains=text) | Q(holder__uscc__istartswith=text)
        )

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

    @property
    def has_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_valid(self):
        return self.status == LicenceStatus.VALID and not self.has_expired

    @property
    def status_text(self):
        expired = self.status == LicenceStatus.VALID and self.has_expired
        return "已过期" if expired else self.get_status_display()


class EndingKind(models.TextChoices):
    """How an authority ends a licence, each by its own article of the Licensing Law."""

    ANNUL = "annul", "撤销"
    WITHDRAW = "withdraw", "撤回"
    CANCEL = "cancel", "注销"


class EndingProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)

    def for_officer(self, user):
        """Proposals at the offices where the user holds a post now."""
        offices = user.posts.values("office")
        return self.filter(Q(licence__office__in=offices) | Q(after_check__task__office__in=offices))


class EndingProposal(models.Model):
    """An ending that one person proposes and another takes: 撤销 always needs two.

    Of a licence, of a grant by a promise found false (its check), or of both.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="proposals")
    after_check = models.ForeignKey(AfterCheck, models.PROTECT, null=True, related_name="proposals")
    ground = models.CharField(max_length=40)
    reason = models.TextField("事实和理由")
    # Licensing Law art. 7: whoever loses a licence has been heard before.
    heard = models.TextField("陈述和申辩")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    remark = models.TextField(blank=True)

    objects = EndingProposalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence"], condition=Q(settled_at=None), name="one_open_ending_per_licence"
            ),
            models.UniqueConstraint(
                fields=["after_check"], condition=Q(settled_at=None), name="one_open_ending_per_check"
            ),
            models.CheckConstraint(
                condition=Q(licence__isnull=False) | Q(after_check__isnull=False), name="an_ending_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(approved=True) | ~Q(settled_by=models.F("proposed_by")),
                name="an_annulment_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, approved=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False, approved__isnull=False),
                name="a_settled_ending_has_its_outcome",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(heard=""), name="an_ending_has_a_reason"),
        ]


class EndingQuerySet(models.QuerySet):
    def readable_by(self, user):
        """What the user may read: as an officer of the office that decided, or acting for whom it concerns."""
        return self.filter(
            Q(office__in=user.posts.values("office")) | Q(holder__in=Enterprise.objects.for_applicant(user))
        )


class Ending(models.Model):
    """An ending as it was decided, and the document that says so (决定书); a trigger keeps it as it is."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=EndingKind)
    ground = models.CharField(max_length=40)
    office = models.ForeignKey(Office, models.PROTECT, related_name="endings")
    holder = models.ForeignKey(Enterprise, models.PROTECT, related_name="endings")
    # The licence; or the granted task, where its item makes no licence.
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="endings")
    task = models.ForeignKey(ApprovalTask, models.PROTECT, null=True, related_name="endings")
    proposal = models.OneToOneField(EndingProposal, models.PROTECT, null=True, related_name="ending")
    number = models.CharField("文号", max_length=100, unique=True)
    title = models.CharField(max_length=60)
    addressee = models.CharField(max_length=100)
    paragraphs = models.JSONField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    objects = EndingQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "kind"], name="a_licence_ends_once_each_way"),
            models.UniqueConstraint(fields=["task"], name="a_grant_without_a_licence_ends_once"),
            models.CheckConstraint(
                condition=Q(licence=None, task__isnull=False) | Q(licence__isnull=False, task=None),
                name="an_ending_is_of_a_licence_or_of_a_grant_without_one",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EndingKind.ANNUL) | Q(proposal__isnull=False), name="an_annulment_was_proposed"
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.number}"


class LicenceEvent(ChainedRow):
    """What happened to a licence."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="events")

    HASHED = ("licence_id", *ChainedRow.HASHED)

    class Meta:
        ordering = ["licence", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "sequence"], name="licence_event_sequence_has_no_double"),
        ]
