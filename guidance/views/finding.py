"""What the pages of guidance are about, or the one 404."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from guidance import releases
from guidance.engine import replay
from guidance.models import GuidanceSession


def find(public_id):
    """The session, the catalogue of its own release, and where its answers lead."""
    session = get_object_or_404(GuidanceSession, public_id=public_id)
    catalogue = releases.load(session.release_id)
    return session, catalogue, replay(catalogue, session.answers)


def entry(entries, code):
    if code not in entries:
        raise Http404
    return entries[code]
