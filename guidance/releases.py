"""Which catalogue is in force, and any release's catalogue as a value."""

import functools

from django.utils import timezone

from guidance.models import Material, Release, ReleaseStatus
from guidance.schema import Catalogue


class NothingPublished(LookupError):
    def __str__(self):
        return "还没有发布事项目录，请先运行 manage.py load_catalogue"


def current():
    """Return the newest published release in effect today. Raises NothingPublished."""
    today = timezone.localdate()
    published = Release.objects.filter(status=ReleaseStatus.PUBLISHED, effective_on__lte=today)
    release = published.order_by("-effective_on", "-number").first()
    if release is None:
        raise NothingPublished
    return release


# Published rows never change, so a process may keep them; a handful of releases is alive at any time.
@functools.lru_cache(maxsize=8)
def load(release_id):
    """Return the Catalogue of a published release. Raises Release.DoesNotExist for a draft, which may still change."""
    release = Release.objects.get(pk=release_id, status=ReleaseStatus.PUBLISHED)
    return Catalogue.from_data(documents(release))


def documents(release):
    """The release's rows as the four documents they were published from."""
    materials = {}
    for material in Material.objects.filter(item__release=release).order_by("item_id", "position"):
        materials.setdefault(material.item_id, []).append(material.definition)
    items = [{**item.definition, "materials": materials.get(item.pk, [])} for item in release.items.all()]
    rest = release.header
    return {
        "items": {**rest["items"], "items": items},
        "fields": {**rest["fields"], "fields": _definitions(release.elements)},
        "questions": {
            **rest["questions"],
            "questions": _definitions(release.questions),
            "derived": _definitions(release.facts),
            "rules": _definitions(release.rules),
            "notices": _definitions(release.notices),
        },
        "themes": {**rest["themes"], "themes": _definitions(release.themes)},
    }


def _definitions(entries):
    return [entry.definition for entry in entries.all()]
