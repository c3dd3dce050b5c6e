"""Rows for tests, in states the portal itself would have brought them to. Traits name the state."""

import hashlib
from datetime import date, timedelta

import factory
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from certificates.models import (
    CertificateType,
    ImportRow,
    ImportState,
    Licence,
    LicenceFile,
    LicenceImport,
    Outcome,
    SigningKey,
)
from exchange.models import Message
from guidance import releases
from guidance.models import (
    Clerk,
    Department,
    Division,
    GuidanceSession,
    Hall,
    Item,
    Office,
    Post,
    Release,
    ReleaseStatus,
    Role,
)
from licensing import identifiers
from licensing.models import (
    Application,
    Blob,
    Enterprise,
    EntityType,
    FileState,
    Membership,
    Premises,
    Status,
    StoredFile,
    SubmittedMaterial,
)
from licensing.snapshots import snapshot_hash
from routing.models import AfterCheck, ApprovalTask, CheckStatus, Document, DocumentKind, TaskStatus

PASSWORD = "correct-horse-battery"

# The state's codes, and two of the city's own for the zones the state gives none.
DIVISIONS = {
    "441700": "阳江市",
    "441702": "江城区",
    "441704": "阳东区",
    "441721": "阳西县",
    "441781": "阳春市",
    "441798": "海陵岛经济开发试验区",
    "441799": "阳江高新技术产业开发区",
}
CITY = "441700"


def uscc_of(serial):
    """A well-formed USCC of a company in 江城区; both check characters are right."""
    body = f"{serial:08d}"
    total = sum(weight * int(digit) for weight, digit in zip(identifiers.ORGANISATION_WEIGHTS, body, strict=True))
    code = "91441702" + body + "0123456789X0"[11 - total % 11]
    values = map(identifiers.USCC_ALPHABET.index, code)
    total = sum(weight * value for weight, value in zip(identifiers.USCC_WEIGHTS, values, strict=True))
    return code + identifiers.USCC_ALPHABET[-total % 31]


class UserFactory(DjangoModelFactory):
    class Meta:
        model = settings.AUTH_USER_MODEL
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    name = factory.Sequence(lambda n: f"张三{n}")
    password = factory.django.Password(PASSWORD)

    class Params:
        operator = factory.Trait(is_staff=True, is_superuser=True)


