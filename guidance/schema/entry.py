"""What an entry of the catalogue is as a value, and how it is made from its YAML."""

import functools
import typing
from dataclasses import dataclass, is_dataclass

# An entry is compared and hashed by identity, since it holds dicts; across releases entries match by code.
# With slots they take a third less room: a province's release holds a million of them.
entry = dataclass(frozen=True, eq=False, slots=True)
# For the few that keep what they have worked out (functools.cached_property).
roomy_entry = dataclass(frozen=True, eq=False)


def build(kind, entry):
    """Make a dataclass of that kind from its YAML entry, entries within it included."""
    values = {}
    for name, inner in _attributes(kind).items():
        if name not in entry:
            continue
        value = entry[name]
        if isinstance(value, list):
            value = tuple(build(inner, one) for one in value) if inner else tuple(value)
        elif inner and value is not None:
            value = build(inner, value)
        values[name] = value
    return kind(**values)


def by_code(kind, entries):
    """Return {code: dataclass of that kind}, in the order of the YAML entries."""
    return {entry["code"]: build(kind, entry) for entry in entries}


@functools.cache
def _attributes(kind):
    """Each attribute's name, and the kind of entry it holds or holds a tuple of, or None."""
    hints = typing.get_type_hints(kind)
    return {name: next(filter(is_dataclass, (hint, *typing.get_args(hint))), None) for name, hint in hints.items()}
