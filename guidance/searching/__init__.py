"""Finding items and themes by whatever people call them. Pure; the index is built once for each catalogue.

An entry is found by its name, what else it is called, what it says of itself, what the options that lead to it say,
and by how its names are read: pinyin and first letters. Of a sentence the words in it are found.
"""

import bisect
import enum
import functools
import unicodedata
from array import array
from dataclasses import dataclass

from guidance.schema import Item
from guidance.searching.grams import Grams
from guidance.searching.readings import initials, letters, reading
from guidance.searching.terms import Kind, terms_of

LONGEST = 40
MOST_HITS, MOST_NEAR = 30, 6
# What is read of a query before anything else is done with it.
_MOST_READ = 200
# A single mistake in fewer Chinese characters, or letters, leaves nothing to recognise.
_ENOUGH_CHARACTERS, _ENOUGH_LETTERS = 4, 6


class Rank(enum.IntEnum):
    """How an entry was found, the best way first."""

    EXACT, START, CALLED, WITHIN, CONTAINED, SAID, PINYIN, INITIALS, ALIKE, CLOSE = range(10)


@dataclass(frozen=True)
class Hit:
    entry: object  # an Item or a Theme of the catalogue
    rank: Rank
    word: str = ""  # what it is also called, where it was found by that

    @property
    def is_item(self):
        return isinstance(self.entry, Item)


@dataclass(frozen=True)
class Results:
    asked: str  # as it was searched: at most LONGEST characters, nothing but letters and digits
    hits: tuple  # of Hit, the best first
    near: tuple  # of Hit: what comes nearest, only where there are no hits


def search(catalogue, text):
    """Return the Results for whatever was typed."""
    asked = squeezed(text)
    if not asked:
        return Results("", (), ())
    index = index_of(catalogue)
    ways = [index.by_words, index.by_letters] if _is_latin(asked) else [index.by_words]
    matches = [match for way in ways for match in way(asked, text)]
    for way in (index.alike, index.close):
        # That a part of it is a name by itself does not say that the whole is none, written wrong.
        if all(rank == Rank.WITHIN for rank, _ in matches):
            matches += way(asked, text)
    found = _best(index, matches)
    near = () if found else _best(index, index.near(asked))[:MOST_NEAR]
    return Results(asked, tuple(found), tuple(near))


def squeezed(text):
    """What is compared: full-width folded, small letters, no spaces, marks, or anything invisible; never long."""
    folded = unicodedata.normalize("NFKC", text[:_MOST_READ]).casefold()
    return "".join(letter for letter in folded if letter.isalnum())[:LONGEST]


@functools.lru_cache(maxsize=4)
def index_of(catalogue):
    return Index(catalogue)


