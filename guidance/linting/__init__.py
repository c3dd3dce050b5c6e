"""Is the catalogue in order? The lint that stands before every publication."""

import contextlib

from guidance.linting import basis, elements, fees, items, meanings, papers, questions, sizes, terms, themes, wording
from guidance.linting.book import Book, Enough
from guidance.linting.problems import ERROR
from guidance.schema import FILES, Catalogue

PARTS = (items, terms, papers, wording, basis, fees, elements, meanings, questions, themes)


def examine(documents):
    """Return (errors, warnings): all Problems of the parsed documents {name: content}; only errors forbid publishing.

    With a document missing, only what is wrong with the form of the others.
    """
    book = Book()
    with contextlib.suppress(Enough):
        _check(book, documents)
    return (
        [problem for problem in book.problems if problem.level == ERROR],
        [problem for problem in book.problems if problem.level != ERROR],
    )


def lint(documents):
    """Return the errors alone."""
    return examine(documents)[0]


def _check(book, documents):
    book.open(documents)
    if len(documents) < len(FILES):
        return
    for part in PARTS:
        part.check(book)
    if not book.errors:
        catalogue = Catalogue.from_data(documents)
        sizes.check(book, catalogue)
        # Whatever is replayed on conditions that are too large may never end.
        if not book.errors:
            themes.check_seeds(book, catalogue)
