"""Codes of eight characters by which a session or a draft is found again: read from paper, typed or scanned. Pure."""

import re
import secrets

LENGTH = 8
# Without 0, 1, I, L, O, U: read aloud and typed by hand at the window.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_DROPPED = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_FOLDED = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {code: code - 32 for code in range(0x61, 0x7B)}
_FOLDED |= {code + 0xFEE0: code - 32 for code in range(0x61, 0x7B)}


def normalise(text):
    """Fold full width and lower case, drop spaces, hyphens and invisible marks. Nothing is "corrected": O stays O."""
    return _DROPPED.sub("", (text or "").translate(_FOLDED))


def new_code():
    """Eight characters; 30^8 = 6.6e11."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(LENGTH))


def grouped(code):
    """ "7KQ4M2XB" as people read it: "7KQ4-M2XB"."""
    return f"{code[:4]}-{code[4:]}"


def code_of(typed, called="申请码"):
    """The code that was typed or scanned: folded, upper case, without hyphens and spaces. Raises ValueError.

    called: what the page calls the code that it asks for.
    """
    code = normalise(str(typed or ""))
    if not code:
        raise ValueError(f"请填写{called}，例如 7KQ4-M2XB。")
    if len(code) != LENGTH:
        raise ValueError(f"{called}是 {LENGTH} 位，您填了 {len(code)} 位，请核对。")
    wrong = next((character for character in code if character not in CODE_ALPHABET), None)
    if wrong:
        shown = wrong if wrong.isprintable() else "\N{REPLACEMENT CHARACTER}"
        raise ValueError(f"{called}里没有“{shown}”，请对照打印的或页面上的{called}核对（不用 0、1、I、L、O、U）。")
    return code
