"""The words by which an item or a theme is looked for. Pure."""

import enum
import functools
import re

from guidance.schema import Item

_BRACKETS = re.compile("[（(][^）)]*[）)]")


class Kind(enum.IntEnum):
    NAME = 0  # what it is called officially, with its certificate
    WORD = 1  # what people call it
    SAID = 2  # what is said about it


def terms_of(catalogue, entry):
    """Yield (Kind, text) for an Item or a Theme of the catalogue."""
    # A theme's name begins with a verb: 开餐饮店, 办养老院.
    names = _item_names(entry) if isinstance(entry, Item) else (entry.name, entry.name[1:])
    yield from ((Kind.NAME, name) for name in dict.fromkeys(names))
    yield from ((Kind.WORD, word) for word in entry.also_called)
    said = _item_says(catalogue, entry) if isinstance(entry, Item) else _theme_says(catalogue, entry)
    yield from ((Kind.SAID, text) for text in dict.fromkeys(said))


def _item_names(item):
    yield item.name
    yield _BRACKETS.sub("", item.name)
    if item.certificate_name:
        yield item.certificate_name
        yield _BRACKETS.sub("", item.certificate_name)


def _item_says(catalogue, item):
    yield item.plain
    yield item.department
    for question, value in _options_by_item(catalogue).get(item.code, ()):
        yield _label(catalogue.questions[question], value)


def _theme_says(catalogue, theme):
    yield theme.summary
    for code, answer in theme.seed_answers.items():
        question = catalogue.questions[code]
        for value in answer if isinstance(answer, list | tuple) else [answer]:
            if question.options:
                yield _label(question, value)


def _label(question, value):
    return next((option.label for option in question.options if option.value == value), "")


@functools.lru_cache(maxsize=4)
def _options_by_item(catalogue):
    """{item code: [(question code, option)]}: what the item's rules wait for, in the rules' order."""
    settled, found = {}, {}
    for rule in catalogue.rules:
        found.setdefault(rule.item, {}).update(dict.fromkeys(_chosen(catalogue, rule.when, settled)))
    return found


def _chosen(catalogue, expression, settled):
    """The options that speak for an expression; not those under a "not". settled: {derived fact: its options}."""
    [(operator, operand)] = expression.items()
    if operator in ("all", "any"):
        return [pair for part in operand for pair in _chosen(catalogue, part, settled)]
    if operator in ("not", "gte"):
        return []
    fact, wanted = operand
    if fact in catalogue.derived:
        if fact not in settled:
            settled[fact] = _chosen(catalogue, catalogue.derived[fact].expr, settled)
        return settled[fact]
    if not catalogue.questions[fact].options:
        return []
    return [(fact, value) for value in (wanted if operator == "in" else [wanted])]
