"""A founder's draft for as many items as wanted, filled in to the last field, on the real catalogue."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from guidance import releases
from guidance.models import Department, Division, Office
from licensing import papers
from licensing.models import (
    Application,
    Blob,
    Enterprise,
    FileState,
    How,
    Membership,
    Premises,
    StoredFile,
    SubmittedMaterial,
)
from licensing.plan import plan_for
from portal.benchmarks.replaying import everything_answered

DIVISION, CITY = "441702", "441700"
_RESIDENT_ID = "11010519491231002X"


def open_offices():
    """A city and a district in which every department has an office. Returns the district."""
    city, _ = Division.objects.get_or_create(code=CITY, defaults={"name": "阳江市"})
    district, _ = Division.objects.get_or_create(code=DIVISION, defaults={"name": "江城区", "parent": city})
    for division in (city, district):
        for department in Department.objects.all():
            name = f"{division.name}{department.name}"
            Office.objects.get_or_create(department=department, division=division, defaults={"name": name})
    return district


def draft(size, district, serial):
    """Return (a draft ready to submit with that many items, its filer)."""
    user = get_user_model().objects.create_user(f"bench-{size}-{serial}", name="测试")
    enterprise = Enterprise.objects.create(name=f"测试商行{size}-{serial}", added_by=user)
    Membership.objects.create(user=user, enterprise=enterprise)
    premises = Premises.objects.create(enterprise=enterprise, division=district, name="总店", address="漠江路1号")
    release = releases.current()
    answers = everything_answered(releases.load(release.pk))
    application = Application.objects.create(
        enterprise=enterprise, premises=premises, filer=user, release=release, answers=answers
    )
    application.declined = list(plan_for(application).chosen[size:])
    application.values = {wanted.code: _value(wanted.element) for wanted in plan_for(application).elements}
    plan = plan_for(application)
    application.agreed_plan = plan.as_agreed()
    application.save()
    _hand_in(application, plan, user)
    return application, user


def _hand_in(application, plan, user):
    """One file stands for every paper to upload; its bytes are not read when submitting."""
    blob, _ = Blob.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "file": "bench.pdf"})
    file = StoredFile.objects.create(
        uploaded_by=user,
        name="材料.pdf",
        content_type="application/pdf",
        size=1,
        blob=blob,
        state=FileState.CLEAN,
        checked_at=timezone.now(),
    )
    for paper in papers.ways(application, plan):
        if paper.missing:
            row = SubmittedMaterial.objects.create(
                application=application, code=paper.code, name=paper.name, how=How.UPLOAD
            )
            row.files.add(file)


def _value(element):
    """A value that the element's form field would take."""
    limits = element.validation
    number = min(max(limits.get("min", 0), 8), limits.get("max", 8))
    values = {
        "integer": number,
        "decimal": str(number),
        "date": "2030-01-01",
        "boolean": True,
        "phone": "13800138000",
        "address": "阳江市江城区漠江路1号",
        "id_number": _RESIDENT_ID,
    }
    if element.type in values:
        return values[element.type]
    if element.type in ("choice", "multichoice"):
        first = element.choices[0].value
        return first if element.type == "choice" else [first]
    if element.type == "rows":
        return [{column.code: _value(column) for column in element.columns}]
    return "bench@example.com" if "@" in limits.get("pattern", "") else "测试"
