from django.shortcuts import render

from guidance import overlays, releases
from guidance.guides import guide_of
from guidance.models import Hall, Office
from guidance.offices import CITY_LEVEL
from guidance.views.finding import entry

# A city has some ten districts and halls; a page that lists more of them helps nobody.
_MOST_PLACES = 20


def item(request, code):
    """The service guide (办事指南) of one item, as the current release has it."""
    release = releases.current()
    catalogue = releases.load(release.pk)
    item = entry(catalogue.items, code)
    offices = Office.objects.filter(department__name=item.department, division__parent__isnull=item.level == CITY_LEVEL)
    context = {
        "item": item,
        "local": {"city": release.overlay.get("city"), "differences": overlays.of_item(release.overlay, code)},
        "guide": guide_of(catalogue, code),
        "offices": offices[:_MOST_PLACES],
        "halls": Hall.objects.all()[:_MOST_PLACES],
    }
    return render(request, "guidance/item.html", context)
