"""The code by which a draft is found again (申请码): read from paper, typed on a phone or scanned. Pure."""

from licensing.identifiers import normalise
from licensing.models.application import CODE_ALPHABET

LENGTH = 8


def grouped(code):
    """ "7KQ4M2XB" as people read it: "7KQ4-M2XB"."""
    return f"{code[:4]}-{code[4:]}"


def code_of(typed):
    """The code that was typed or scanned: folded, upper case, without hyphens and spaces. Raises ValueError."""
    code = normalise(str(typed or ""))
    if not code:
        raise ValueError("请填写申请码，例如 7KQ4-M2XB。")
    if len(code) != LENGTH:
        raise ValueError(f"申请码是 {LENGTH} 位，您填了 {len(code)} 位，请核对。")
    wrong = next((character for character in code if character not in CODE_ALPHABET), None)
    if wrong:
        shown = wrong if wrong.isprintable() else "\N{REPLACEMENT CHARACTER}"
        raise ValueError(f"申请码里没有“{shown}”，请对照打印的或页面上的申请码核对（不用 0、1、I、L、O、U）。")
    return code
