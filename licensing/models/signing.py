from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance.models import Hall
from licensing.models.application import Application
from licensing.models.papers import StoredFile


class Method(models.TextChoices):
    """How the signer confirmed that it is they who sign."""

    PASSWORD = "password", "登录密码"
    SECOND_FACTOR = "second_factor", "动态验证码"
    PAPER = "paper", "纸上签名，窗口核对"


class Signature(models.Model):
    """Who signed what: the hash of the frozen snapshot. Never changed nor deleted (a trigger holds it)."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="signature")
    # None for a person without an account who signed on paper before a clerk.
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signer_name = models.CharField("签名人", max_length=50)
    method = models.CharField("确认方式", max_length=15, choices=Method)
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField("签名时间")
    # Paper only: the clerk who compared it, and the scan of the signed sheet.
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sheet = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "签名"
        constraints = [
            models.CheckConstraint(
                condition=Q(method=Method.PAPER, witness__isnull=False)
                | (~Q(method=Method.PAPER) & Q(signer__isnull=False)),
                name="a_signature_on_paper_has_its_witness",
            ),
            models.CheckConstraint(condition=~Q(signer_name=""), name="a_signature_names_its_signer"),
        ]

    def __str__(self):
        return f"{self.signer_name} {self.get_method_display()}"


class Authority(models.TextChoices):
    """By what right the person at the window applies."""

    SELF = "self", "法定代表人（负责人、经营者）本人到场"
    ENTRUSTED = "entrusted", "受委托人到场，持授权委托书"


class AssistedFiling(models.Model):
    """帮办代办: a clerk fills a draft for a person at the window; both stand in it. The clerk never decides it."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="assistance")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="+")
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    authority = models.CharField("办理人", max_length=10, choices=Authority)
    person_name = models.CharField("到场办理人姓名", max_length=50)
    person_id_number = models.CharField("到场办理人身份证号码", max_length=18)
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    # When it was submitted or given up: then the clerk's pages no longer open the draft.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "帮办代办"
        constraints = [
            models.CheckConstraint(
                condition=~Q(authority=Authority.ENTRUSTED) | Q(proof__isnull=False),
                name="an_entrusted_person_brings_proof",
            ),
        ]


class Disclosure(models.Model):
    """Somebody saw a masked number in full: who, whose, why. Never changed nor deleted (a trigger holds it)."""

    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="disclosures")
    element_code = models.CharField(max_length=60)
    reason = models.CharField("查看事由", max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "敏感信息查看记录"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_full_view_has_its_reason")]
