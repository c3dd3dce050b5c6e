import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guidance.models import Office
from licensing.models import Application, ChainedRow, Enterprise, Membership, Premises
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
    def for_applicant(self, user):
        """Licences of enterprises the user acts for today.

        An agent of one shop sees that shop's, and those held for the enterprise as a whole.
        """
        current = Membership.objects.current().filter(user=user)
        return self.filter(
            Q(holder__in=current.filter(premises=None).values("enterprise"))
            | Q(premises__in=current.exclude(premises=None).values("premises"))
            | Q(holder__in=current.values("enterprise"), premises=None)
        )

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
        lasts = Q(valid_until=None) | Q(valid_until__gte=today) | Q(deemed_renewed_on__isnull=False)
        return self.filter(status=LicenceStatus.VALID).filter(lasts)


class Licence(models.Model):
    """A licence an enterprise holds (证照), granted here or held before. Never deleted."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(Enterprise, models.PROTECT, related_name="licences")
    # None: held for the enterprise as a whole, like the business licence.
    premises = models.ForeignKey(Premises, models.PROTECT, null=True, blank=True, related_name="licences")
    item_code = models.CharField(max_length=60)
    name = models.CharField("证照名称", max_length=100)
    number = models.CharField("证照编号", max_length=60)
    # GB/T 36904; None until the codes that it is made of are registered (certificates/identifying.py).
    identifier = models.CharField("电子证照标识", max_length=120, unique=True, null=True, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="licences")
    # The issuing authority as the licence prints it: an authority outside the portal has no office here.
    authority = models.CharField("发证机关", max_length=80)
    issued_on = models.DateField("发证日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    # Licensing Law art. 50(2): applied for in time and not decided by the last day, its renewal counts as granted. It
    # stays in force until the next version, which is to be issued now, takes its place.
    deemed_renewed_on = models.DateField("视为准予延续之日", null=True, blank=True, editable=False)
    scope = models.TextField("许可范围", blank=True)
    # Values of the licence by element code, for prefilling later forms.
    face = models.JSONField(default=dict)
    status = models.CharField("状态", max_length=12, choices=LicenceStatus, default=LicenceStatus.VALID)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    source_task = models.OneToOneField(ApprovalTask, models.PROTECT, null=True, blank=True, related_name="licence")
    # The file of held licences (存量证照) that it came in with.
    imported_in = models.ForeignKey(
        "LicenceImport", models.PROTECT, null=True, blank=True, editable=False, related_name="licences"
    )
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
            models.CheckConstraint(
                # Without a last day the comparison would be neither true nor false, which a constraint lets pass.
                condition=Q(deemed_renewed_on=None)
                | Q(valid_until__isnull=False, valid_until__lt=models.F("deemed_renewed_on")),
                name="a_renewal_is_deemed_granted_after_the_last_day",
            ),
            models.CheckConstraint(condition=Q(status__in=LicenceStatus.values), name="a_licence_has_a_known_status"),
            models.CheckConstraint(
                condition=Q(previous=None) | Q(version__gte=2), name="what_points_back_is_a_later_version"
            ),
        ]
        indexes = [
            # The officers' list, newest first.
            models.Index(fields=["office", "-issued_on", "-id"], name="licences_of_an_office"),
            # The holders' reminders and calendars: what ends when.
            models.Index(
                fields=["valid_until"],
                name="licences_that_end",
                condition=Q(status=LicenceStatus.VALID, valid_until__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.number}"

    @property
    def has_expired(self):
        """Is it past its last day, and not deemed renewed?"""
        ends = self.valid_until is not None and self.deemed_renewed_on is None
        return ends and self.valid_until < timezone.localdate()

    @property
    def is_valid(self):
        return self.status == LicenceStatus.VALID and not self.has_expired

    @property
    def status_text(self):
        if self.status != LicenceStatus.VALID:
            return self.get_status_display()
        if self.deemed_renewed_on:
            return "有效（视为准予延续）"
        return "已过期" if self.has_expired else self.get_status_display()


class LicenceEvent(ChainedRow):
    """What happened to a licence."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="events")

    HASHED = ("licence_id", *ChainedRow.HASHED)

    class Meta:
        ordering = ["licence", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "sequence"], name="licence_event_sequence_has_no_double"),
        ]


class CertificateType(models.Model):
    """The 证照类型代码 of an item's licence (GB/T 36904), given by the body that defines the licence: never invented.

    Until a real one is registered a demo has provisional ones, which its e-licences say.
    """

    item_code = models.CharField("事项代码", max_length=60, unique=True)
    name = models.CharField("证照名称", max_length=100)
    code = models.CharField("证照类型代码", max_length=21, unique=True)
    provisional = models.BooleanField("暂用代码", default=True)

    class Meta:
        ordering = ["item_code"]
        verbose_name = verbose_name_plural = "证照类型代码"
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z]{21}$"), name="a_type_code_has_21_characters"),
        ]

    def __str__(self):
        return f"{self.name} {self.code}"


class Reissue(models.Model):
    """An application that carries a licence on (延续) or alters it (变更): its grant is the licence's next version."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="reissue")
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="reissues")
    created_at = models.DateTimeField(auto_now_add=True)


class ExpiryReminder(models.Model):
    """That the holder was told so many days before the end; the row keeps it from being told twice."""

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence", "days"], name="one_reminder_per_licence_and_stage"),
        ]
