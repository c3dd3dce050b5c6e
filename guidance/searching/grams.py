"""Which texts hold a piece, or nearly: an index of short pieces, so that a query reads a few lists. Pure.

However many texts there are, a query looks at no more than MOST_READ entries of each list and MOST_TRIED texts.
"""

import bisect
from array import array
from collections import Counter

MOST_READ, MOST_TRIED = 20_000, 2_000
_END = "\n"


class Grams:
    def __init__(self, size, texts):
        """texts: list of str without line breaks; answers are numbers in this list."""
        self.texts, self._size, self._lists = texts, size, {}
        for number, text in enumerate(texts):
            for gram in set(self._grams(text + _END * (size - 1))):
                self._lists.setdefault(gram, array("I")).append(number)
        self._sorted = sorted(self._lists)

    def holding(self, piece):
        """Numbers of texts that hold the piece, the first ones only if they are very many; ascending."""
        return [number for number in self._candidates(piece) if piece in self.texts[number]]

    def nearly(self, piece):
        """Numbers of texts that hold the piece with one letter wrong, missing, too many, or two swapped; ascending.

        Whichever letter it is, one of the two halves is intact; a swap may sit on the border, hence the second border.
        """
        found = set()
        for border in {len(piece) // 2, len(piece) // 2 - 1} - {0, -1}:
            head, tail = piece[:border], piece[border:]
            found.update(number for number in self._candidates(head) if _follows(self.texts[number], head, tail))
            back = head[::-1], tail[::-1]
            found.update(
                number for number in self._candidates(tail) if _follows(self.texts[number][::-1], back[1], back[0])
            )
        return sorted(found)

    def nearest(self, piece, most):
        """Numbers of the texts that share most of the piece's grams, the best first."""
        shared = Counter()
        lists = sorted((self._lists[gram] for gram in set(self._grams(piece)) if gram in self._lists), key=len)
        for numbers in lists[:8]:
            shared.update(numbers[: MOST_READ // 4])
        best = shared.most_common(MOST_TRIED)
        return [number for number, _ in sorted(best, key=lambda one: (-one[1], len(self.texts[one[0]])))[:most]]

    def _grams(self, text):
        return (text[place : place + self._size] for place in range(len(text) - self._size + 1))

    def _candidates(self, piece):
        if len(piece) < self._size:
            return sorted(self._beginning(piece))[:MOST_TRIED]
        lists = [self._lists.get(gram) for gram in set(self._grams(piece))]
        if None in lists:
            return []
        lists.sort(key=len)
        numbers = lists[0]
        if len(numbers) > MOST_TRIED and len(lists) > 1:
            numbers = sorted(set(numbers[:MOST_READ]).intersection(lists[1][:MOST_READ]))
        return numbers[:MOST_TRIED]

    def _beginning(self, piece):
        """Numbers under the grams that begin with a piece shorter than they are."""
        numbers = set()
        for place in range(bisect.bisect_left(self._sorted, piece), len(self._sorted)):
            gram = self._sorted[place]
            if not gram.startswith(piece) or len(numbers) >= MOST_READ:
                break
            numbers.update(self._lists[gram][:MOST_READ])
        return numbers


def _follows(text, head, tail):
    """Does some occurrence of `head` stand before `tail` with at most one mistake?"""
    place = text.find(head)
    while place >= 0:
        if _begins_nearly(text[place + len(head) :], tail):
            return True
        place = text.find(head, place + 1)
    return False


def _begins_nearly(text, wanted):
    same = next((place for place, pair in enumerate(zip(text, wanted, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return len(text) >= len(wanted) - 1
    rest, due = text[same:], wanted[same:]
    swapped = rest[:2] == due[1::-1] and len(due) > 1 and rest[2:].startswith(due[2:])
    return swapped or rest[1:].startswith((due[1:], due)) or rest.startswith(due[1:])
