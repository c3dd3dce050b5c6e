"""A call of the API that changes something, repeated by who did not hear the answer, changes it once.

The caller names the call by a key of its own (header Idempotency-Key). Key and answer are written in the transaction of
the change: one is there exactly if the other is.
"""

import hashlib
import json
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from exchange.models import Call

LONGEST_KEY = 100
# Who has not asked again after so long never will.
_KEPT = timedelta(days=7)


class OtherBody(Exception):
    """The key was used for another call."""


class StillRunning(Exception):
    """The same call is being answered now."""


@transaction.atomic
def once(user, key, body, act):
    """Return (status, JSON answer) of act(), or what it returned when the key was first used. key "": simply act.

    body: the JSON that was asked. Where act() raises nothing is kept. Raises OtherBody and StillRunning.
    """
    if not key:
        return act()
    _lock(user, key)
    body_sha256 = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    known = Call.objects.filter(user=user, key=key).first()
    if known:
        if known.body_sha256 != body_sha256:
            raise OtherBody
        return known.status, known.answer
    Call.objects.filter(user=user, created_at__lt=timezone.now() - _KEPT).delete()
    status, answer = act()
    Call.objects.create(user=user, key=key, body_sha256=body_sha256, status=status, answer=answer)
    return status, answer


def _lock(user, key):
    # Not a row: there is none yet, and a second call should be told so instead of waiting.
    number = hashlib.sha256(f"call {user.pk} {key}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(number, "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise StillRunning
