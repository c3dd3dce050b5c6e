import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guidance.codes import new_code
from guidance.models import GuidanceSession, Release
from licensing.models.enterprise import Enterprise, Membership, Premises
from licensing.prior import Prior


class Status(models.TextChoices):
    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "已提交"
    IN_PROGRESS = "in_progress", "办理中"
    COMPLETED = "completed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class Channel(models.TextChoices):
    """Where it was submitted (plan art. 14: the same standard everywhere)."""

    ONLINE = "online", "网上"
    WINDOW = "window", "窗口"
    KIOSK = "kiosk", "自助终端"
    API = "api", "接口"


# By the name that released migrations know. A code alone opens nothing: applicants sign in, clerks are clerks.
new_draft_code = new_code


class Mode(models.TextChoices):
    """双轨 (plan art. 21): the combined way or the traditional one, always the applicant's choice."""

    COMBINED = "combined", "一照通行"
    TRADITIONAL = "traditional", "传统方式"


class OnRefusal(models.TextChoices):
    """What happens to the other items when one is not granted: the applicant's choice before signing (plan art. 7)."""

    GO_ON = "go_on", "其余事项继续办"
    HOLD = "hold", "先停下来，等我决定"
    WITHDRAW = "withdraw", "其余事项都撤回"


class Purpose(models.TextChoices):
    """What a filing is for; all but the first are about a licence that the enterprise holds."""

    NEW = "new", "新办"
    RENEW = "renew", "延续"
    CHANGE = "change", "变更"


class ApplicationQuerySet(models.QuerySet):
    def for_applicant(self, user):
        """Drafts the user filled, all applications of enterprises the user acts for today, drafts assisted as a clerk.

        An agent of one shop sees that shop's, and his own drafts that have no premises yet.
        """
        current = Membership.objects.current().filter(user=user)
        everywhere = current.filter(premises=None).values("enterprise")
        return self.filter(
            Q(enterprise__in=everywhere)
            | Q(premises__in=current.exclude(premises=None).values("premises"))
            | Q(enterprise__in=current.values("enterprise"), premises=None, filer=user)
            | (
                Q(enterprise=None, filer=user)
                & ~Q(pk__in=self.model.objects.filter(assistance__clerk=user).values("pk"))
            )
            | Q(pk__in=self.model.objects.assisted_by(user).values("pk"))
        )

    def assisted_by(self, user):
        """Drafts that the user, still a clerk of that hall, fills for somebody at the window (帮办代办)."""
        return self.filter(
            status=Status.DRAFT,
            assistance__clerk=user,
            assistance__ended_at=None,
            assistance__hall__clerks__user=user,
        )

    def drafts(self):
        return self.filter(status=Status.DRAFT)

    def open(self):
        return self.filter(status__in=[Status.SUBMITTED, Status.IN_PROGRESS])

    def lock(self, **which):
        """Lock the rows until the transaction ends; read them afterwards.

        A statement that locks and joins at once would, after waiting, see the row as it is now beside the enterprise
        and premises of before, or none.
        """
        list(self.select_related(None).filter(**which).select_for_update(no_key=True).values_list("pk"))


