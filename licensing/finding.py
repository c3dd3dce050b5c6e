"""Finding a person's own application, for pages and the API alike."""

from django.shortcuts import get_object_or_404

from licensing.models import Application


def find_application(user, public_id, *, lock=False):
    """The user's own application with all that a plan reads, or Http404: a stranger's answers like a missing one.

    lock: until the end of the caller's transaction nobody else changes it.
    """
    own = Application.objects.for_applicant(user).select_related("enterprise", "premises__division", "release")
    if lock:
        own.lock(public_id=public_id)
    return get_object_or_404(own, public_id=public_id)
