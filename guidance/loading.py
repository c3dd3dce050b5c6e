"""Publishing a catalogue: linted and proven documents become the rows of a new Release, or nothing changes."""

from django.db import connection, transaction
from django.utils import timezone

from guidance.canonical import fingerprint
from guidance.examining import examine_folder
from guidance.linting.problems import Problem
from guidance.models import Department, Element, Item, Material, Release, ReleaseStatus, Rule
from guidance.proving import prove
from guidance.releases import LISTS
from guidance.schema import FILES, Catalogue, with_rule_codes


class CatalogueRefused(Exception):
    """The catalogue has problems, all of them in `problems`; nothing was published."""

    def __init__(self, problems):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def checked_documents(folder):
    """Return the four documents {name: content} of the folder. Raises CatalogueRefused."""
    examined = examine_folder(folder)
    if examined.problems:
        raise CatalogueRefused(examined.problems)
    return examined.documents


def proven(documents):
    """Return the Proof that the questionnaire of these linted documents is sound. Raises CatalogueRefused."""
    proof = prove(Catalogue.from_data(documents), fingerprint(documents))
    if not proof.is_sound:
        raise CatalogueRefused(list(proof.violations))
    return proof


@transaction.atomic
def publish(documents, *, check=proven, overlay=None):
    """Publish linted documents; return (release, whether it is new). Raises CatalogueRefused.

    The content last published is not published again. Comments and layout of the files are no content.
    overlay: what the city changed, as Release.overlay keeps it; the documents hold it already.
    check: makes the Proof to be kept; None publishes unproven, which only a measurement may do.
    """
    with connection.cursor() as cursor:
        # Two loaders at once would take the same number. Readers, and sessions that point to a release, do not wait.
        cursor.execute("LOCK TABLE guidance_release IN SHARE ROW EXCLUSIVE MODE")
    content = fingerprint(documents)
    latest = Release.objects.order_by("-number").first()
    published = Release.objects.filter(status=ReleaseStatus.PUBLISHED).order_by("-number").first()
    if published and (published.content_sha256, published.overlay) == (content, overlay or {}):
        return published, False
    proof_sha256 = check(documents).sha256 if check else ""
    departments = _keep_departments(documents["items"]["departments"])
    release = Release.objects.create(
        number=latest.number + 1 if latest else 1,
        content_sha256=content,
        overlay=overlay or {},
        proof_sha256=proof_sha256,
        header=_header(documents),
        effective_on=timezone.localdate(),
    )
    _store_items(release, documents["items"]["items"], departments)
    for (document, name), model in LISTS.items():
        _store(model, release, documents[document][name])
    release.status = ReleaseStatus.PUBLISHED
    release.published_at = timezone.now()
    release.save(update_fields=["status", "published_at"])
    return release, True


def _keep_departments(entries):
    """Departments are not versioned: create or rename them by code and return them by name. None is ever removed."""
    departments, problems = {}, []
    for entry in entries:
        other = Department.objects.filter(name=entry["name"]).exclude(code=entry["code"]).first()
        if other:
            message = f"“{entry['name']}”已经登记为另一个代码“{other.code}”"
            problems.append(Problem("items.yaml", f"departments[{entry['code']}]", "name", message))
            continue
        department, _ = Department.objects.update_or_create(code=entry["code"], defaults={"name": entry["name"]})
        departments[department.name] = department
    if problems:
        raise CatalogueRefused(problems)
    return departments


def _header(documents):
    """What is not kept in rows of its own."""
    rows = {("items", "items"), *LISTS}
    return {name: {key: value for key, value in documents[name].items() if (name, key) not in rows} for name in FILES}


def _store_items(release, entries, departments):
    """Papers get rows of their own, so the item's definition leaves them out."""
    items = [
        Item(
            release=release,
            position=position,
            code=entry["code"],
            name=entry["name"],
            department=departments[entry["department"]],
            definition={key: value for key, value in entry.items() if key != "materials"},
        )
        for position, entry in enumerate(entries)
    ]
    Item.objects.bulk_create(items)
    Material.objects.bulk_create(
        Material(item=item, position=position, code=material["code"], definition=material)
        for item, entry in zip(items, entries, strict=True)
        for position, material in enumerate(entry["materials"])
    )


def _store(model, release, entries):
    coded = with_rule_codes(entries) if model is Rule else entries
    extra = [{"label": entry["label"]} if model is Element else {} for entry in entries]
    model.objects.bulk_create(
        model(release=release, position=position, code=code["code"], definition=entry, **more)
        for position, (entry, code, more) in enumerate(zip(entries, coded, extra, strict=True))
    )
