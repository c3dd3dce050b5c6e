"""Everything that one release says, as one value."""

import functools

from guidance.reasoning.diagrams import Diagrams
from guidance.reasoning.outcomes import reach_of
from guidance.schema.entry import build, by_code, roomy_entry
from guidance.schema.form import Element
from guidance.schema.items import Department, ExternalCertificate, Item, with_required
from guidance.schema.questions import Fact, Notice, Question, Rule, Theme, with_rule_codes


@roomy_entry
class Catalogue:
    """Everything one release says; dicts are by code, in the catalogue's order."""

    items: dict
    elements: dict
    questions: dict
    derived: dict
    rules: tuple
    notices: dict
    themes: dict
    common_items: tuple
    departments: dict
    external_certificates: dict

    @classmethod
    def from_data(cls, data):
        """Build from the parsed documents {"items": …, "fields": …, "questions": …, "themes": …}, already linted."""
        elements = by_code(Element, data["fields"]["fields"])
        filled = {code for code, element in elements.items() if element.system_filled}
        questions = data["questions"]
        return cls(
            items=by_code(Item, [with_required(entry, filled) for entry in data["items"]["items"]]),
            elements=elements,
            questions=by_code(Question, questions["questions"]),
            derived=by_code(Fact, questions["derived"]),
            rules=tuple(build(Rule, entry) for entry in with_rule_codes(questions["rules"])),
            notices=by_code(Notice, questions["notices"]),
            themes=by_code(Theme, data["themes"]["themes"]),
            common_items=tuple(data["themes"]["common_items"]),
            departments=by_code(Department, data["items"]["departments"]),
            external_certificates=by_code(ExternalCertificate, data["items"]["external_certificates"]),
        )

    @functools.cached_property
    def expressions(self):
        """Derived facts' expressions by code."""
        return {code: fact.expr for code, fact in self.derived.items()}

    @functools.cached_property
    def rules_of(self):
        """Each item's rules, by its code; an item without any is not in it."""
        rules = {}
        for rule in self.rules:
            rules.setdefault(rule.item, []).append(rule)
        return rules

    @functools.cached_property
    def diagrams(self):
        """Its conditions as decision diagrams."""
        return Diagrams(self.questions, self.expressions)

    @functools.cached_property
    def reach(self):
        """Which outcomes and questions an answer wakes."""
        return reach_of(self)
