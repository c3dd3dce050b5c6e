"""A number as people type it on a phone: full-width digits, spaces, thousands marks, the unit behind it. Pure."""

import re
import unicodedata

# How people write a unit beside the official word.
UNITS = {
    "平方米": ("平方米", "平方", "平米", "m2"),
    "万元": ("万元", "万"),
    "米": ("米", "m"),
    "%": ("%",),
    "人": ("个人", "人", "名"),
}
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def bare_number(typed, unit=""):
    """Return what was typed as digits with at most a sign and a point ("1,200 平方米" is "1200"), or None."""
    text = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", typed)).lower()
    for written in UNITS.get(unit, (unicodedata.normalize("NFKC", unit).lower(),)):
        if written and text.endswith(written):
            text = text.removesuffix(written)
            break
    return text if _NUMBER.fullmatch(text) else None
