"""Who stands at the window, and by what right."""

from dataclasses import dataclass

from licensing.models import Authority, Membership, StoredFile


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str
    authority: Authority
    proof: StoredFile | None = None  # the letter of authority, of one who was entrusted


def is_own(enterprise, clerk):
    """Does the clerk act for this enterprise? Then a colleague serves it."""
    if enterprise is None:
        return False
    return Membership.objects.current().filter(enterprise=enterprise, user=clerk).exists()


def owners_of(application):
    """The users who follow this application on their own pages: members, and the filer who is no clerk of it."""
    if application.enterprise is None:
        return []
    here = application.enterprise.memberships.current().select_related("user")
    return [one.user for one in here if one.premises_id in (None, application.premises_id)]
