"""Answers that a machine may keep, if it asks each time whether they still hold."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.cache import get_conditional_response
from rest_framework.response import Response

# Kept by anybody, used by nobody without asking: "valid" must be gone the moment an annulment commits.
REVALIDATED = "public, no-cache"
AS_OF = "as_of"


def answer(request, data):
    """The data with the tag of what it says, or 304 for whoever knows it already.

    The time of asking is not said of the licences, so it has no part in the tag; ranges are not served.
    """
    said = {name: value for name, value in data.items() if name != AS_OF}
    text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:40]}"'
    response = Response(data, headers={"Cache-Control": REVALIDATED, "ETag": tag})
    return get_conditional_response(request, etag=tag, response=response)
