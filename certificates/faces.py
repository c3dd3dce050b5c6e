"""The face of a licence (照面) for eyes that did not issue it: numbers that name or reach a person are masked."""

from guidance import releases
from licensing.wording import value_text


def elements_now():
    """What the catalogue in force calls the values of faces, {code: element}; {} before one is published."""
    try:
        return releases.load(releases.current().pk).elements
    except releases.NothingPublished:
        return {}


def lines(licence, elements, *, full=False):
    """The face as (code, label, text), in its own order. full: nothing masked.

    A value the catalogue no longer knows is left out: nobody could say whether it names a person.
    """
    known = [(elements[code], value) for code, value in licence.face.items() if code in elements]
    return [(one.code, one.label, value_text(one, value, hide=not full)) for one, value in known if value is not None]
