"""Offices and their people, and the catalogue as published in releases."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance.codes import new_code


class Division(models.Model):
    """An administrative division (区划): GB/T 2260 code, or the city's own code where the state has none."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=50)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级区划"
    )

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "区划"

    def __str__(self):
        return self.name


class Department(models.Model):
    code = models.CharField("代号", max_length=30, unique=True)
    name = models.CharField("部门", max_length=50, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "部门"

    def __str__(self):
        return self.name


class Office(models.Model):
    """A department in a division: who decides (按事权分发, plan art. 7)."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="offices", verbose_name="部门")
    division = models.ForeignKey(Division, models.PROTECT, related_name="offices", verbose_name="区划")
    name = models.CharField("机关名称", max_length=80)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True)
    phone = models.CharField("咨询电话", max_length=30, blank=True)
    # A grant or refusal is proposed by one officer and taken by another.
    second_review = models.BooleanField("决定须经第二人复核", default=False)

    class Meta:
        ordering = ["division__code", "department__code"]
        verbose_name = verbose_name_plural = "审批机关"
        constraints = [
            models.UniqueConstraint(fields=["department", "division"], name="one_office_per_department_and_division"),
        ]

    def __str__(self):
        return self.name


class Hall(models.Model):
    """A government service hall (办事大厅) with windows."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="halls", verbose_name="区划")
    name = models.CharField("大厅", max_length=80, unique=True)
    address = models.CharField("地址", max_length=200, blank=True)

    class Meta:
        ordering = ["division__code"]
        verbose_name = verbose_name_plural = "办事大厅"

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    OFFICER = "officer", "审批人员"
    HEAD = "head", "负责人"


class Post(models.Model):
    """A user's post at an office. Deleting it takes the right away at once: every queryset asks for it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts", verbose_name="账号")
    office = models.ForeignKey(Office, models.PROTECT, related_name="posts", verbose_name="机关")
    role = models.CharField("身份", max_length=10, choices=Role, default=Role.OFFICER)

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="one_post_per_user_and_office")]

    def __str__(self):
        return f"{self.office} {self.get_role_display()}"


class Clerk(models.Model):
    """A user's place at a hall's windows (窗口人员)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="clerkships", verbose_name="账号")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="clerks", verbose_name="大厅")

    class Meta:
        verbose_name = verbose_name_plural = "窗口人员"
        constraints = [models.UniqueConstraint(fields=["user", "hall"], name="one_clerkship_per_user_and_hall")]

    def __str__(self):
        return f"{self.hall} {self.user}"


class ReleaseStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class Release(models.Model):
    """The whole catalogue at one moment. Published rows never change (a trigger holds it); cases keep their release."""

    number = models.PositiveIntegerField(unique=True)
    status = models.CharField(max_length=10, choices=ReleaseStatus, default=ReleaseStatus.DRAFT)
    content_sha256 = models.CharField(max_length=64)
    # What belongs to the catalogue as a whole: external certificates, the items common to all themes.
    header = models.JSONField(default=dict)
    # What a city changed of the common catalogue: {"name", "city", "differences": [{"place", "was", "now", "why"}]}.
    overlay = models.JSONField(default=dict)
    # Of the proof that the questionnaire is sound, made on this very content; "" while none was made.
    proof_sha256 = models.CharField(max_length=64, blank=True)
    effective_on = models.DateField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ReleaseStatus.DRAFT) | Q(published_at__isnull=False),
                name="a_published_release_has_its_time",
            ),
        ]

    def __str__(self):
        return f"第{self.number}版"


class Entry(models.Model):
    """What all rows of a release share: its code, its place, and the entry as the catalogue's YAML defines it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    definition = models.JSONField()

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["release", "code"], name="one_%(class)s_code_per_release")]

    def __str__(self):
        return self.code


class Item(Entry):
    """A government service item (事项). Across releases items match by code, never by primary key."""

    name = models.CharField("事项", max_length=100)
    department = models.ForeignKey(Department, models.PROTECT, related_name="items")

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = "事项"

    def __str__(self):
        return self.name


class Element(Entry):
    """One field of the one form (要素): one code is one meaning for everybody."""

    label = models.CharField(max_length=100)


class Material(models.Model):
    """A paper that one item asks for; the same code in two items is the same paper."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="materials")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    definition = models.JSONField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="one_material_code_per_item")]


class Theme(Entry):
    """主题集成: a way into the questions, half answered."""


class Question(Entry):
    pass


class Fact(Entry):
    """A derived fact: a named expression over answers."""


class Rule(Entry):
    """When an item is needed, why, on what basis."""


class Notice(Entry):
    pass


class GuidanceSession(models.Model):
    """Answers on the way to a plan. It holds no personal data, so its random address is its only key."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # Printed on the one-time notice (一次性告知书), to come back with or to hand to the clerk.
    code = models.CharField("导办码", max_length=8, unique=True, default=new_code, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="guidance_sessions")
    theme_code = models.CharField(max_length=60, blank=True)
    answers = models.JSONField(default=dict)
    # Who answered instead of the person, {question: Source}: shown in the summary, not asked, free to be changed.
    sources = models.JSONField(default=dict)
    declined = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class Source(models.TextChoices):
    """Where an answer comes from that the person was not asked for."""

    THEME = "theme", "主题已替您填好"
    REGISTER = "register", "来自企业登记信息"
    PREMISES = "premises", "来自您的场所信息"
    LICENCE = "licence", "来自您已有的证照"
    EARLIER = "earlier", "来自您以前的申请"


class SearchMiss(models.Model):
    """Words that found nothing, for the editors: what people call it, how often. Never who asked."""

    text = models.CharField("搜索词", max_length=40, unique=True)
    count = models.PositiveIntegerField("次数", default=1)
    last_on = models.DateField("最近一次", auto_now=True)
    settled = models.BooleanField("已处理", default=False)

    class Meta:
        ordering = ["settled", "-count", "-last_on"]
        verbose_name = verbose_name_plural = "没有搜到的词"

    def __str__(self):
        return self.text