class DivisionFactory(DjangoModelFactory):
    """441702 江城区 unless told; every division but the city has the city as its parent."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = "441702"
    name = factory.LazyAttribute(lambda division: DIVISIONS.get(division.code, f"区划{division.code}"))
    parent = factory.Maybe(
        factory.LazyAttribute(lambda division: division.code != CITY),
        factory.SubFactory("tests.factories.DivisionFactory", code=CITY, parent=None),
    )


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "samr"
    name = factory.LazyAttribute(lambda department: "市场监督管理局" if department.code == "samr" else department.code)


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = Office
        django_get_or_create = ("department", "division")

    department = factory.SubFactory(DepartmentFactory)
    division = factory.SubFactory(DivisionFactory)
    name = factory.LazyAttribute(lambda office: f"{office.division.name}{office.department.name}")


def offices_everywhere(catalogue):
    """Give every department of the catalogue an office in 江城区 and one of the city; return 江城区."""
    district = DivisionFactory()
    codes = sorted({department.code for department in catalogue.departments.values()})
    # In bulk: every third test asks for this city, and one by one its offices cost a hundred queries.
    Department.objects.bulk_create([DepartmentFactory.build(code=code) for code in codes], ignore_conflicts=True)
    departments = Department.objects.filter(code__in=codes)
    Office.objects.bulk_create(
        [
            OfficeFactory.build(department=department, division=division)
            for department in departments
            for division in (district, district.parent)
        ],
        ignore_conflicts=True,
    )
    return district


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = Role.OFFICER


class HallFactory(DjangoModelFactory):
    class Meta:
        model = Hall
        django_get_or_create = ("name",)

    division = factory.SubFactory(DivisionFactory)
    name = factory.LazyAttribute(lambda hall: f"{hall.division.name}政务服务大厅")


class ClerkFactory(DjangoModelFactory):
    class Meta:
        model = Clerk

    user = factory.SubFactory(UserFactory)
    hall = factory.SubFactory(HallFactory)


class EnterpriseFactory(DjangoModelFactory):
    """Confirmed by a clerk unless told: `unverified` waits for that, `founder` has no licence yet."""

    class Meta:
        model = Enterprise

    uscc = factory.Sequence(lambda n: uscc_of(10_000_000 + n))
    name = factory.Sequence(lambda n: f"阳江市好味道餐饮有限公司{n}")
    entity_type = EntityType.COMPANY
    legal_representative = "李四"
    address = "阳江市江城区漠江路1号"
    scope = "餐饮服务"
    verified_at = factory.LazyFunction(timezone.now)
    verified_by = factory.SubFactory(UserFactory)

    class Params:
        unverified = factory.Trait(verified_at=None, verified_by=None)
        founder = factory.Trait(uscc=None, verified_at=None, verified_by=None, name="筹建中的便利店")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)


class PremisesFactory(DjangoModelFactory):
    class Meta:
        model = Premises

    enterprise = factory.SubFactory(EnterpriseFactory)
    division = factory.SubFactory(DivisionFactory)
    name = "漠江路店"
    address = factory.Sequence(lambda n: f"阳江市江城区漠江路{n + 1}号")


def current_release():
    """The published catalogue if the test loaded it (fixture `catalogue`), else an empty draft."""
    published = Release.objects.filter(status=ReleaseStatus.PUBLISHED).order_by("-number").first()
    return published or Release.objects.get_or_create(number=1, defaults={"effective_on": date(2026, 1, 1)})[0]


class GuidanceSessionFactory(DjangoModelFactory):
    class Meta:
        model = GuidanceSession

    release = factory.LazyFunction(current_release)


class ApplicationFactory(DjangoModelFactory):
    """A draft; `submitted=True` freezes it with all elements and papers of its items."""

    class Meta:
        model = Application

    enterprise = factory.SubFactory(EnterpriseFactory)
    premises = factory.SubFactory(PremisesFactory, enterprise=factory.SelfAttribute("..enterprise"))
    filer = factory.SubFactory(UserFactory)
    release = factory.LazyFunction(current_release)
    chosen = factory.LazyFunction(lambda: ["food-operation"])
    answers = factory.LazyFunction(dict)
    values = factory.LazyFunction(dict)

    class Params:
        submitted = factory.Trait(
            status=Status.SUBMITTED,
            number=factory.Sequence(lambda n: f"YZ20260302{n:06d}"),
            submitted_at=factory.LazyFunction(timezone.now),
            snapshot=factory.LazyAttribute(lambda application: snapshot_of(application)),
            snapshot_sha256=factory.LazyAttribute(lambda application: snapshot_hash(application.snapshot)),
        )
        in_progress = factory.Trait(submitted=True, status=Status.IN_PROGRESS)


def snapshot_of(application):
    """What submission would freeze, with every element and paper of the chosen items (none in an empty draft)."""
    chosen = []
    if application.release.status == ReleaseStatus.PUBLISHED:
        items = releases.load(application.release.pk).items
        chosen = [items[code] for code in application.chosen]
    enterprise, premises = application.enterprise, application.premises
    return {
        "number": application.number,
        "enterprise": {"name": enterprise.name, "uscc": enterprise.uscc, "address": enterprise.address},
        "premises": {"name": premises.name, "address": premises.address, "division": premises.division.code},
        "answers": application.answers,
        "values": application.values,
        "chosen": application.chosen,
        "items": {
            item.code: {
                "name": item.name,
                "elements": list(item.form_fields),
                "materials": [material.code for material in item.materials],
            }
            for item in chosen
        },
        "materials": {
            material.code: {"name": material.name, "how": "department", "note": "", "files": []}
            for item in chosen
            for material in item.materials
        },
        "promise": "以上内容真实、准确、完整。",
        "filer": str(application.filer),
        "submitted_at": application.submitted_at.isoformat(),
    }


class StoredFileFactory(DjangoModelFactory):
    """A file that was checked; `content=b"…"` are its bytes."""

    class Meta:
        model = StoredFile

    class Params:
        content = b"%PDF-1.4\nstartxref\n0\n%%EOF\n"

    uploaded_by = factory.SubFactory(UserFactory)
    name = "租赁合同.pdf"
    content_type = "application/pdf"
    size = factory.LazyAttribute(lambda file: len(file.content))
    blob = factory.LazyAttribute(lambda file: blob_of(file.content))
    state = FileState.CLEAN
    checked_at = factory.LazyFunction(timezone.now)


def blob_of(content):
    sha256 = hashlib.sha256(content).hexdigest()
    kept = Blob.objects.filter(sha256=sha256).first()
    return kept or Blob.objects.create(sha256=sha256, size=len(content), file=ContentFile(content, name="content"))


class SubmittedMaterialFactory(DjangoModelFactory):
    class Meta:
        model = SubmittedMaterial

    application = factory.SubFactory(ApplicationFactory)
    code = "mat-premises-proof"
    name = "经营场所使用证明（产权证或租赁合同）"
    how = "upload"


def item_of(release, code):
    """The release's item; in an empty draft it is made."""
    item = Item.objects.filter(release=release, code=code).first()
    return item or Item.objects.create(
        release=release, code=code, name=code, position=1, definition={}, department=DepartmentFactory()
    )