class Application(models.Model):
    """One filing for several items (办件). A draft lives here from its first step; submitting freezes it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("办件编号", max_length=50, unique=True, null=True)
    # By it a draft is found again at the phone, the kiosk and the window; printed on the package as a barcode.
    draft_code = models.CharField("申请码", max_length=8, unique=True, default=new_draft_code, editable=False)
    # The same guidance session clicked twice, or in two tabs, leads to one draft.
    guidance = models.OneToOneField(GuidanceSession, models.PROTECT, null=True, related_name="application")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="applications")
    premises = models.ForeignKey(Premises, models.PROTECT, null=True, related_name="applications")
    filer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="filed_applications")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="assisted_applications")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.COMBINED)
    purpose = models.CharField("办理类型", max_length=10, choices=Purpose, default=Purpose.NEW)
    # The licence it carries on or alters, as it stood when the draft began, see licensing.prior; None for a new one.
    prior = models.JSONField(null=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="applications")
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.DRAFT)
    answers = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    # Codes of items: what the applicant agreed to file for, and what is needed but filed elsewhere (另行办理).
    chosen = models.JSONField(default=list)
    declined = models.JSONField(default=list)
    # Codes of the chosen items that the applicant files by promise (告知承诺); the others go the ordinary way.
    committed = models.JSONField(default=list)
    # What the applicant says is wrong about a known value: {element code: {"value", "reason", "was"}}; see
    # disputes.py.
    disputes = models.JSONField(default=dict)
    # What one form and one set of papers saved, counted when it was submitted; see savings.py.
    ledger = models.JSONField(null=True)
    # The combined draft this single one was taken out of (双轨, plan art. 21).
    split_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="split_into")
    on_refusal = models.CharField(max_length=10, choices=OnRefusal, default=OnRefusal.GO_ON)
    # The plan the applicant last agreed to; when today's differs, it is shown and agreed to before signing.
    agreed_plan = models.JSONField(default=dict)
    # What the form wizard keeps between steps; the values above are written as steps are saved.
    wizard = models.JSONField(default=dict)
    # Counts saves, so that a second tab is told of the first instead of overwriting it.
    revision = models.PositiveIntegerField(default=0)
    snapshot = models.JSONField(null=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    completed_at = models.DateTimeField("办结时间", null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办件"
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | (
                    Q(number__isnull=False)
                    & Q(submitted_at__isnull=False)
                    & Q(snapshot__isnull=False)
                    & Q(enterprise__isnull=False)
                    & Q(premises__isnull=False)
                    & ~Q(snapshot_sha256="")
                    & ~Q(chosen=[])
                ),
                name="a_submitted_application_is_frozen_and_numbered",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.COMPLETED) | Q(completed_at__isnull=False),
                name="a_completed_application_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(on_refusal__in=OnRefusal.values), name="a_choice_on_refusal_is_a_known_one"
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_channel_is_a_known_one"),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.NEW, prior=None)
                | (
                    Q(purpose__in=[Purpose.RENEW, Purpose.CHANGE])
                    & Q(prior__isnull=False, mode=Mode.TRADITIONAL, enterprise__isnull=False)
                ),
                name="a_renewal_or_change_names_its_licence",
            ),
        ]
        indexes = [
            # "My applications", newest first.
            models.Index(fields=["enterprise", "-created_at"], name="applications_of_enterprise"),
            # The sweeper: submitted but not yet split.
            models.Index(fields=["submitted_at"], name="submitted_applications", condition=Q(status=Status.SUBMITTED)),
            # The sweeper: in progress, but perhaps nothing is left to do. Completed ones leave it.
            models.Index(
                fields=["submitted_at"], name="applications_in_progress", condition=Q(status=Status.IN_PROGRESS)
            ),
        ]

    def __str__(self):
        return self.number or "没有提交的申请"

    @property
    def label(self):
        """What people call it by: its number, before submission its code."""
        return self.number or self.draft_code

    @property
    def prior_licence(self):
        """The Prior that it carries on or alters; None for a new licence."""
        return Prior.from_json(self.prior) if self.prior else None

    @property
    def filed_late(self):
        """Was a 延续 submitted with less than the thirty days to go that art. 50 of the Licensing Law wants?"""
        renew_by = self.purpose == Purpose.RENEW and self.prior_licence.renew_by
        return bool(renew_by and self.submitted_at and timezone.localdate(self.submitted_at) > renew_by)


class ApplicationNumber(models.Model):
    """The last serial given out on a day: its row is locked while a number is taken, so none is doubled or skipped."""

    day = models.DateField(unique=True)
    last = models.PositiveIntegerField(default=0)
