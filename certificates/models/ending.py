import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from certificates.models.licence import Licence
from guidance.models import Office
from licensing.models import Enterprise
from routing.models import AfterCheck, ApprovalTask


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
