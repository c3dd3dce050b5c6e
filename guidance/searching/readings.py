"""How Chinese words are read (pinyin), for searching by letters. Pure."""

import functools
import re
import unicodedata

_DIAERESIS = "u\u0308"
_WORDS_KEPT = 20_000


def reading(text):
    """Return the text in letters, each syllable begun by a capital: 食品 is "ShiPin", KTV stays; ü is v."""
    return "".join(map(_read, _speller().seg(text)))


def initials(spelt):
    """The first letters of what reading() returned, small: "ShiPin" is "sp", "4SDian" is "4sd"."""
    return "".join(letter for letter in spelt if not letter.islower()).lower()


def letters(text):
    """Pinyin as somebody types it: tones, spaces and apostrophes dropped, lǚ, lü and lu: as lv."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("u:", _DIAERESIS)).replace(_DIAERESIS, "v")
    return re.sub("[^a-z0-9]", "", apart)


@functools.lru_cache(maxsize=_WORDS_KEPT)
def _read(word):
    # A catalogue says the same words over and over, and spelling one costs more than finding where it ends.
    # Latin letters within Chinese (KTV, 4S) come in one piece; each is said apart.
    return word.upper() if word.isascii() else "".join(map(str.capitalize, _speller().lazy_pinyin(word)))


@functools.cache
def _speller():
    # Imported by the first search: its dictionaries of phrases cost 0.15 s and 58 MB, which most commands never need.
    from pypinyin.core import Pinyin

    return Pinyin()
