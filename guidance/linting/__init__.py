"""Is the catalogue in order? The lint that stands before every publication."""

from guidance.linting import elements, items, questions, themes
from guidance.linting.book import Book
from guidance.schema import FILES, Catalogue


def lint(documents):
    """Return all Problems of the parsed documents {name: content}; with one missing, only those of form."""
    book = Book(documents)
    if len(documents) == len(FILES):
        for part in (items, elements, questions, themes):
            part.check(book)
    if len(documents) == len(FILES) and not book.problems:
        themes.check_seeds(book, Catalogue.from_data(documents))
    return book.problems
