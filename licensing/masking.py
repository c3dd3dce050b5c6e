"""Numbers that name or reach a person, masked for all who need not see them whole. Pure.

Personal Information Protection Law arts. 6, 51: shown as far as the purpose needs; the first 3 and last 4 characters
are enough to tell two people apart. A name stays, since every decision names its applicant.
"""

MASKED_TYPES = ("id_number", "phone")
_FIRST, _LAST = 3, 4


def masked(kind, value):
    """Return the text with its middle starred where `kind`, an element's type, names a person; else as it is.

    Masking twice changes nothing. A text too short to hide anything is starred whole.
    """
    if kind not in MASKED_TYPES or not value:
        return value
    text = str(value)
    hidden = len(text) - _FIRST - _LAST
    return text[:_FIRST] + "*" * hidden + text[-_LAST:] if hidden > 0 else "*" * len(text)


def is_masked(element):
    """Does the Element, or a column of its table, hold such numbers?"""
    return element.type in MASKED_TYPES or any(column.type in MASKED_TYPES for column in element.columns)
