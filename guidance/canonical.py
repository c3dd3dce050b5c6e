"""One text, and so one hash, for values that are equal: what was published, signed or logged is proved by it."""

import hashlib
import json


def canonical(value, default=None):
    """Return the value as JSON without choices of order or space. default: as of json.dumps. Raises TypeError."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=default)


def fingerprint(value):
    """Return the sha256 (64 hex digits) of a JSON value."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
