"""What has happened to a licence, as its holder reads it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.measures import suspended_until
from certificates.models import Licence
from certificates.wording import life_in_words


@never_cache
@require_safe
def life(request, public_id):
    """Every change of the licence with its reason and document: what a message about it leads to."""
    own = Licence.objects.for_applicant(request.user).select_related("holder", "premises", "office")
    licence = get_object_or_404(own, public_id=public_id)
    context = {
        "licence": licence,
        "suspended_until": suspended_until(licence),
        "history": life_in_words(licence.events.order_by("sequence")),
        "endings": licence.endings.all(),
    }
    return render(request, "certificates/life.html", context)
