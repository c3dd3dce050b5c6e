"""What is opened to be read: the decision that ended a licence, and all that has happened to one."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.measures import suspended_until
from certificates.models import Ending, Licence
from certificates.wording import life_in_words


@never_cache
@require_safe
def ending(request, public_id):
    """The decision that ended a licence, to be read and printed by its office and by whom it concerns."""
    readable = Ending.objects.readable_by(request.user).select_related("office", "licence", "task__item")
    return render(request, "certificates/ending.html", {"ending": get_object_or_404(readable, public_id=public_id)})


@never_cache
@require_safe
def life(request, public_id):
    """Every change of a licence with its reason and document, for its holder: what a message about it leads to."""
    own = Licence.objects.for_applicant(request.user).select_related("holder", "premises", "office")
    licence = get_object_or_404(own, public_id=public_id)
    context = {
        "licence": licence,
        "suspended_until": suspended_until(licence),
        "history": life_in_words(licence.events.order_by("sequence")),
        "endings": licence.endings.all(),
    }
    return render(request, "certificates/life.html", context)
