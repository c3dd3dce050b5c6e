"""Who stands at the window, and by what right."""

from dataclasses import dataclass

from licensing.models import Authority, Membership, StoredFile


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str
    authority: Authority
    proof: StoredFile | None = None  # the letter of authority, of one who was entrusted

    def facts(self):
        """What an AssistedFiling and a Handover keep of who stood here."""
        return {
            "authority": self.authority,
            "person_name": self.name,
            "person_id_number": self.id_number,
            "proof": self.proof,
        }


def is_own(enterprise, clerk):
    """Does the clerk act for this enterprise? Then a colleague serves it."""
    if enterprise is None:
        return False
    return Membership.objects.current().filter(enterprise=enterprise, user=clerk).exists()
