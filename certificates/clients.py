"""Systems of departments that may ask for licences. Each has one token: shown once, kept as its hash alone."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from certificates.models import DepartmentClient

# 256 random bits, so that no try needs counting.
_BYTES = 32
# As long as a token can be: nothing longer is hashed.
_LONGEST = 100


def add(department, name, operator):
    """Return the new DepartmentClient and its token, which nobody can read again afterwards."""
    token = secrets.token_urlsafe(_BYTES)
    client = DepartmentClient.objects.create(
        department=department, name=name, token_sha256=_hash(token), created_by=operator
    )
    return client, token


@transaction.atomic
def revoke(client, operator):
    """Take the token's right away for good, from the next request on. False: it was revoked before."""
    active = DepartmentClient.objects.filter(pk=client.pk, revoked_at=None)
    return bool(active.update(revoked_at=timezone.now(), revoked_by=operator))


def client_of(token):
    """The DepartmentClient this token stands for today, or None."""
    if not token or len(token) > _LONGEST:
        return None
    wanted = _hash(token)
    client = DepartmentClient.objects.filter(token_sha256=wanted, revoked_at=None).select_related("department").first()
    # The index compares hashes, whose time tells nothing of the token; this says so for those who read it.
    return client if client and constant_time_compare(client.token_sha256, wanted) else None


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