class Index:
    """The terms of all entries. Each way of finding yields (rank, number of the term)."""

    def __init__(self, catalogue):
        self.entries = [*catalogue.themes.values(), *catalogue.items.values()]
        self.texts, self.owners, self.kinds, self._exact = [], array("I"), bytearray(), {}
        for owner, entry in enumerate(self.entries):
            for kind, text in terms_of(catalogue, entry):
                self._add(owner, kind, squeezed(text))
        self._words = Grams(2, self.texts)
        self._spoken = [number for number, kind in enumerate(self.kinds) if kind != Kind.SAID]
        self._spelt = [reading(self.texts[number]) for number in self._spoken]
        self._sounds = Grams(3, [spelt.lower() for spelt in self._spelt])
        self._first_letters = Grams(2, [initials(spelt) for spelt in self._spelt])
        self._sorted = sorted(self._exact)

    def by_words(self, asked, _text):
        for number in self._exact.get(asked, ()):
            yield (Rank.EXACT if self.kinds[number] == Kind.NAME else Rank.CALLED), number
        for text in self._beginning(asked):
            for number in self._exact[text]:
                yield (Rank.START if self.kinds[number] == Kind.NAME else Rank.CONTAINED), number
        for piece in _pieces(asked):
            for number in self._exact.get(piece, ()):
                yield Rank.WITHIN, number
        for number in self._words.holding(asked):
            yield (Rank.SAID if self.kinds[number] == Kind.SAID else Rank.CONTAINED), number

    def by_letters(self, asked, text):
        typed = letters(text[:_MOST_READ])[:LONGEST]
        if len(typed) < 2:
            return
        yield from self._sounding(typed, Rank.PINYIN)
        for place in self._first_letters.holding(typed):
            yield Rank.INITIALS, self._spoken[place]

    def alike(self, asked, _text):
        """Written with other characters that are read the same."""
        if _is_latin(asked) or len(asked) < 2:
            return ()
        return self._sounding(reading(asked).lower(), Rank.ALIKE)

    def close(self, asked, text):
        """One character or letter wrong."""
        if _is_latin(asked):
            typed = letters(text[:_MOST_READ])[:LONGEST]
            if len(typed) >= _ENOUGH_LETTERS:
                yield from ((Rank.CLOSE, self._spoken[place]) for place in self._sounds.nearly(typed))
        elif len(asked) >= _ENOUGH_CHARACTERS:
            yield from ((Rank.CLOSE, number) for number in self._words.nearly(asked))
        elif len(asked) == _ENOUGH_CHARACTERS - 1:
            numbers = self._words.nearly(asked)
            yield from ((Rank.CLOSE, number) for number in numbers if _one_differs(asked, self.texts[number]))

    def near(self, asked):
        """What shares most with it, however little."""
        numbers = self._words.nearest(asked, 2 * MOST_NEAR)
        if _is_latin(asked):
            numbers += [self._spoken[place] for place in self._sounds.nearest(asked, 2 * MOST_NEAR)]
        elif not numbers and len(asked) < _ENOUGH_CHARACTERS:
            numbers = [number for letter in asked for number in self._words.holding(letter)]
        return [(Rank.CLOSE, number) for number in numbers]

    def _add(self, owner, kind, text):
        if not text:
            return
        if kind != Kind.SAID:
            self._exact.setdefault(text, []).append(len(self.texts))
        self.texts.append(text)
        self.owners.append(owner)
        self.kinds.append(kind)

    def _beginning(self, asked):
        first = bisect.bisect_left(self._sorted, asked)
        for text in self._sorted[first : first + MOST_HITS]:
            if not text.startswith(asked):
                return
            yield text

    def _sounding(self, typed, rank):
        for place in self._sounds.holding(typed):
            if _begins_a_syllable(self._spelt[place], typed):
                yield rank, self._spoken[place]


def _is_latin(asked):
    """Is it written in letters, those with tones included (lǚ)?"""
    return all(letter < "\u0300" for letter in asked)


def _pieces(asked):
    """Two characters and more out of it, not the whole."""
    for size in range(len(asked) - 1, 1, -1):
        for place in range(len(asked) - size + 1):
            yield asked[place : place + size]


def _begins_a_syllable(spelt, typed):
    low, place = spelt.lower(), -1
    while (place := low.find(typed, place + 1)) >= 0:
        if not spelt[place].islower():
            return True
    return False


def _one_differs(one, other):
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _best(index, matches):
    """The Hits, each entry once, found in its best way; among equals the shorter text, then the catalogue's order."""
    best = {}
    for rank, number in matches:
        # A longer word within a sentence says more; elsewhere the shorter text is nearer to what was asked.
        length = len(index.texts[number])
        key = (rank, -length if rank == Rank.WITHIN else length, index.owners[number], number)
        owner = index.owners[number]
        best[owner] = min(best.get(owner, key), key)
    return [_hit(index, rank, number) for rank, _, _, number in sorted(best.values())[:MOST_HITS]]


def _hit(index, rank, number):
    entry, word = index.entries[index.owners[number]], ""
    if index.kinds[number] == Kind.WORD:
        word = next(word for word in entry.also_called if squeezed(word) == index.texts[number])
    return Hit(entry, rank, word)
