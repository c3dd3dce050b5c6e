"""The key that this process seals with: which it is, and what `manage.py check --deploy` tells of it."""

import stat
from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Info, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from certificates import seals
from certificates.models import SigningKey


class NotRegistered(Exception):
    """The message is one sentence for the operators."""


def signing_key():
    """Return the SigningKey of this process. Raises seals.NoKey, and NotRegistered unless it may sign now."""
    key = _registered(seals.key_pair().key_id)
    if key is None:
        raise NotRegistered("后台任务用的签章密钥没有登记，或者已经停用、到期、泄露。")
    return key


@register(deploy=True)
def check_licence_key(app_configs, **options):
    """Of a worker; a process without LICENCE_KEY_FILE may rightly have none, as every web process."""
    if not settings.LICENCE_KEY_FILE:
        hint = "Right for web and scheduler. Workers need LICENCE_KEY_FILE, or no e-licence is ever made."
        return [Info("This process cannot seal e-licences.", hint=hint, id="certificates.I001")]
    try:
        key_id = seals.key_pair().key_id
    except seals.NoKey as problem:
        return [Error(str(problem), id="certificates.E001")]
    return [*_open_to_others(), *_standing(key_id)]


def _open_to_others():
    mode = Path(settings.LICENCE_KEY_FILE).stat().st_mode
    if mode & stat.S_IROTH:
        return [
            Warning("LICENCE_KEY_FILE can be read by everybody on this machine: chmod 600.", id="certificates.W001")
        ]
    return []


def _standing(key_id):
    try:
        key = _registered(key_id)
    except DatabaseError:
        return []
    if key is None:
        hint = "manage.py licence_key register <certificate>"
        return [Error(f"Key {key_id} is not registered, or no longer good.", hint=hint, id="certificates.E002")]
    if key.development:
        return [Warning("A development key seals the e-licences: every file says 样本.", id="certificates.W002")]
    return []


def _registered(key_id):
    return SigningKey.objects.signing(timezone.now()).filter(key_id=key_id).first()
