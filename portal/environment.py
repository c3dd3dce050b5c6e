"""Typed reading of settings from the environment; a missing or malformed one stops the start with a sentence."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name, default=""):
    # Compose hands a setting that is not given over as an empty text.
    return (os.environ.get(name) or default).strip()


def flag(name, default=False):
    value = text(name).lower()
    if value in ("", "0", "1", "true", "false"):
        return default if value == "" else value in ("1", "true")
    raise ImproperlyConfigured(f"{name} must be 1, true, 0 or false, not {value!r}.")


def choice(name, allowed, default):
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(allowed)}, not {value!r}.")
    return value


def whole(name, default):
    value = text(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def listing(name):
    """A comma-separated list without empty entries."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def required(name, unsafe_default, debug):
    """The value of name; unsafe_default serves only while DEBUG is on."""
    value = text(name)
    if value:
        return value
    if debug:
        return unsafe_default
    raise ImproperlyConfigured(f"{name} is not set. Set it, or set DEBUG=1 on a development machine.")


def daemon(name):
    """The address of another program's socket, host:port or unix:/path; "" for none."""
    value = text(name).removeprefix("tcp://")
    _, _, port = value.rpartition(":")
    if value and not value.startswith("unix:/") and not port.isdigit():
        raise ImproperlyConfigured(f"{name} must be host:port or unix:/path, not {value!r}.")
    return value


def readable(name):
    """The path of a file that this process can read; "" for none."""
    value = text(name)
    if value and not os.access(value, os.R_OK):
        raise ImproperlyConfigured(f"{name} names {value}, which this process cannot read.")
    return value


def database(name):
    """Django's options for postgresql://user:password@host:port/name or postgresql:///name?host=/socket&user=u."""
    url = urlsplit(text(name))
    if url.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address; `make run` starts a server and sets it.")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "postgres",
        "USER": unquote(url.username or query.get("user", "")),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or query.get("host", ""),
        "PORT": str(url.port or query.get("port", "")),
    }
