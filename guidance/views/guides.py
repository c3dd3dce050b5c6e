from django.shortcuts import render

from guidance import releases
from guidance.views.finding import entry


def item(request, code):
    """The service guide (办事指南) of one item, as the current release has it."""
    catalogue = releases.load(releases.current().pk)
    return render(request, "guidance/item.html", {"item": entry(catalogue.items, code)})
