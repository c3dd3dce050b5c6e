"""The hall a clerk works at: everything at the window belongs to one."""

from django.http import Http404

from guidance.models import Hall

_CHOSEN = "window_hall"


def halls_of(user):
    return list(Hall.objects.filter(clerks__user=user).select_related("division").order_by("division__code", "pk"))


def hall_of(request):
    """The hall chosen in this session, or the clerk's first; asked anew each time, so a lost place is gone at once."""
    halls = halls_of(request.user)
    if not halls:
        raise Http404
    return next((hall for hall in halls if hall.pk == request.session.get(_CHOSEN)), halls[0])


def choose_hall(request, text):
    """Work at another of one's own halls from now on; anything else changes nothing."""
    chosen = next((hall for hall in halls_of(request.user) if str(hall.pk) == text), None)
    if chosen:
        request.session[_CHOSEN] = chosen.pk
