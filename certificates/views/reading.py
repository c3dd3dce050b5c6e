"""What is opened to be read: the decision that ended a licence."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.models import Ending


@never_cache
@require_safe
def ending(request, public_id):
    """The decision that ended a licence, to be read and printed by its office and by whom it concerns."""
    readable = Ending.objects.readable_by(request.user).select_related("office", "licence", "task__item")
    return render(request, "certificates/ending.html", {"ending": get_object_or_404(readable, public_id=public_id)})
