"""The map on the page that follows an application: that page stands left of the calendar, its template does not."""

from django import template
from django.utils import timezone

from routing import calendar
from routing.roadmaps import progress

register = template.Library()


@register.simple_tag
def roadmap_of(application, tracks):
    """Return the Map of a submitted application, None before it is split. tracks: {office: [Track, …]}; one query."""
    every = [track for office in tracks.values() for track in office]
    return progress(application, every, calendar.load(), timezone.localdate()) if every else None
