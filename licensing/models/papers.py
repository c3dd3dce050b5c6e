import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, F, Func, JSONField, Q, Value
from django.utils import timezone

from licensing.models.application import Application
from licensing.models.enterprise import Enterprise


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Clean files the user may open: their enterprises', papers of their office's tasks, pictures to confirm."""
        papers = SubmittedMaterial.objects
        own = papers.filter(application__in=Application.objects.for_applicant(user))
        pictures = Enterprise.objects.for_applicant(user).values("licence_picture")
        waiting = Enterprise.objects.for_clerk(user).values("licence_picture")
        files = SubmittedMaterial.files.through.objects
        return self.filter(state=FileState.CLEAN).filter(
            Q(pk__in=files.filter(submittedmaterial__in=own).values("storedfile"))
            | Q(pk__in=files.filter(submittedmaterial__in=papers.for_officer(user)).values("storedfile"))
            | Q(pk__in=pictures)
            | Q(pk__in=waiting)
        )


class Blob(models.Model):
    """Bytes in private storage, kept once however often and by whomever they were handed in."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="uploads/%Y/%m/")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.sha256


class FileState(models.TextChoices):
    """Nobody but its uploader hears of a file before it is clean, and nobody gets its bytes."""

    CHECKING = "checking", "正在检查"
    CLEAN = "clean", "已检查"
    REJECTED = "rejected", "没有通过检查"


class StoredFile(models.Model):
    """A file somebody handed in; its bytes are served only through a view that asks who may see it."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The name shown to people; never a path.
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField()
    # As uploaded while it is checked, as cleaned (pictures without their location) afterwards.
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="files")
    state = models.CharField(max_length=10, choices=FileState, default=FileState.CHECKING)
    # Why it was rejected, for the person who handed it in.
    finding = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    # Empty where no virus scanner is configured: said so, never claimed.
    scanned_at = models.DateTimeField(null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FileState.REJECTED) | ~Q(finding=""), name="a_rejected_file_has_its_finding"
            ),
            models.CheckConstraint(
                condition=Q(state=FileState.CHECKING, checked_at=None)
                | (~Q(state=FileState.CHECKING) & Q(checked_at__isnull=False)),
                name="a_checked_file_has_its_time",
            ),
        ]
        indexes = [
            # The sweeper: files still waiting for their check.
            models.Index(fields=["uploaded_at"], name="files_to_check", condition=Q(state=FileState.CHECKING)),
        ]

    def __str__(self):
        return self.name


class How(models.TextChoices):
    """How a material is met, the least trouble first (plan arts. 6, 7, 9)."""

    GENERATED = "generated", "系统生成"
    HELD_LICENCE = "held_licence", "已持证照，免提交"
    ITEM_RESULT = "item_result", "由本次办理的事项产生，自动获取"
    SHARED = "shared", "数据共享获取"
    DEPARTMENT = "department", "由部门核验，不用您提交"
    PROMISE = "promise", "以承诺代替"
    UPLOAD = "upload", "您上传"
    DEFERRED = "deferred", "容后补交"


class SubmittedMaterialQuerySet(models.QuerySet):
    def for_officer(self, user):
        """Papers that a task of the user's offices asks for: the frozen snapshot says which item asks for which."""
        asked = Func(
            F("application__snapshot"),
            Value("items"),
            F("application__tasks__item_code"),
            Value("materials"),
            function="jsonb_extract_path",
            output_field=JSONField(),
        )
        return (
            self.filter(application__tasks__office__posts__user=user)
            .annotate(asked=asked)
            .filter(Func(F("asked"), F("code"), function="jsonb_exists", output_field=BooleanField()))
        )


class SubmittedMaterial(models.Model):
    """One paper of an application, met once for all items that ask for it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    how = models.CharField(max_length=12, choices=How)
    note = models.CharField(max_length=200, blank=True)
    files = models.ManyToManyField(StoredFile, related_name="materials", blank=True)
    # When a paper left for later (容缺) was handed in.
    supplied_at = models.DateTimeField(null=True)

    objects = SubmittedMaterialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="each_material_once_per_application"),
            models.CheckConstraint(condition=Q(how__in=How.values), name="a_material_is_met_in_a_known_way"),
        ]


class SharedState(models.TextChoices):
    ASKED = "asked", "正在查询"
    FOUND = "found", "已查到"
    MISSING = "missing", "没有查到"
    FAILED = "failed", "对方系统没有回应"


# The source told how the licence stood at that time; weeks later it is asked again.
STAYS_TRUE = timedelta(days=30)
# All tries together take a minute; a worker that died with them leaves nobody waiting.
PATIENCE = timedelta(minutes=3)


class SharedRecord(models.Model):
    """What a connected source answered about one paper of an application (材料免提交, GB/T 36906)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="shared_records")
    code = models.CharField(max_length=60)
    source = models.ForeignKey("exchange.Source", models.PROTECT, related_name="+")
    # The holder and the place it was asked for: an answer for another shop is none.
    holder_code = models.CharField(max_length=18)
    premises = models.ForeignKey("Premises", models.CASCADE, null=True, related_name="+")
    # 用证事由, as it was told to the source.
    reason = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=SharedState, default=SharedState.ASKED)
    # The licence's number, validity and issuer as answered.
    answer = models.JSONField(default=dict)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "code"], name="each_paper_is_asked_for_once"),
            models.CheckConstraint(
                condition=Q(state=SharedState.ASKED) | Q(answered_at__isnull=False), name="an_answer_has_its_time"
            ),
        ]

    def is_about(self, application):
        """Was it asked for the holder and the place of the application, and not too long ago?"""
        enterprise = application.enterprise
        return (
            enterprise is not None
            and enterprise.verified_at is not None
            and (self.holder_code, self.premises_id) == (enterprise.uscc, application.premises_id)
            and self.asked_at > timezone.now() - STAYS_TRUE
        )

    @property
    def waiting(self):
        """Is an answer still to be expected?"""
        return self.state == SharedState.ASKED and self.asked_at > timezone.now() - PATIENCE

    @property
    def answered_nothing(self):
        return self.state == SharedState.FAILED or (self.state == SharedState.ASKED and not self.waiting)

    @property
    def counts(self):
        """Does it stand for the paper today? An end is computed, nobody has to ask again."""
        until = self.answer.get("valid_until")
        return self.state == SharedState.FOUND and (until is None or until >= timezone.localdate().isoformat())

    @property
    def in_words(self):
        """The licence as a line of text, "" where none was answered."""
        said = self.answer
        if "number" not in said:
            return ""
        until = f"有效期至 {said['valid_until']}" if said["valid_until"] else "长期有效"
        return f"{said['name']} {said['number']}，{until}，{said['issuer']}"
