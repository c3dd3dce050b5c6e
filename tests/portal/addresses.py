"""Every address of the portal, read from the resolver, and samples for the parts in them that vary."""

import uuid
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RoutePattern

# What a varying part may hold when it names nothing that exists.
NOTHING = {
    "app_label": "auth",
    "code": "no-such-code",
    "content_type_id": "1",
    "delivery_id": 999999,
    "element": "no-such-element",
    "file_id": uuid.UUID(int=1),
    "identifier": "no-such-identifier",
    "key": "no-such-key",
    "kind": "png",
    "message_id": 999999,
    "move": "no-such-move",
    "object_id": "999999",
    "office_id": 999999,
    "paper": "a5",
    "public_id": uuid.UUID(int=1),
    "step": "no-such-step",
    "task_id": uuid.UUID(int=1),
    "token": "no-such-token-in-the-whole-city",
    "uidb36": "1",
    "user_id": 999999,
}


@dataclass(frozen=True)
class Address:
    name: str
    parts: tuple

    def path(self, **values):
        return reverse(self.name, kwargs={part: values.get(part, NOTHING[part]) for part in self.parts})


def addresses():
    """All named addresses, and apart from them the patterns without a name."""
    named, nameless = [], []
    for name, parts, pattern in _walk(get_resolver().url_patterns, (), ()):
        if pattern.name:
            named.append(Address(name, parts))
        else:
            nameless.append(pattern)
    return sorted(named, key=lambda address: address.name), nameless


def _walk(patterns, namespaces, parts):
    for entry in patterns:
        own = parts + _parts(entry.pattern)
        if isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or "")), own, entry
        else:
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry.url_patterns, inner, own)


def _parts(pattern):
    return tuple(pattern.converters if isinstance(pattern, RoutePattern) else pattern.regex.groupindex)
