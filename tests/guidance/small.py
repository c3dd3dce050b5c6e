"""Small catalogues of any shape, and what holds on them worked out by trying every answer."""

import os
from itertools import product

from hypothesis import settings
from hypothesis import strategies as st

from guidance.expressions import COMPARISONS
from guidance.schema.catalogue import Catalogue
from guidance.schema.form import Option
from guidance.schema.items import Condition, Item
from guidance.schema.questions import Fact, Notice, Question, Rule

KINDS = {
    "single": {"options": tuple(Option(value, value) for value in "abc")},
    "multi": {"options": tuple(Option(value, value) for value in "ab")},
    "boolean": {},
    "number": {"validation": {"min": 0, "max": 4, "integer": True}},
}
ANSWERS = {
    "single": ["a", "b", "c"],
    "multi": [[], ["a"], ["b"], ["a", "b"]],
    "boolean": [False, True],
    "number": [0, 1, 2, 3, 4],
}


def tried(examples):
    """The settings of a property: so many examples, in `make machine` a hundred times as many."""
    return settings(deadline=None, max_examples=examples * (100 if "MACHINE_EXAMPLES" in os.environ else 1))


@st.composite
def comparisons(draw, questions, derived):
    """A comparison of one of these questions or derived facts."""
    code = draw(st.sampled_from([*questions, *derived]))
    if code in derived:
        return {"eq": [code, draw(st.booleans())]}
    kind = questions[code].type
    if kind == "multi":
        return {"contains": [code, draw(st.sampled_from("ab"))]}
    if kind == "boolean":
        return {"eq": [code, draw(st.booleans())]}
    values = "abc" if kind == "single" else (-1, 0, 1, 1.5, 2, 4, 7)
    operators = ["eq", "in"] if kind == "single" else ["eq", "in", "gte"]
    operator = draw(st.sampled_from(operators))
    value = draw(st.sampled_from(values))
    return {operator: [code, [value, draw(st.sampled_from(values))] if operator == "in" else value]}


def expressions(questions, derived):
    return st.recursive(
        comparisons(questions, derived),
        lambda parts: st.one_of(
            st.builds(lambda some: {"all": some}, st.lists(parts, min_size=1, max_size=3)),
            st.builds(lambda some: {"any": some}, st.lists(parts, min_size=1, max_size=3)),
            st.builds(lambda one: {"not": one}, parts),
        ),
        max_leaves=4,
    )


@st.composite
def catalogues(draw, most=4):
    """Up to `most` questions asked on any condition, two derived facts, three rules for two items, a notice, parts."""
    questions, derived = {}, {}
    for place in range(draw(st.integers(2, most))):
        when = draw(st.none() | expressions(questions, derived)) if questions else None
        kind = draw(st.sampled_from(sorted(KINDS)))
        code = f"q{place}"
        questions[code] = Question(code=code, group="g", text=code, type=kind, ask_when=when, **KINDS[kind])
        if place < 2:
            derived[f"d{place}"] = Fact(f"d{place}", draw(expressions(questions, dict(derived))))
    some = expressions(questions, derived)
    items = {code: _item(code, draw(st.none() | some)) for code in ("i0", "i1")}
    rules = tuple(Rule(f"r{n}", code, f"r{n}", "", draw(some)) for n, code in enumerate(("i0", "i0", "i1")))
    notices = {"n0": Notice("n0", draw(st.sampled_from(["block", "info"])), "", draw(some), ("i1",))}
    empty = {"elements": {}, "themes": {}, "common_items": (), "departments": {}, "external_certificates": {}}
    return Catalogue(items=items, questions=questions, derived=derived, rules=rules, notices=notices, **empty)


def _item(code, when):
    conditions = (Condition("场所", "一条", "law", when),)
    common = {"plain": "", "batch": 1, "department": "", "level": "", "kind": "", "committed_days": 1}
    return Item(code=code, name=code, conditions=conditions, **common)


def businesses(catalogue):
    """Every way of answering all questions, asked or not."""
    questions = catalogue.questions.values()
    for answers in product(*(ANSWERS[question.type] for question in questions)):
        yield dict(zip(catalogue.questions, answers, strict=True))


def what_follows(catalogue, business):
    """All that the outcomes are for a business, said without the engine: (needed items with parts, notices)."""
    facts = asked_of(catalogue, business)
    needed = [
        (code, [holds(catalogue, one.when, facts) for one in item.conditions if one.when])
        for code, item in catalogue.items.items()
        if any(holds(catalogue, rule.when, facts) for rule in catalogue.rules if rule.item == code)
    ]
    return needed, [code for code, notice in catalogue.notices.items() if holds(catalogue, notice.when, facts)]


def asked_of(catalogue, business):
    """The answers to the questions that `ask_when` has it asked."""
    facts = {}
    for code, question in catalogue.questions.items():
        if question.ask_when is None or holds(catalogue, question.ask_when, facts):
            facts[code] = business[code]
    return facts


def holds(catalogue, expression, facts):
    [(operator, operand)] = expression.items()
    if operator == "not":
        return not holds(catalogue, operand, facts)
    if operator in ("all", "any"):
        return (all if operator == "all" else any)(holds(catalogue, part, facts) for part in operand)
    fact, wanted = operand
    if fact in catalogue.derived:
        return holds(catalogue, catalogue.derived[fact].expr, facts) is wanted
    return fact in facts and COMPARISONS[operator](facts[fact], wanted)
