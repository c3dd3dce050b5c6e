"""What is opened to be read: the public page behind a QR code, the decision that ended a licence."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import get_template
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.models import Ending
from certificates.public import look_up


@require_safe
def public(request, token):
    """What a stranger sees who scans the code. Rendered without the request: no visitor, no session, no cookie."""
    facts = look_up(token)
    template = get_template("public/enterprise.html" if facts else "public/missing.html", using="public")
    response = HttpResponse(template.render(facts), status=200 if facts else 404)
    # It says what holds now, so nobody keeps it; and it is found by its code only, not by a search engine.
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_safe
def ending(request, public_id):
    """The decision that ended a licence, to be read and printed by its office and by whom it concerns."""
    readable = Ending.objects.readable_by(request.user).select_related("office", "licence", "task__item")
    return render(request, "certificates/ending.html", {"ending": get_object_or_404(readable, public_id=public_id)})
