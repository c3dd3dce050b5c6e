import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guidance.models import Division


def new_public_token():
    # 192 random bits: nobody finds another enterprise's page by guessing.
    return secrets.token_urlsafe(24)


class EntityType(models.TextChoices):
    """The values of the question and the element entity_type."""

    COMPANY = "company", "公司"
    SOLE_PROP = "sole_prop", "个人独资企业"
    PARTNERSHIP = "partnership", "合伙企业"
    INDIVIDUAL = "individual", "个体工商户"
    COOP = "coop", "农民专业合作社"


class EnterpriseQuerySet(models.QuerySet):
    def for_applicant(self, user):
        """Enterprises the user acts for today."""
        return self.filter(pk__in=Membership.objects.current().filter(user=user).values("enterprise"))

    def unconfirmed(self):
        """Added by their owners, not yet confirmed nor rejected by a clerk."""
        return self.exclude(uscc=None).filter(verified_at=None, rejected_at=None)

    def for_clerk(self, user):
        """What waits for confirmation, to a clerk of any hall; never an enterprise of their own."""
        if not user.clerkships.exists():
            return self.none()
        own = Membership.objects.filter(user=user).values("enterprise")
        return self.unconfirmed().exclude(Q(pk__in=own) | Q(added_by=user))


class Enterprise(models.Model):
    """An enterprise, individual business or cooperative (经营主体); a founder's has no USCC until 设立登记 is granted.

    What its owner typed proves nothing until a clerk confirms it, and anybody may type anything: so several unverified
    rows may name one USCC (nobody can keep the true owner out), and only one verified row can.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    public_token = models.CharField(max_length=40, unique=True, default=new_public_token)
    uscc = models.CharField("统一社会信用代码", max_length=18, null=True, blank=True)
    name = models.CharField("名称", max_length=100)
    entity_type = models.CharField("类型", max_length=20, choices=EntityType, blank=True)
    legal_representative = models.CharField("法定代表人（负责人、经营者）", max_length=50, blank=True)
    address = models.CharField("住所（主要经营场所）", max_length=200, blank=True)
    scope = models.TextField("经营范围", max_length=2000, blank=True)
    # Further values of the business licence by element code, e.g. {"registered_capital": "50"}.
    register = models.JSONField(default=dict)
    licence_picture = models.ForeignKey("StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    rejected_at = models.DateTimeField(null=True, blank=True)
    rejection_reason = models.CharField("不予确认的原因", max_length=200, blank=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经营主体"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=Q(verified_at__isnull=False),
                name="one_verified_enterprise_per_uscc",
                violation_error_message="这个统一社会信用代码已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None) | (Q(uscc__isnull=False) & Q(rejected_at=None)),
                name="a_verified_enterprise_has_a_uscc",
            ),
            models.CheckConstraint(
                condition=Q(rejected_at=None) | ~Q(rejection_reason=""), name="a_rejected_enterprise_has_a_reason"
            ),
            # Sending the form twice adds once.
            models.UniqueConstraint(
                fields=["added_by", "uscc"],
                condition=Q(verified_at=None),
                name="one_waiting_enterprise_per_person_and_uscc",
            ),
        ]
        indexes = [
            # The clerks' queue, oldest first.
            models.Index(
                fields=["added_at"],
                name="enterprises_to_confirm",
                condition=Q(uscc__isnull=False, verified_at=None, rejected_at=None),
            ),
            # The public look-up by full name.
            models.Index(fields=["name"], name="enterprises_by_name", condition=Q(verified_at__isnull=False)),
        ]

    def __str__(self):
        return self.name

    @property
    def founding(self):
        return self.uscc is None

    @property
    def trusted(self):
        """May be prefilled and filed for: confirmed, or a founder's who has nothing to confirm yet."""
        return self.founding or self.verified_at is not None


class MemberRole(models.TextChoices):
    OWNER = "owner", "法定代表人（负责人、经营者）"
    AGENT = "agent", "经办人"


class Scope(models.TextChoices):
    """What an agent may do (经办人授权范围); an owner may do all."""

    FILE = "file", "填写、签名提交和跟进办理"
    PREPARE = "prepare", "只填写和准备材料，不能签名提交"


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))


class Membership(models.Model):
    """A user acting for an enterprise, until a last day or until deleted; an agent perhaps for one shop only."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=MemberRole, default=MemberRole.OWNER)
    scope = models.CharField("授权范围", max_length=10, choices=Scope, default=Scope.FILE)
    # None: all premises of the enterprise.
    premises = models.ForeignKey("Premises", models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "enterprise"], name="one_membership_per_user_and_enterprise"),
            models.CheckConstraint(
                condition=~Q(role=MemberRole.OWNER) | Q(scope=Scope.FILE, premises=None),
                name="an_owner_acts_for_all",
            ),
        ]


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither accepted nor called back, and not expired."""
        return self.filter(accepted_at=None, cancelled_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An owner's offer to somebody to act for the enterprise (经办人邀请); the link in the letter holds the token."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="invitations")
    email = models.EmailField("对方的邮箱")
    scope = models.CharField("授权范围", max_length=10, choices=Scope, default=Scope.FILE)
    premises = models.ForeignKey("Premises", models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField("授权到期日", null=True, blank=True)
    # Only the hash: who reads the database cannot accept for another.
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(cancelled_at=None), name="an_accepted_invitation_is_not_called_back"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_names_who",
            ),
        ]


class Premises(models.Model):
    """A place of business (经营场所): a licence held for shop A does not satisfy shop B."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="premises")
    name = models.CharField("场所名称", max_length=100)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="所在区县")
    address = models.CharField("地址", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "经营场所"
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "address"],
                name="one_premises_per_address",
                violation_error_message="这个地址已经添加过。",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.address}）"


class EnterpriseEvent(models.Model):
    """Who did what to an enterprise's confirmation, when, and on which picture. A merged row's events move along."""

    class Kind(models.TextChoices):
        ADDED = "added", "添加"
        SENT_AGAIN = "sent_again", "重新提交"
        CONFIRMED = "confirmed", "确认"
        MERGED = "merged", "确认并归入已有的经营主体"
        REJECTED = "rejected", "不予确认"
        INVITED = "invited", "邀请经办人"
        CALLED_BACK = "called_back", "收回邀请"
        JOINED = "joined", "经办人接受邀请"
        CHANGED = "changed", "更改经办人授权"
        REVOKED = "revoked", "取消经办人授权"
        RECODED = "recoded", "换发企业码"
        REGISTERED = "registered", "随存量证照录入"

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Whose right to act it is about, for the kinds that are.
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    # The evidence the step rests on; it stays when the enterprise shows a newer picture.
    picture = models.ForeignKey("StoredFile", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="rejected") | ~Q(reason=""), name="a_rejection_on_record_has_a_reason"
            ),
        ]
