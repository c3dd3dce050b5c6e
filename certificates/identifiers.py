"""The identifier of an e-licence (电子证照标识, GB/T 36904-2018). Pure.

`1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`: the root of the scheme; the 证照类型代码, which is the
统一社会信用代码 of the body that defines the licence and 3 characters given by it; the 统一社会信用代码 of the
authority that issues it; a serial number of 9 to 32 characters; the version, from 001; a check character. Checks raise
ValueError with a sentence that says which part is wrong. A pass says "well formed", never "exists".
"""

import secrets
import string
from itertools import pairwise
from typing import NamedTuple

from guidance.codes import normalise
from licensing.identifiers import check_uscc

ROOT = "1.2.156.3005.2"
ALPHABET = string.digits + string.ascii_uppercase
SERIAL_LENGTHS = range(9, 33)
LAST_VERSION = 999
_NEW_SERIAL = 20
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PARTS = ("证照类型代码", "颁发机构代码", "流水号", "版本号", "校验码")


class Identifier(NamedTuple):
    type_code: str
    issuer: str
    serial: str
    version: int
    check: str

    def __str__(self):
        return f"{ROOT}.{self.type_code}.{self.issuer}.{self.serial}.{self.version:03}.{self.check}"


def build(type_code, issuer, serial, version, *, imported=False):
    """Return the whole identifier as text; version: 1 to 999; imported: as in parse. Raises ValueError."""
    type_code, issuer = check_type_code(type_code), check_issuer(issuer, imported=imported)
    _check_serial(serial)
    if not 1 <= version <= LAST_VERSION:
        raise ValueError(f"版本号从 1 到 {LAST_VERSION}，不能是 {version}。")
    check = check_character(f"{type_code}{issuer}{serial}{version:03}")
    return str(Identifier(type_code, issuer, serial, version, check))


def parse(text, *, imported=False):
    """Return the Identifier that the text is; imported: older ones name their issuer by 6 digits. Raises ValueError.

    Any one wrong character is found, and any swap of two neighbours in either 统一社会信用代码, by the checks of their
    own. Of other swaps MOD 37,36 misses 1 in 630, of characters left out or put in 1 in 36; new_serial draws no serial
    number with such a swap.
    """
    parts = _parts(normalise(text))
    type_code, issuer = check_type_code(parts[0]), check_issuer(parts[1], imported=imported)
    _check_serial(parts[2])
    version = _version(parts[3])
    if len(parts[4]) != 1:
        raise ValueError("电子证照标识的最后一段是 1 位校验码，请核对。")
    _check_alphabet(parts[4], "校验码")
    if parts[4] != check_character("".join(parts[:4])):
        raise ValueError("电子证照标识对不上自身的校验码，至少有一位填错了，请逐位核对。")
    return Identifier(type_code, issuer, parts[2], version, parts[4])


def check_character(text):
    """Return the check character of type, issuer, serial and version, written without root and dots.

    ISO 7064 MOD 37,36.
    """
    return ALPHABET[(1 - _product(text)) % 36]


def new_serial(before=""):
    """Return 20 random letters and digits, of which no two neighbours can change places unnoticed.

    before: the characters that precede them under the check, which are the type's and the issuer's codes.
    """
    start = _product(before)
    while True:
        serial = "".join(secrets.choice(ALPHABET) for _ in range(_NEW_SERIAL))
        if not _hides_a_swap(serial, start):
            return serial


def check_type_code(text):
    """Return a 证照类型代码 as its 21 characters. Raises ValueError."""
    code = normalise(text)
    if len(code) != 21:
        raise ValueError(f"证照类型代码是 21 位：定义机构的统一社会信用代码 18 位，加 3 位。现在是 {len(code)} 位。")
    _check_alphabet(code, "证照类型代码")
    _of_a_body(code[:18], "证照类型代码的前 18 位")
    return code


def check_issuer(text, *, imported=False):
    """Return the code of an issuing authority. Raises ValueError."""
    code = normalise(text)
    if len(code) == 6 and code.isascii() and code.isdecimal():
        if imported:
            return code
        raise ValueError("颁发机构代码要用发证机关 18 位的统一社会信用代码，6 位区划代码只在以前的证照上有。")
    return _of_a_body(code, "颁发机构代码")


def _of_a_body(code, part):
    try:
        return check_uscc(code)
    except ValueError as why:
        raise ValueError(f"{part}不对：{why}") from None


def _parts(text):
    # Two forms are met: the dotted one, and the same as a URN of the OID.
    text = text.removeprefix("URN:OID:")
    if not text:
        raise ValueError("请填写电子证照标识。")
    if not text.startswith(f"{ROOT}."):
        raise ValueError(f"电子证照标识以“{ROOT}.”开头，请核对。")
    parts = text.removeprefix(f"{ROOT}.").split(".")
    if len(parts) != len(_PARTS):
        raise ValueError(f"电子证照标识在“{ROOT}”之后有 5 段（{'、'.join(_PARTS)}），现在是 {len(parts)} 段。")
    return parts


def _check_serial(serial):
    if len(serial) not in SERIAL_LENGTHS:
        raise ValueError(f"电子证照标识的流水号是 9 至 32 位，现在是 {len(serial)} 位。")
    _check_alphabet(serial, "流水号")


def _version(text):
    if len(text) != 3:
        raise ValueError(f"电子证照标识的版本号是 3 位数字，现在是 {len(text)} 位。")
    if wrong := [(place, one) for place, one in enumerate(text, start=1) if one not in string.digits]:
        raise ValueError(f"版本号第 {wrong[0][0]} 位的“{_shown(wrong[0][1])}”不能用：只用数字。")
    if text == "000":
        raise ValueError("电子证照标识的版本号从 001 开始，不能是 000。")
    return int(text)


def _check_alphabet(text, part):
    for place, character in enumerate(text, start=1):
        if character not in _VALUES:
            raise ValueError(f"{part}第 {place} 位的“{_shown(character)}”不能用：只用数字和大写字母。")


def _shown(character):
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _product(text, start=36):
    product = start
    for character in text:
        product = _step(product, _VALUES[character])
    return product


def _step(product, value):
    return 2 * ((product + value) % 36 or 36) % 37


def _hides_a_swap(text, start):
    product = start
    for one, other in pairwise(text):
        a, b = _VALUES[one], _VALUES[other]
        if a != b and _step(_step(product, a), b) == _step(_step(product, b), a):
            return True
        product = _step(product, a)
    return False