class ApprovalTaskFactory(DjangoModelFactory):
    """A task received now; traits bring it further. `item_code` names the item of the application's release."""

    class Meta:
        model = ApprovalTask

    item_code = "food-operation"
    application = factory.SubFactory(
        ApplicationFactory, in_progress=True, chosen=factory.LazyAttribute(lambda o: [o.factory_parent.item_code])
    )
    item = factory.LazyAttribute(lambda task: item_of(task.application.release, task.item_code))
    office = factory.SubFactory(
        OfficeFactory,
        department=factory.LazyAttribute(lambda office: office.factory_parent.item.department),
        division=factory.LazyAttribute(lambda office: office.factory_parent.application.premises.division),
    )
    status = TaskStatus.RECEIVED
    received_at = factory.LazyFunction(timezone.now)
    complete_at = factory.LazyAttribute(lambda task: task.received_at)
    committed_due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=10))

    class Params:
        waiting = factory.Trait(status=TaskStatus.WAITING, received_at=None, committed_due_on=None)
        accepted = factory.Trait(status=TaskStatus.ACCEPTED, accepted_at=factory.LazyFunction(timezone.now))
        decided = factory.Trait(
            accepted=True,
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory),
        )
        granted = factory.Trait(
            decided=True,
            status=TaskStatus.GRANTED,
            face=factory.Sequence(
                lambda n: {"number": f"JY2441702{n:07d}", "issued_on": "2026-03-02", "valid_until": None, "scope": ""}
            ),
        )
        refused = factory.Trait(decided=True, status=TaskStatus.REFUSED, reason="现场不符合许可条件")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    task = factory.SubFactory(ApprovalTaskFactory)
    kind = DocumentKind.ACCEPTANCE
    # Real ones end in the number of a log row, which no test's application brings to a thousand.
    number = factory.Sequence(lambda n: f"YZ20260302000001-{n + 1001}")
    title = DocumentKind.ACCEPTANCE.label
    addressee = factory.LazyAttribute(lambda document: document.task.application.enterprise.name)
    paragraphs = factory.LazyFunction(lambda: ["材料齐全，符合规定形式，现予受理。", "本机关承诺在规定的期限内办结。"])
    issued_at = factory.LazyFunction(timezone.now)


