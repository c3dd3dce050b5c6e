"""What anybody's program may ask: an enterprise by its code, a licence by its identifier; as it is now."""

from allauth.core import ratelimit
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from certificates import directory, identifiers
from certificates.api.conditional import answer
from certificates.api.serializers import DetailSerializer, LicenceNowSerializer, PublicEnterpriseSerializer
from certificates.public.facts import look_up
from guidance.api import PublicView

# In settings.ACCOUNT_RATE_LIMITS, the same as of the public page: whoever guesses may do it at one of them only. Only
# what found nothing counts, so that one address may ask for whole streets.
_LIMIT = "public_page_missed"
_CONDITIONAL = {
    "parameters": [
        OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of the last answer.")
    ]
}
_NOT_MODIFIED = OpenApiResponse(description="It still says what the last answer said.")
_TOO_MANY = OpenApiResponse(DetailSerializer, "Too many questions from this address that found nothing.")


class EnterpriseView(PublicView):
    """What anybody may see who has scanned the code: the same as the public page, as it is now."""

    @extend_schema(
        operation_id="enterprises_retrieve",
        responses={
            200: PublicEnterpriseSerializer,
            304: _NOT_MODIFIED,
            404: OpenApiResponse(description="No enterprise has this code."),
            429: _TOO_MANY,
        },
        **_CONDITIONAL,
    )
    def get(self, request, token):
        facts = look_up(token)
        if facts is None:
            raise missed(request)
        return answer(request, PublicEnterpriseSerializer(facts).data)


class LicenceView(PublicView):
    """The licence with this 电子证照标识 as it stands now; a replaced version names the one that replaced it."""

    @extend_schema(
        operation_id="licences_retrieve",
        responses={
            200: LicenceNowSerializer,
            304: _NOT_MODIFIED,
            400: OpenApiResponse(DetailSerializer, "Which part of the identifier is malformed."),
            404: OpenApiResponse(description="Well formed, but no licence has it."),
            429: _TOO_MANY,
        },
        **_CONDITIONAL,
    )
    def get(self, request, identifier):
        try:
            wanted = str(identifiers.parse(identifier, imported=True))
        except ValueError as why:
            return Response({"detail": str(why)}, status=400)
        licence = directory.identified(wanted)
        if licence is None:
            raise missed(request)
        return answer(request, LicenceNowSerializer(directory.entry(licence) | {"as_of": timezone.localtime()}).data)


def missed(request):
    """The error for what was not there: 404, or 429 once an address has missed too often."""
    too_often = ratelimit.consume_or_429(request, action=_LIMIT, limit_get=True)
    return Throttled(wait=600) if too_often else Http404()
