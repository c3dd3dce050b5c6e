"""The catalogue as values: one frozen dataclass per kind of entry, keys as guidance/catalogue/README.md explains them.

An attribute is the YAML key of the same name; a key the entry leaves out takes the default. Lists become tuples.
"""

from guidance.schema.catalogue import Catalogue
from guidance.schema.form import Column, Element, Option
from guidance.schema.items import KINDS, LICENCE, Item
from guidance.schema.questions import Question, with_rule_codes

FILES = ("items", "fields", "questions", "themes")

__all__ = [
    "FILES",
    "KINDS",
    "LICENCE",
    "Catalogue",
    "Column",
    "Element",
    "Item",
    "Option",
    "Question",
    "with_rule_codes",
]
