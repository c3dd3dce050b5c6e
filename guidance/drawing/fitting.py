"""How wide a text will be, and where its lines break: estimated, since no browser is asked. Pure."""

import re
import unicodedata

# A line never begins with these.
_CLOSING = "、，。；：！？）》”’】％%"
_OPENING = "（《“‘【"
_PIECES = re.compile(rf"[{_OPENING}]*(?:[0-9]+月[0-9]+日|[A-Za-z0-9.,+-]+|.)[{re.escape(_CLOSING)}]*", re.DOTALL)


def width(text, size):
    """The width of the text at that size of type, rather too much than too little."""
    return sum(_em(letter) for letter in text) * size


def wrap(text, size, room):
    """The text in lines no wider than `room`: numbers and dates stay whole, closing marks with what they close."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        for part in [piece] if width(piece, size) <= room else piece:
            if line and width(line + part.rstrip(), size) > room:
                lines.append(line.strip())
                line = ""
            line += part
    return [one for one in [*lines, line.strip()] if one]


def _em(letter):
    # Ambiguous ones (“ ” · →) are as wide as a character in Chinese fonts.
    return 1 if unicodedata.east_asian_width(letter) in "WFA" else 0.62
