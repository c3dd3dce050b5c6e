import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from guidance.models import Office


class ImportState(models.TextChoices):
    READING = "reading", "正在读取和检查"
    CHECKED = "checked", "已检查，等待导入"
    IMPORTING = "importing", "正在导入"
    DONE = "done", "已导入"
    REFUSED = "refused", "不能导入"
    CANCELLED = "cancelled", "已放弃"


class LicenceImportQuerySet(models.QuerySet):
    def for_officer(self, user):
        return self.filter(office__in=user.posts.values("office"))

    def at_work(self):
        return self.filter(state__in=[ImportState.READING, ImportState.IMPORTING])


class LicenceImport(models.Model):
    """A spreadsheet of licences that an office issued before (存量证照): read and checked, looked at, then imported."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="imports")
    item_code = models.CharField(max_length=60)
    # The licence's name, as its item's certificate is called on that day.
    name = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=100)
    file = models.FileField(upload_to="imports/%Y/%m/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    # One sentence, when the whole file is refused.
    problem = models.CharField(max_length=300, blank=True)
    # Found while reading: "names" of the columns in the file's order, "fields" {field: name of its column}, "unknown"
    # names, how many "rows" there are and how many of those read are "warned" of.
    columns = models.JSONField(default=dict)
    # Counted as the work goes on: rows as they stand in the file, without the heading and empty ones.
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    rows_imported = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = LicenceImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="an_import_has_a_known_state"),
            models.CheckConstraint(
                condition=~Q(state=ImportState.REFUSED) | ~Q(problem=""), name="a_refused_import_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ImportState.IMPORTING, ImportState.DONE]) | Q(decided_by__isnull=False),
                name="somebody_decided_what_is_imported",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"], name="imports_at_work", condition=Q(state__in=["reading", "importing"])
            ),
        ]

    def __str__(self):
        return self.file_name


class Outcome(models.TextChoices):
    NEW = "new", "可以导入"
    SAME = "same", "已经登记，内容相同"
    BAD = "bad", "有错误"
    DONE = "done", "已导入"


class ImportRow(models.Model):
    """A row of the file, as it was read and what became of it; forgotten a month after the import is done."""

    batch = models.ForeignKey(LicenceImport, models.CASCADE, related_name="rows")
    # As the spreadsheet numbers it.
    number = models.PositiveIntegerField()
    # {heading: text}, to give back what was wrong as it was written.
    cells = models.JSONField()
    # {field: value} of a row without errors, dates as ISO texts; and its "warnings", {heading: sentence}.
    values = models.JSONField(default=dict)
    # {heading: sentence}
    problems = models.JSONField(default=dict)
    outcome = models.CharField(max_length=4, choices=Outcome)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="one_row_per_import_and_number"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="a_row_has_a_known_outcome"),
            models.CheckConstraint(condition=~Q(outcome=Outcome.BAD) | ~Q(problems={}), name="a_bad_row_says_why"),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="import_rows_by_outcome")]