class LicenceFactory(DjangoModelFactory):
    """A licence held before the portal was there; `source_task=…` for one granted here."""

    class Meta:
        model = Licence

    holder = factory.SubFactory(EnterpriseFactory)
    premises = factory.SubFactory(PremisesFactory, enterprise=factory.SelfAttribute("..holder"))
    item_code = "food-operation"
    name = "食品经营许可证"
    number = factory.Sequence(lambda n: f"JY1441702{n:07d}")
    authority = "江城区市场监督管理局"
    issued_on = date(2024, 5, 6)
    valid_until = date(2029, 5, 5)


class CertificateTypeFactory(DjangoModelFactory):
    """The type's code is that of a made-up body."""

    class Meta:
        model = CertificateType

    item_code = "food-operation"
    name = "食品经营许可证"
    code = "114417000000EX0G8Y001"


class SigningKeyFactory(DjangoModelFactory):
    """A row about a key of the samples; nothing was signed with it."""

    class Meta:
        model = SigningKey
        django_get_or_create = ("key_id",)

    key_id = "made-up"
    algorithm = "ES256"
    certificate = "-"
    development = True
    not_before = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    not_after = factory.LazyFunction(lambda: timezone.now() + timedelta(days=9))


class LicenceFileFactory(DjangoModelFactory):
    """An e-licence that is made, for those who only hand it out: its seal holds nothing."""

    class Meta:
        model = LicenceFile

    licence = factory.SubFactory(LicenceFactory)
    made_at = factory.LazyFunction(timezone.now)
    data, algorithm, signature = "{}", "ES256", "-"
    key = factory.SubFactory(SigningKeyFactory)
    content = factory.django.FileField(data=b"%PDF", filename="licence.pdf")
    size = 4
    sha256 = hashlib.sha256(b"%PDF").hexdigest()


class LicenceImportFactory(DjangoModelFactory):
    """A file of held licences that was checked: one row is good, one has an error."""

    class Meta:
        model = LicenceImport
        skip_postgeneration_save = True

    office = factory.SubFactory(OfficeFactory)
    item_code = "food-operation"
    name = "食品经营许可证"
    uploaded_by = factory.SubFactory(UserFactory)
    file_name = "存量.csv"
    file = factory.django.FileField(data=b"x", filename="held.csv")
    size, sha256 = 1, hashlib.sha256(b"x").hexdigest()
    state = ImportState.CHECKED
    columns = factory.LazyFunction(
        lambda: {"names": ["证照编号"], "fields": {"number": "证照编号"}, "unknown": [], "rows": 2}
    )
    rows_read, rows_new, rows_bad = 2, 1, 1

    @factory.post_generation
    def with_rows(batch, create, extracted, **options):
        wrong = {"outcome": Outcome.BAD, "problems": {"证照编号": "空着，请填写"}}
        ImportRow.objects.create(batch=batch, number=2, cells={"证照编号": "旧证1"}, outcome=Outcome.NEW)
        ImportRow.objects.create(batch=batch, number=3, cells={"证照编号": ""}, **wrong)


class AfterCheckFactory(DjangoModelFactory):
    """The check of a promise, to be made in the next thirty days; traits bring it further."""

    class Meta:
        model = AfterCheck

    task = factory.SubFactory(ApprovalTaskFactory, granted=True, by_commitment=True)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))

    class Params:
        found_false = factory.Trait(finding="现场没有冷藏设备", checked_at=factory.LazyFunction(timezone.now))
        rectifying = factory.Trait(
            found_false=True,
            status=CheckStatus.RECTIFYING,
            rectify_by=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=15)),
        )
        failed = factory.Trait(
            found_false=True,
            status=CheckStatus.FAILED,
            rectify_by=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
        )


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda number: f"something {number}")
    subject, text, path = "有结果了", "您的一件申请有了结果。", "/applications/"
