"""The search: everything by whatever people call it, and never an empty page."""

from allauth.core import ratelimit
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidance import releases
from guidance.models import Hall
from guidance.searching import LONGEST, MOST_HITS, misses, search

# What of a query is shown again; a browser's own limit lies far above it.
_SHOWN = 100


@require_safe
def results(request):
    """What was found, what comes nearest, or where to begin and whom to ask; only its middle where htmx asks."""
    text = request.GET.get("q", "")[: 2 * _SHOWN].replace("\0", "")[:_SHOWN].strip()
    catalogue = releases.load(releases.current().pk)
    found = search(catalogue, text)
    context = {"text": text, "found": found, "longest": LONGEST, "cut": len(found.hits) >= MOST_HITS}
    if request.htmx:
        # Nobody has finished typing: a miss is counted when the button is pressed.
        return render(request, "guidance/includes/found.html", context | {"typing": True})
    if found.asked and not found.hits:
        _count(request, text, found.asked)
    if not found.hits:
        context |= {"themes": list(catalogue.themes.values())[:12], "halls": Hall.objects.all()[:20]}
    return render(request, "guidance/search.html", context)


def _count(request, text, asked):
    # So that nobody fills the editors' list; the search itself answers as often as it is asked.
    if not ratelimit.consume_or_429(request, action="search_missed", limit_get=True):
        misses.record(text, asked)
