"""The template engine of the public page: compiled templates, no request, no context processors.

Measured with seven licences: Django's own templates took more than the rest of the request, these a twelfth of that.
"""

from functools import partial

from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment

from licensing.wording import day_text

STATIC_FILES = {"style_sheet": "portal.css", "icon": "mark.svg"}


def environment(**options):
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - Django's backend sets autoescape.
    made.filters["day"] = day_text
    # Asked for at the first page, not at every command's check, which comes before the files are collected; then kept,
    # since the names do not change while a process lives.
    made.globals |= {name: SimpleLazyObject(partial(static, path)) for name, path in STATIC_FILES.items()}
    return made
