"""Looking at an enterprise's licences by office (用证): kept on record, with its reason, before anything is shown."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from certificates.models import OfficialLookup
from guidance.models import Office, Role
from licensing.models import Enterprise

# Who comes back to the same enterprise so soon goes on with the same work.
SAME_WORK = timedelta(minutes=10)


def confirmed():
    """Enterprises whose licences can be looked at: those with a public page."""
    return Enterprise.objects.exclude(verified_at=None)


def offices_of(user):
    """Where the user holds a post now; a clerk of a hall has none."""
    return Office.objects.filter(posts__user=user)


def look(enterprise, user, office, *, reason, case_number=""):
    """Record that the user looks at all licences of the enterprise, for an office or, a clerk, for none."""
    return OfficialLookup.objects.create(
        enterprise=enterprise, user=user, office=office, reason=reason, case_number=case_number
    )


def going_on(enterprise, user):
    """The user's own look-up of this enterprise that is still going on, or None: whoever lost the post starts anew."""
    since = timezone.now() - SAME_WORK
    own = OfficialLookup.objects.filter(enterprise=enterprise, user=user, at__gte=since)
    ours = Q(office__in=offices_of(user))
    if user.clerkships.exists():
        ours |= Q(office=None)
    return own.filter(ours).select_related("office").first()


def looked_up_of(enterprise):
    """Who looked at an enterprise's licences, for its owners: the authority, never the person."""
    looked = OfficialLookup.objects.filter(enterprise=enterprise)
    return looked.select_related("office", "client__department", "licence")


def seen_by(user):
    """Look-ups an operator sees, all; and a head, those for their offices and by the systems of their departments."""
    looked = OfficialLookup.objects.all()
    if not user.is_superuser:
        headed = Office.objects.filter(posts__user=user, posts__role=Role.HEAD)
        looked = looked.filter(Q(office__in=headed) | Q(client__department__in=headed.values("department")))
    return looked.select_related("enterprise", "licence", "user", "client__department", "office")
